"""Zoom: a meeting in the name of one user of the account, set and read again in three layers."""

import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

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
from circlekeeper.connectors.zoom import client, events, reading, wishes
from circlekeeper.foundation.errors import Refused

_PART = re.compile(r"[A-Za-z0-9_-]{8,64}")
_ENDED = {"action": "end"}


class Zoom:
    """One user of a Zoom account, through a server-to-server app that an administrator of the account made."""

    name = "zoom"
    takes_address = False

    @property
    def settings(self) -> Sequence[Setting]:
        """What an administrator of the account makes once."""
        return (
            Setting("account", _("Account ID"), _("From the page of the server-to-server app made for this.")),
            Setting("client", _("Client ID"), _("From the same page.")),
            Setting("secret", _("Client secret"), _("From the same page."), secret=True),
            Setting(
                "host",
                _("User ID of the host"),
                _("Of a user made for meetings, not their e-mail address. Its settings are changed from here."),
            ),
            Setting(
                "webhook",
                _("Secret token"),
                _("From the page of event subscriptions. Without it we hear nothing while a meeting runs."),
                secret=True,
                needed=False,
            ),
        )

    @property
    def title(self) -> str:
        """What people choose from the list."""
        return _("Zoom")

    @property
    def sees(self) -> str:
        """For the policy."""
        return _(
            "Zoom and whoever runs the account see your internet address, your voice and picture, what you write there, and "
            "the name you choose for the meeting. Somebody who is signed in to Zoom can be seen with their own name. We "
            "send no e-mail address."
        )

    def capabilities(self) -> Sequence[Capability]:
        """At best: with an administrator who locked it, and scopes that let us see the lock."""
        best = _("Set, and read again. Where an administrator locked it, a host cannot change it either.")
        off = _("Recording in the cloud and on devices, summaries and saved chat are off and read again.")
        read = _("Set, and read again. A host can change it while the meeting runs.")
        link = _("Each person gets a link of their own with the name they chose, good for five minutes.")
        lock = _("Zoom gives no way to lock from outside. A host does it and says so; everybody waits first.")
        return [
            Capability("waiting-room-tested", Evidence.LOCKED, best),
            Capability("recording-off", Evidence.LOCKED, off),
            Capability("screen-share-off", Evidence.READ_BACK, read),
            Capability("privacy-by-default", Evidence.LOCKED, best),
            Capability("meeting-password", Evidence.READ_BACK, read),
            Capability("breakouts-watched", Evidence.READ_BACK, read),
            Capability("phone-numbers-hidden", Evidence.READ_BACK, read),
            Capability("links-sent-privately", Evidence.TOKEN_ENFORCED, link),
            Capability("room-locked", Evidence.ATTESTED, lock),
        ]

    def check_address(self, address: str) -> None:
        """Nobody types one: Zoom makes it."""

    def check_connection(self, connected: Connected, *, now: datetime) -> Sequence[Proof]:
        """Ask for a token, then for the user and their settings.

        :raises Refused: a setting cannot be right. :raises Unavailable: NOT_ALLOWED without the scopes.
        """
        for each in ("account", "client", "host"):
            if not _PART.fullmatch(connected.get(each, "").strip()):
                raise Refused(_("This must be letters and digits, as Zoom shows them."), field=each)
        zoom = client.enter(connected, now=now)
        try:
            zoom.read(f"{zoom.user}/settings")
        except Unavailable as failure:
            if failure.trouble is not Trouble.GONE:
                raise
            raise Refused(_("The account has no such user."), field="host") from None
        return []

    def apply(self, session: Session, *, now: datetime) -> Mapping[str, str]:
        """Set the user, then make the meeting with every switch; one that is there is set again, and keeps its number.

        :raises Unavailable: HALF_DONE if Zoom made a meeting and named no number.
        """
        zoom = client.enter(session.connected, now=now)
        zoom.ask("PATCH", f"{zoom.user}/settings", wishes.user(session.wanted))
        number = session.remote.get("meeting", "")
        if number and self._changed(zoom, number, session):
            return {"meeting": number}
        # The passcode guards whoever types the meeting's number; the personal links carry it.
        said = zoom.ask(
            "POST", f"{zoom.user}/meetings", {**wishes.meeting(session), "password": secrets.token_hex(5)}
        )
        if not isinstance(said, dict) or not str(said.get("id", "")).isdecimal():
            raise Unavailable(Trouble.HALF_DONE)
        return {"meeting": str(said["id"])}

    def verify(self, session: Session, *, now: datetime) -> Sequence[Proof]:
        """What separate questions bring back; what Zoom does not tell stays a person's word."""
        zoom = client.enter(session.connected, now=now)
        return reading.all_of(zoom, session, self._read(zoom, session), now=now)

    def mint_link(self, session: Session, guest: Guest, *, now: datetime) -> str:
        """A link for one person with the name they chose; for a host, the one that starts the meeting.

        :raises Unavailable: the meeting is not there (GONE), or what came back does not lead to Zoom.
        """
        zoom = client.enter(session.connected, now=now)
        if guest.is_host:
            return _to_zoom(self._read(zoom, session).get("start_url"))
        told = {"attendees": [{"name": guest.alias or _("Guest")}], "ttl": wishes.PASS_LASTS}
        said = zoom.ask("POST", f"{client.meeting(_number(session))}/invite_links", told)
        made = said.get("attendees") if isinstance(said, dict) else None
        if not isinstance(made, list) or len(made) != 1 or not isinstance(made[0], dict):
            raise Unavailable(Trouble.NOT_UNDERSTOOD)
        return _to_zoom(made[0].get("join_url"))

    def admit(self, session: Session, guest: Guest, *, now: datetime) -> bool:
        """A host lets people in from the waiting room there."""
        return False

    def remove(self, session: Session, guest: Guest, *, now: datetime) -> bool:
        """A host puts people out there."""
        return False

    def end(self, session: Session, *, now: datetime) -> None:
        """End the meeting for everybody; one that does not run is left as it is."""
        if not session.remote.get("meeting"):
            return
        zoom = client.enter(session.connected, now=now)
        try:
            zoom.ask("PUT", f"{client.meeting(session.remote['meeting'])}/status", _ENDED)
        except Unavailable as failure:
            if failure.trouble is Trouble.GONE:
                return
            # Zoom says no to ending what does not run; only its own word that nothing runs is believed.
            if (
                failure.trouble is not Trouble.NOT_UNDERSTOOD
                or self._read(zoom, session).get("status") != "waiting"
            ):
                raise

    def purge(self, session: Session, *, now: datetime) -> Sequence[Proof]:
        """Delete what was recorded and the meeting for good, then ask for both again."""
        if not session.remote.get("meeting"):
            return []
        zoom = client.enter(session.connected, now=now)
        path = client.meeting(session.remote["meeting"])
        for each in (f"{path}/recordings?action=delete", f"{path}?cancel_meeting_reminder=false"):
            try:
                zoom.ask("DELETE", each)
            except Unavailable as failure:
                if failure.trouble not in (Trouble.GONE, Trouble.NOT_UNDERSTOOD):
                    raise
        return reading.left(zoom, session, is_there=self._is_there(zoom, session), now=now)

    def handle_event(self, connected: Connected, call: Call, *, find: Find, now: datetime) -> Heard:
        """Something happened, or Zoom asks whether this address is ours.

        :raises Forged: signature or time is wrong.
        """
        return events.hear(connected, call, find=find, now=now)

    def _changed(self, zoom: client.Zoom, number: str, session: Session) -> bool:
        try:
            zoom.ask("PATCH", client.meeting(number), wishes.meeting(session))
            if not zoom.read(client.meeting(number)).get("password"):
                zoom.ask("PATCH", client.meeting(number), {"password": secrets.token_hex(5)})
        except Unavailable as failure:
            if failure.trouble is not Trouble.GONE:
                raise
            return False
        return True

    def _read(self, zoom: client.Zoom, session: Session) -> dict[str, Any]:
        said = zoom.read(client.meeting(_number(session)))
        if str(said.get("id")) != session.remote["meeting"]:
            raise Unavailable(Trouble.NOT_UNDERSTOOD)
        return said

    def _is_there(self, zoom: client.Zoom, session: Session) -> bool:
        try:
            self._read(zoom, session)
        except Unavailable as failure:
            if failure.trouble is not Trouble.GONE:
                raise
            return False
        return True


def _number(session: Session) -> str:
    if not session.remote.get("meeting"):
        raise Unavailable(Trouble.GONE)
    return session.remote["meeting"]


def _to_zoom(found: object) -> str:
    """The link, if it leads to Zoom and nowhere else: people are sent where it says."""
    if not isinstance(found, str):
        raise Unavailable(Trouble.NOT_UNDERSTOOD)
    try:
        parts = urlsplit(found)
        host = parts.netloc
    except ValueError:
        raise Unavailable(Trouble.NOT_UNDERSTOOD) from None
    if parts.scheme != "https" or not (host == "zoom.us" or host.endswith(".zoom.us")):
        raise Unavailable(Trouble.NOT_UNDERSTOOD)
    return found
