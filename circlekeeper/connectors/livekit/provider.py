"""LiveKit on a server of one's own: rooms only we make, and a signed pass for each person that the server enforces."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from math import ceil
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
    ScopeOfProof,
    Session,
    Setting,
    Trouble,
    Unavailable,
)
from circlekeeper.connectors.livekit import client, events, passes, reading
from circlekeeper.foundation import outgoing
from circlekeeper.foundation.errors import Refused

_SHORTEST_SECRET = 32  # a server starts with no shorter one
_GRACE = timedelta(minutes=30)
_NOBODY = Guest(ref="nobody", alias="")


class LiveKit:
    """A LiveKit server and a page for it, both run by somebody the group knows."""

    name = "livekit"
    takes_address = False

    @property
    def settings(self) -> Sequence[Setting]:
        """What whoever runs the server gives a leader."""
        page = _(
            "A page of your own that reads the pass after the # of its address, for example https://room.example.org/"
        )
        return (
            Setting("address", _("Address of the server"), _("For example https://livekit.example.org")),
            Setting("page", _("Address of the page people meet on"), page),
            Setting("key", _("API key"), _("The name of the key in the server’s settings.")),
            Setting("secret", _("API secret"), _("At least 32 letters and digits."), secret=True),
        )

    @property
    def title(self) -> str:
        """What people choose from the list."""
        return _("LiveKit on a server of your own")

    @property
    def sees(self) -> str:
        """For the policy."""
        return _(
            "The LiveKit server sees your internet address, your voice and picture, what you write there, "
            "and the name you choose for the meeting. It gets no other name and no e-mail address."
        )

    def capabilities(self) -> Sequence[Capability]:
        """At best; what the page does in a browser stays a person's word."""
        passes_ = _(
            "Each pass is one person's, for one room and three minutes. The server refuses everybody else."
        )
        door = _("The server has no waiting room. Our own door gives a pass only to people a host has let in.")
        record = _("The server says that nothing records and that it has no recording. No pass allows one.")
        size = _("The server says how many may come in. After the start no more passes are made.")
        share = _("A member's pass holds camera and microphone. The server refuses a screen.")
        rooms = _("A pass opens one room. There are no small rooms.")
        phone = _("The server says that nobody is in the room by telephone.")
        page = _(
            "A person says that the page loads nothing from elsewhere. Where private chat has to be off, "
            "the server lets only hosts write: it cannot tell a message for all from one for one person."
        )
        return [
            Capability("links-sent-privately", Evidence.TOKEN_ENFORCED, passes_),
            Capability("meeting-password", Evidence.TOKEN_ENFORCED, passes_),
            Capability("waiting-room-tested", Evidence.SELF_ENFORCED, door),
            Capability("recording-off", Evidence.READ_BACK, record),
            Capability("room-locked", Evidence.READ_BACK, size),
            Capability("screen-share-off", Evidence.TOKEN_ENFORCED, share),
            Capability("breakouts-watched", Evidence.TOKEN_ENFORCED, rooms),
            Capability("phone-numbers-hidden", Evidence.OBSERVED, phone),
            Capability("privacy-by-default", Evidence.READ_BACK, page),
        ]

    def check_address(self, address: str) -> None:
        """Nobody types one: the room's name is ours."""

    def check_connection(self, connected: Connected, *, now: datetime) -> Sequence[Proof]:
        """Ask with the secret and with a wrong one; look whether the page is there and whether a pass alone makes rooms.

        :raises Refused: a setting cannot be right. :raises Unavailable: the server does not accept the key.
        """
        _check_settings(connected)
        unknown = secrets.token_hex(8)
        _rooms(connected, unknown, now)
        wrong = client.REFUSED
        try:
            _rooms(connected, unknown, now, secret=secrets.token_hex(20))
            wrong = client.ACCEPTED
        except Unavailable as failure:
            if failure.trouble is not Trouble.NOT_ALLOWED:
                raise
        if not outgoing.ask("GET", connected["page"].strip()).ok:
            raise Refused(_("There is no page at this address."), field="page")
        scope, lasts, token = ScopeOfProof.ACCOUNT, timedelta(days=1), Evidence.TOKEN_ENFORCED
        return [Proof("meeting-password", token, client.REFUSED, wrong, scope, now, lasts, "API secret")]

    def apply(self, session: Session, *, now: datetime) -> Mapping[str, str]:
        """Make the room. One that is there keeps its old size whatever it is sent, so an empty one is made anew.

        :raises Unavailable: HALF_DONE if the answer is not what was asked for.
        """
        made = self._create(session, now)
        if not _fits(session, made) and not made.get("num_participants"):
            self.end(session, now=now)
            made = self._create(session, now)
        if not _fits(session, made):
            raise Unavailable(Trouble.HALF_DONE)
        return {"room": session.room}

    def verify(self, session: Session, *, now: datetime) -> Sequence[Proof]:
        """The room and its recordings as the server lists them, what our passes carry, who is inside, and passes tried."""
        connected, room = session.connected, session.room
        found = next((each for each in _rooms(connected, room, now) if each.get("name") == room), None)
        if found is None:
            raise Unavailable(Trouble.GONE)
        answers = {
            "none": client.tried(connected),
            "own": client.tried(connected, passes.mint(session, _NOBODY, now=now)),
            "other": client.tried(connected, passes.mint(session, _NOBODY, now=now, room=secrets.token_hex(8))),
        }
        return [
            *reading.of_room(session, found, client.egress(connected, room, now=now), now=now),
            *reading.of_passes(session, now=now),
            *reading.of_door(answers, now=now),
            *reading.of_people(session, _people(session, now), now=now),
            *reading.of_word(now=now),
        ]

    def mint_link(self, session: Session, guest: Guest, *, now: datetime) -> str:
        """The page, and after the # the server's address and the pass: browsers send nothing of that to anybody."""
        server = client.root(session.connected).replace("http", "ws", 1)
        made = passes.mint(session, guest, now=now)
        return f"{session.connected['page'].strip()}#liveKitUrl={quote(server, safe='')}&token={made}"

    def admit(self, session: Session, guest: Guest, *, now: datetime) -> bool:
        """Give somebody who is inside exactly what a pass gives, no more; False if they are not there.

        Nobody waits at this server: whoever has a pass was let in by our own door.
        """
        wanted = passes.permission(session, host=guest.is_host)
        asked = {"room": session.room, "identity": guest.ref, "permission": wanted}
        try:
            said = client.call(session.connected, "RoomService/UpdateParticipant", asked, _admin(session), now=now)
        except Unavailable as failure:
            if failure.trouble is not Trouble.GONE:
                raise
            return False
        seen = reading.part(said, "permission")
        return all(seen.get(name) == value for name, value in wanted.items())

    def remove(self, session: Session, guest: Guest, *, now: datetime) -> bool:
        """Put somebody out, then look whether they are gone. A pass of theirs may still be good for some minutes."""
        asked = {"room": session.room, "identity": guest.ref}
        try:
            client.call(session.connected, "RoomService/RemoveParticipant", asked, _admin(session), now=now)
        except Unavailable as failure:
            if failure.trouble is not Trouble.GONE:
                raise
        return all(each.get("identity") != guest.ref for each in _people(session, now))

    def end(self, session: Session, *, now: datetime) -> None:
        """Everybody is put out at once."""
        try:
            client.call(
                session.connected, "RoomService/DeleteRoom", {"room": session.room}, {"roomCreate": True}, now=now
            )
        except Unavailable as failure:
            if failure.trouble is not Trouble.GONE:
                raise

    def purge(self, session: Session, *, now: datetime) -> Sequence[Proof]:
        """Delete the room and list again. A recording can only be told of, not deleted from here."""
        self.end(session, now=now)
        still = [each for each in _rooms(session.connected, session.room, now) if each.get("name") == session.room]
        return reading.left(client.egress(session.connected, session.room, now=now), is_open=bool(still), now=now)

    def handle_event(self, connected: Connected, call: Call, *, find: Find, now: datetime) -> Heard:
        """A room began or ended, somebody came or went, something records.

        :raises Forged: it bears no signature of the server over this body, or an old one.
        """
        return events.hear(connected, call, find=find, now=now)

    def _create(self, session: Session, now: datetime) -> Mapping[str, Any]:
        """Nothing of a person goes with it. It waits empty until after its end: the server forgets it otherwise."""
        lasts = max(1, ceil((session.ends_at + _GRACE - now).total_seconds()))
        asked = {
            "name": session.room,
            "empty_timeout": lasts,
            "departure_timeout": int(_GRACE.total_seconds()),
            "max_participants": session.wanted.people,
            "metadata": "",
        }
        return client.call(session.connected, "RoomService/CreateRoom", asked, {"roomCreate": True}, now=now)


