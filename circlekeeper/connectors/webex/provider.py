"""Webex: a meeting in the name of a service app's account, set and read again; it locks by itself."""

import secrets
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
from circlekeeper.connectors.webex import client, notices, reading, wishes
from circlekeeper.foundation.errors import Refused

_SHORTEST = 32


class Webex:
    """One service app of an organisation."""

    name = "webex"
    takes_address = False

    @property
    def settings(self) -> Sequence[Setting]:
        """What an administrator of the organisation makes once."""
        return (
            Setting("client", _("Client ID"), _("From the page of the service app made for this.")),
            Setting("secret", _("Client secret"), _("From the same page."), secret=True),
            Setting(
                "refresh",
                _("Refresh token"),
                _("Shown once an administrator has authorised the app. It ends after ninety days without use."),
                secret=True,
            ),
        )

    @property
    def title(self) -> str:
        """What people choose from the list."""
        return _("Webex")

    @property
    def sees(self) -> str:
        """For the policy."""
        return _(
            "Webex and the organisation with the account see your internet address, your voice and picture, what you write "
            "there, and the name you type. Webex may ask for an e-mail address: any will do. We send none."
        )

    def capabilities(self) -> Sequence[Capability]:
        """At best. The licence of the organisation may ignore what is stored."""
        read = _("Set, and read again from Webex. A host can change it while the meeting runs.")
        off = _("Automatic recording is set to off and read again. A person says that nobody records by hand.")
        link = _("One link for everybody. A person says that it went to members only.")
        lock = _("It locks by itself some minutes after the start. This is set and read again.")
        share = _("Who may share is set by the site. A host looks and says so.")
        return [
            Capability("waiting-room-tested", Evidence.READ_BACK, read),
            Capability("recording-off", Evidence.READ_BACK, off),
            Capability("room-locked", Evidence.READ_BACK, lock),
            Capability("breakouts-watched", Evidence.READ_BACK, read),
            Capability("meeting-password", Evidence.READ_BACK, read),
            Capability("privacy-by-default", Evidence.READ_BACK, read),
            Capability("phone-numbers-hidden", Evidence.READ_BACK, read),
            Capability("links-sent-privately", Evidence.ATTESTED, link),
            Capability("screen-share-off", Evidence.ATTESTED, share),
        ]

    def check_address(self, address: str) -> None:
        """Nobody types one: Webex makes it."""

    def check_connection(self, connected: Connected, *, now: datetime) -> Sequence[Proof]:
        """Ask for a token, then for the meetings there are.

        :raises Refused: a setting cannot be right. :raises Unavailable: NOT_ALLOWED without the scopes.
        """
        for each in client.NEEDED:
            if len(connected.get(each, "").strip()) < _SHORTEST:
                raise Refused(_("This is too short. Copy the whole of it."), field=each)
        client.enter(connected, now=now).listed("/meetings?max=1")
        return []

    def apply(self, session: Session, *, now: datetime) -> Mapping[str, str]:
        """Make the meeting with every switch; one that is there is set again, and keeps its link.

        :raises Unavailable: HALF_DONE if Webex made a meeting and named it nothing.
        """
        webex = client.enter(session.connected, now=now)
        name = session.remote.get("meeting", "")
        if name and self._changed(webex, name, session):
            return dict(session.remote)
        notices.stop(webex, session)
        # Whoever types the meeting's number needs it; the link carries it.
        said = webex.ask("POST", "/meetings", {**wishes.meeting(session), "password": _passcode()})
        if not isinstance(said, dict) or not isinstance(said.get("id"), str) or not said["id"]:
            raise Unavailable(Trouble.HALF_DONE)
        return {"meeting": said["id"], "notices": ",".join(notices.begin(webex, session))}

    def verify(self, session: Session, *, now: datetime) -> Sequence[Proof]:
        """What a separate question brings back, and bad news; what Webex does not tell stays a person's word."""
        webex = client.enter(session.connected, now=now)
        said = self._read(webex, session)
        return [*reading.of_meeting(session, said, now=now), *reading.made(webex, session, now=now)]

    def mint_link(self, session: Session, guest: Guest, *, now: datetime) -> str:
        """The meeting's one link: nothing of a person is in it, and it is not theirs alone.

        :raises Unavailable: the meeting is not there (GONE), or what came back does not lead to Webex.
        """
        return _to_webex(self._read(client.enter(session.connected, now=now), session).get("webLink"))

    def admit(self, session: Session, guest: Guest, *, now: datetime) -> bool:
        """A host lets people in from the lobby there."""
        return False

    def remove(self, session: Session, guest: Guest, *, now: datetime) -> bool:
        """A host puts people out there."""
        return False

    def end(self, session: Session, *, now: datetime) -> None:
        """Webex ends no meeting from outside: a host does."""

    def purge(self, session: Session, *, now: datetime) -> Sequence[Proof]:
        """Delete what was recorded and the meeting, then ask for both again."""
        if not session.remote.get("meeting"):
            return []
        webex = client.enter(session.connected, now=now)
        notices.stop(webex, session)
        if reading.count(webex, session, "recordings"):
            for each in reading.files(webex, session, "recordings"):
                self._drop(webex, f"/recordings/{quote(str(each.get('id')), safe='')}")
        self._drop(webex, f"{client.meeting(session.remote['meeting'])}?sendEmail=false")
        return reading.left(webex, session, is_there=self._is_there(webex, session), now=now)

    def handle_event(self, connected: Connected, call: Call, *, find: Find, now: datetime) -> Heard:
        """Something was recorded, or the meeting began, changed or ended.

        :raises Forged: the signature is wrong.
        """
        return notices.hear(connected, call, find=find, now=now)

    def _changed(self, webex: client.Webex, name: str, session: Session) -> bool:
        try:
            webex.ask("PATCH", client.meeting(name), wishes.meeting(session))
            if not webex.read(client.meeting(name)).get("password"):
                webex.ask("PATCH", client.meeting(name), {"password": _passcode()})
        except Unavailable as failure:
            if failure.trouble is not Trouble.GONE:
                raise
            return False
        return True

    def _drop(self, webex: client.Webex, path: str) -> None:
        try:
            webex.ask("DELETE", path)
        except Unavailable as failure:
            if failure.trouble is not Trouble.GONE:
                raise

    def _read(self, webex: client.Webex, session: Session) -> dict[str, Any]:
        if not session.remote.get("meeting"):
            raise Unavailable(Trouble.GONE)
        said = webex.read(client.meeting(session.remote["meeting"]))
        if said.get("id") != session.remote["meeting"]:
            raise Unavailable(Trouble.NOT_UNDERSTOOD)
        return said

    def _is_there(self, webex: client.Webex, session: Session) -> bool:
        try:
            self._read(webex, session)
        except Unavailable as failure:
            if failure.trouble is not Trouble.GONE:
                raise
            return False
        return True


def _passcode() -> str:
    """One that every site's rules take: capital, small letter, figure."""
    return f"Aa1{secrets.token_hex(5)}"


def _to_webex(found: object) -> str:
    """The link, if it leads to Webex and nowhere else: people are sent where it says."""
    if not isinstance(found, str):
        raise Unavailable(Trouble.NOT_UNDERSTOOD)
    try:
        parts = urlsplit(found)
    except ValueError:
        raise Unavailable(Trouble.NOT_UNDERSTOOD) from None
    if parts.scheme != "https" or not parts.netloc.endswith(".webex.com"):
        raise Unavailable(Trouble.NOT_UNDERSTOOD)
    return found
