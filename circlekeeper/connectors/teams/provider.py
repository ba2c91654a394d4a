"""Microsoft Teams through Graph: a meeting in the name of one account of the organisation, set and read again."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlsplit

from django.utils.translation import gettext as _

from circlekeeper.areas.meetings.provider import (
    Call,
    Capability,
    Connected,
    Evidence,
    Find,
    Guest,
    Heard,
    Proof,
    Session,
    Setting,
    Trouble,
    Unavailable,
)
from circlekeeper.connectors.teams import client, notices, reading, wishes
from circlekeeper.foundation.errors import Refused

_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_SHORTEST_SECRET = 32
_HOSTS = ("teams.microsoft.com", "teams.cloud.microsoft")
# A meeting nobody has: whether we may ask for it shows that the access policy is there.
_NOBODYS = "https://teams.microsoft.com/l/meetup-join/none"


class Teams:
    """One account of an organisation that Microsoft Graph lets an app of that organisation act for."""

    name = "teams"
    takes_address = False

    @property
    def settings(self) -> Sequence[Setting]:
        """What an administrator of the organisation makes once."""
        return (
            Setting(
                "tenant",
                _("Tenant ID"),
                _("From the overview of Microsoft Entra: letters and digits with four dashes."),
            ),
            Setting("app", _("Application (client) ID"), _("From the app registration made for this.")),
            Setting(
                "secret",
                _("Client secret"),
                _("The value of the secret, not its ID. An administrator makes it and knows when it ends."),
                secret=True,
            ),
            Setting(
                "organizer",
                _("Object ID of the account"),
                _(
                    "An account made for meetings. Its name and the meetings in it are seen by people who are invited."
                ),
            ),
        )

    @property
    def title(self) -> str:
        """What people choose from the list."""
        return _("Microsoft Teams")

    @property
    def sees(self) -> str:
        """For the policy."""
        return _(
            "Microsoft and the organisation with the account see your internet address, your voice and picture, what you "
            "write there, and the name you type. Somebody who is signed in to Teams is seen with their own name and e-mail "
            "address. We send no name and no e-mail address."
        )

    def capabilities(self) -> Sequence[Capability]:
        """At best. The licence of the organisation may ignore what is stored."""
        read = _("Set, and read again from Microsoft. A host can change it while the meeting runs.")
        code = _("A passcode for those who type the meeting's number. The link opens without it.")
        off = _("Recording and transcripts are set to off and read again. A person says that Copilot is off.")
        link = _("One link for everybody. A person says that it went to members only.")
        lock = _("Microsoft gives no way to lock from outside. A host does it and says so.")
        phone = _("If Microsoft names a telephone number we say so. Otherwise a person says that there is none.")
        return [
            Capability("waiting-room-tested", Evidence.READ_BACK, read),
            Capability("recording-off", Evidence.READ_BACK, off),
            Capability("screen-share-off", Evidence.READ_BACK, read),
            Capability("breakouts-watched", Evidence.READ_BACK, read),
            Capability("privacy-by-default", Evidence.READ_BACK, read),
            Capability("meeting-password", Evidence.READ_BACK, code),
            Capability("links-sent-privately", Evidence.ATTESTED, link),
            Capability("room-locked", Evidence.ATTESTED, lock),
            Capability("phone-numbers-hidden", Evidence.OBSERVED, phone),
        ]

    def check_address(self, address: str) -> None:
        """Nobody types one: Graph makes it."""

    def check_connection(self, connected: Connected, *, now: datetime) -> Sequence[Proof]:
        """Ask for a token, then for a meeting that nobody has: without the access policy that is refused.

        Graph tells nothing of the whole account that an app may read, so nothing is proved.

        :raises Refused: a setting cannot be right. :raises Unavailable: NOT_ALLOWED without permission or access policy.
        """
        for each in ("tenant", "app", "organizer"):
            if not _ID.fullmatch(connected.get(each, "").strip()):
                raise Refused(_("This must be letters and digits in five parts with dashes."), field=each)
        if len(connected.get("secret", "")) < _SHORTEST_SECRET:
            raise Refused(_("This is too short to be the value of a client secret."), field="secret")
        graph = client.enter(connected, now=now)
        asked = quote(f"JoinWebUrl eq '{_NOBODYS}'", safe="")
        try:
            graph.listed(f"{graph.meetings()}?$filter={asked}")
        except Unavailable as failure:
            if failure.trouble is not Trouble.GONE:
                raise
        return []

    def apply(self, session: Session, *, now: datetime) -> Mapping[str, str]:
        """Make the meeting with every switch at once; one that is there is set again, and keeps its link.

        :raises Unavailable: HALF_DONE if Graph made a meeting and named no link of its own.
        """
        graph = client.enter(session.connected, now=now)
        said = self._changed(graph, session)
        if said is None:
            said = graph.ask("POST", graph.meetings(), wishes.creation(session))
        if not isinstance(said, dict) or not said.get("id") or not _is_a_link(said.get("joinWebUrl")):
            raise Unavailable(Trouble.HALF_DONE)
        made = {"meeting": str(said["id"]), "address": str(said["joinWebUrl"])}
        if made["meeting"] == session.remote.get("meeting") and notices.renew(graph, session, now=now):
            return {**made, "notices": session.remote["notices"]}
        notices.stop(graph, session)
        return {**made, "notices": ",".join(notices.begin(graph, session, made["meeting"], now=now))}

    def verify(self, session: Session, *, now: datetime) -> Sequence[Proof]:
        """What a separate question brings back, and bad news; what Graph does not tell stays a person's word."""
        graph = client.enter(session.connected, now=now)
        said = self._read(graph, session)
        stands = notices.renew(graph, session, now=now)
        asked = bool(notices.agreed(session))
        return [
            *reading.of_meeting(session, said, now=now),
            reading.told(stands=stands, asked=asked, now=now),
            *reading.made(graph, session, now=now),
        ]

    def mint_link(self, session: Session, guest: Guest, *, now: datetime) -> str:
        """The meeting's one link: nothing of a person is in it, and it is not theirs alone.

        :raises Unavailable: the meeting was never set up (GONE).
        """
        if not _is_a_link(session.remote.get("address")):
            raise Unavailable(Trouble.GONE)
        return session.remote["address"]

    def admit(self, session: Session, guest: Guest, *, now: datetime) -> bool:
        """A host lets people in from the lobby there."""
        return False

    def remove(self, session: Session, guest: Guest, *, now: datetime) -> bool:
        """A host puts people out there."""
        return False

    def end(self, session: Session, *, now: datetime) -> None:
        """Graph ends no meeting for an app that is not in it: a host does."""

    def purge(self, session: Session, *, now: datetime) -> Sequence[Proof]:
        """Count what was recorded, delete the meeting, and ask for it again. Files are a person's to delete."""
        if not session.remote.get("meeting"):
            return []
        graph = client.enter(session.connected, now=now)
        found = reading.counted(graph, session)
        notices.stop(graph, session)
        try:
            graph.ask("DELETE", graph.meetings(session.remote["meeting"]))
        except Unavailable as failure:
            if failure.trouble is not Trouble.GONE:
                raise
        return reading.left(found, is_there=self._is_there(graph, session), now=now)

    def handle_event(self, connected: Connected, call: Call, *, find: Find, now: datetime) -> Heard:
        """A recording or a transcript is ready, or a notice needs us.

        :raises Forged: the call does not say again what only we can make.
        """
        return notices.hear(connected, call, find=find, now=now)

    def _changed(self, graph: client.Graph, session: Session) -> Any:
        if not session.remote.get("meeting"):
            return None
        try:
            graph.ask("PATCH", graph.meetings(session.remote["meeting"]), wishes.change(session))
            return self._read(graph, session)
        except Unavailable as failure:
            if failure.trouble is not Trouble.GONE:
                raise
            return None

    def _read(self, graph: client.Graph, session: Session) -> dict[str, Any]:
        if not session.remote.get("meeting"):
            raise Unavailable(Trouble.GONE)
        said = graph.ask("GET", graph.meetings(session.remote["meeting"]))
        if not isinstance(said, dict) or said.get("id") != session.remote["meeting"]:
            raise Unavailable(Trouble.NOT_UNDERSTOOD)
        return said

    def _is_there(self, graph: client.Graph, session: Session) -> bool:
        try:
            self._read(graph, session)
        except Unavailable as failure:
            if failure.trouble is not Trouble.GONE:
                raise
            return False
        return True


def _is_a_link(found: object) -> bool:
    """Whether this leads to Teams and nowhere else: members are sent where it says."""
    if not isinstance(found, str):
        return False
    try:
        parts = urlsplit(found)
        return parts.scheme == "https" and parts.netloc in _HOSTS
    except ValueError:
        return False