def _rooms(connected: Connected, room: str, now: datetime, *, secret: str = "") -> list[Mapping[str, Any]]:
    asked, grant = {"names": [room]}, {"roomList": True}
    return client.rows(
        client.call(connected, "RoomService/ListRooms", asked, grant, now=now, secret=secret), "rooms"
    )


def _people(session: Session, now: datetime) -> list[Mapping[str, Any]]:
    asked = {"room": session.room}
    said = client.call(session.connected, "RoomService/ListParticipants", asked, _admin(session), now=now)
    return client.rows(said, "participants")


def _admin(session: Session) -> Mapping[str, object]:
    return {"roomAdmin": True, "room": session.room}


def _fits(session: Session, made: Mapping[str, Any]) -> bool:
    return made.get("name") == session.room and made.get("max_participants") == session.wanted.people


def _check_settings(connected: Connected) -> None:
    if not _can_be_asked(connected.get("address", ""), path=False):
        raise Refused(_("This must begin with https:// and hold no more than the server's name."), field="address")
    if not _can_be_asked(connected.get("page", ""), path=True):
        raise Refused(_("This must begin with https:// and hold no ? and no #."), field="page")
    if not connected.get("key", "").strip():
        raise Refused(_("Ask whoever runs the server for the key."), field="key")
    if len(connected.get("secret", "")) < _SHORTEST_SECRET:
        raise Refused(_("This is too short: it needs at least 32 letters and digits."), field="secret")


def _can_be_asked(address: str, *, path: bool) -> bool:
    try:
        parts = urlsplit(address.strip())
        plain = bool(parts.hostname) and not any(each in address for each in "?# ")
        outgoing.allowed(address.strip())
    except ValueError:
        return False
    except Unavailable as failure:
        if failure.trouble is Trouble.FORBIDDEN_ADDRESS:
            return False
    return plain and (path or parts.path in ("", "/"))
