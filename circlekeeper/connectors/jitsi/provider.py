"""Jitsi on a server of one's own: we are asked before a room opens, and sign a pass for each person."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import jwt
from django.utils.translation import gettext as _

from circlekeeper.areas.meetings.provider import (
    UNKNOWN,
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
from circlekeeper.connectors.jitsi import reservations, served, tokens, wishes
from circlekeeper.foundation import outgoing
from circlekeeper.foundation.errors import Refused

_SHORTEST_SECRET = 32
_FRESH = timedelta(hours=2)
_WORD_LASTS = timedelta(days=90)
_CLOCK = timedelta(minutes=1)
_NOBODY = Guest(ref="nobody", alias="")


class Jitsi:
    """A Jitsi server whose owner has set it to ask us."""

    name = "jitsi"
    takes_address = False

    @property
    def settings(self) -> Sequence[Setting]:
        """What whoever runs the Jitsi server gives a leader."""
        long = _("At least 32 letters and digits, the same on both sides.")
        return (
            Setting("address", _("Address of the server"), _("For example https://meet.example.org")),
            Setting("app_id", _("Name of the app"), _("What the server calls JWT_APP_ID.")),
            Setting("app_secret", _("Secret for personal passes"), long, secret=True),
            Setting("reservation_token", _("Word it shows when it asks us"), long, secret=True),
            Setting("counter", _("Address of its counter"), _("It only says how many are inside."), needed=False),
        )

    @property
    def title(self) -> str:
        """What people choose from the list."""
        return _("Jitsi on a server of your own")

    @property
    def sees(self) -> str:
        """For the policy."""
        return _(
            "The Jitsi server sees your internet address, your voice and picture, "
            "and the name you choose for the meeting. It gets no other name and no e-mail address."
        )

    def capabilities(self) -> Sequence[Capability]:
        """At best; the modules of the server stay a person's word."""
        passes = _("Each link is one person's, for one room and three minutes.")
        ours = _("The server asks us before it opens the room, and hears only yes in the time of the meeting.")
        page = _("Read from the page the server sends; somebody could change it in their own browser.")
        asked = _("The button is hidden from members; the server does not promise more.")
        records = _(
            "No pass allows recording, streaming or transcripts. A person says that no recorder is installed."
        )
        return [
            Capability("links-sent-privately", Evidence.TOKEN_ENFORCED, passes),
            Capability("meeting-password", Evidence.TOKEN_ENFORCED, passes),
            Capability("recording-off", Evidence.TOKEN_ENFORCED, records),
            Capability("waiting-room-tested", Evidence.SELF_ENFORCED, ours),
            Capability("room-locked", Evidence.SELF_ENFORCED, ours),
            Capability("breakouts-watched", Evidence.SERVED_CONFIG, page),
            Capability("privacy-by-default", Evidence.SERVED_CONFIG, page),
            Capability("screen-share-off", Evidence.WRITTEN_UNVERIFIED, asked),
        ]

    def check_address(self, address: str) -> None:
        """Nobody types one: the room's name is ours."""

    def check_connection(self, connected: Connected, *, now: datetime) -> Sequence[Proof]:
        """Look at the address and the secrets, then at the settings the server sends.

        :raises Refused: a setting cannot be right.
        """
        for each in ("address", "counter"):
            if (connected.get(each) or each == "address") and not _is_a_root(connected.get(each, "")):
                raise Refused(
                    _("This must begin with https:// and hold no more than the server's name."), field=each
                )
        if not connected.get("app_id", "").strip():
            raise Refused(_("Ask whoever runs the server for the name of the app."), field="app_id")
        for each in ("app_secret", "reservation_token"):
            if len(connected.get(each, "")) < _SHORTEST_SECRET:
                raise Refused(_("This is too short: it needs at least 32 letters and digits."), field=each)
        if connected["app_secret"] == connected["reservation_token"]:
            raise Refused(_("Use another one here than for the passes."), field="reservation_token")
        return self._page(connected, ScopeOfProof.ACCOUNT, now)

    def apply(self, session: Session, *, now: datetime) -> Mapping[str, str]:
        """The server keeps nothing before a room opens: what it then gets is `reservations.reservation`."""
        self._config(session.connected, now)
        return {"room": tokens.room_of(session)}

    def verify(self, session: Session, *, now: datetime) -> Sequence[Proof]:
        """What our passes and answers carry, what the server's page says, how many are inside, and what nobody can see."""
        return [
            *_passes(session, now),
            *_answers(session, now),
            *self._page(session.connected, ScopeOfProof.MEETING, now),
            *self._inside(session, now),
            *(
                Proof(control, Evidence.ATTESTED, right, UNKNOWN, ScopeOfProof.ACCOUNT, now, _WORD_LASTS, setting)
                for control, setting, right in wishes.MODULES
            ),
        ]

    def mint_link(self, session: Session, guest: Guest, *, now: datetime) -> str:
        """The pass stands after the #, which browsers do not send: no server writes it into a log.

        A Jitsi too old to look there finds no pass and lets nobody in.
        """
        _complete(session.connected)
        found = quote(f'"{tokens.mint(session, guest, now=now)}"')
        return f"{session.connected['address'].rstrip('/')}/{tokens.room_of(session)}#jwt={found}"

    def admit(self, session: Session, guest: Guest, *, now: datetime) -> bool:
        """A host lets people in from the lobby there."""
        return False

    def remove(self, session: Session, guest: Guest, *, now: datetime) -> bool:
        """A host puts people out there; their pass is too old to come back with."""
        return False

    def end(self, session: Session, *, now: datetime) -> None:
        """A plain Jitsi server cannot be told to end a room: a host does, and at the end of its time the server itself."""

    def purge(self, session: Session, *, now: datetime) -> Sequence[Proof]:
        """The server forgets a room when it closes. Its logs are a person's word."""
        size = self._size(session, now)
        seen = UNKNOWN if size is None else "gone" if size == 0 else "open"
        scope, kept = ScopeOfProof.MEETING, timedelta(days=30)
        return [
            Proof("nothing-kept", Evidence.OBSERVED, "gone", seen, scope, now, kept, "room-size"),
            Proof("nothing-kept", Evidence.ATTESTED, "gone", UNKNOWN, scope, now, kept, "logs"),
        ]

    def handle_event(self, connected: Connected, call: Call, *, find: Find, now: datetime) -> Heard:
        """The server asks whether a room may open, and says when it closed.

        :raises Forged: it does not bear the word agreed on.
        """
        return reservations.answer(connected, call, find=find, now=now)

    def _page(self, connected: Connected, scope: ScopeOfProof, now: datetime) -> list[Proof]:
        tree = self._config(connected, now)
        found = [(wish, *wish.look(tree)) for wish in wishes.SERVED]
        return [
            Proof(wish.control, Evidence.SERVED_CONFIG, expected, seen, scope, now, _FRESH, wish.path)
            for wish, expected, seen in found
        ]

    def _config(self, connected: Connected, now: datetime) -> Mapping[str, object] | None:
        _complete(connected)
        said = outgoing.ask("GET", f"{connected['address'].rstrip('/')}/config.js")
        _same_clock(said, now)
        if not said.ok:
            raise Unavailable(Trouble.NOT_UNDERSTOOD)
        return served.read(said.body.decode("utf-8", "replace"))

    def _inside(self, session: Session, now: datetime) -> list[Proof]:
        size = self._size(session, now)
        if size is None:
            return []
        most = f"at most {session.wanted.people}"
        seen = most if size <= session.wanted.people else str(size)
        live, lasts = ScopeOfProof.LIVE, timedelta(minutes=10)
        return [Proof("room-locked", Evidence.OBSERVED, most, seen, live, now, lasts, "room-size")]

    def _size(self, session: Session, now: datetime) -> int | None:
        """How many are inside; None where there is no counter. Only ``/room-size``: ``/room`` would tell us who."""
        counter = session.connected.get("counter", "")
        if not counter:
            return None
        host = urlsplit(session.connected["address"]).hostname or ""
        asked = {"room": tokens.room_of(session), "domain": host, "token": tokens.mint(session, _NOBODY, now=now)}
        said = outgoing.ask("GET", f"{counter.rstrip('/')}/room-size?{urlencode(asked)}")
        if said.status == 404:
            return 0
        found = said.json() if said.ok else None
        if not isinstance(found, dict) or not isinstance(found.get("participants"), int):
            raise Unavailable(Trouble.NOT_UNDERSTOOD)
        return int(found["participants"])


def _passes(session: Session, now: datetime) -> list[Proof]:
    """What a member's pass and a host's pass carry, read from passes made now as the server reads them."""
    read = [_read(session, host=host, now=now) for host in (False, True)]
    records = ("recording", "livestreaming", "transcription")
    looked = [
        ("links-sent-privately", "room", tokens.room_of(session), {str(each["room"]) for each in read}),
        (
            "meeting-password",
            "exp",
            "3 minutes",
            {f"{(each['exp'] - int(now.timestamp())) // 60} minutes" for each in read},
        ),
        *(
            (
                "recording-off",
                f"context.features.{name}",
                "false",
                {each["context"]["features"][name] for each in read},
            )
            for name in records
        ),
    ]
    scope, enforced = ScopeOfProof.MEETING, Evidence.TOKEN_ENFORCED
    proofs = [
        Proof(control, enforced, expected, ", ".join(sorted(seen)), scope, now, _FRESH, setting)
        for control, setting, expected, seen in looked
    ]
    # Hidden from members by the page, not refused by the server.
    advice = Proof(
        "screen-share-off",
        Evidence.WRITTEN_UNVERIFIED,
        "false",
        UNKNOWN,
        scope,
        now,
        _FRESH,
        "context.features.screen-sharing",
    )
    return [*proofs, advice]


def _answers(session: Session, now: datetime) -> list[Proof]:
    """What the server will hear from us when it asks."""
    told = reservations.reservation(session, "0")
    looked = [
        ("waiting-room-tested", "lobby", "True", str(told["lobby"])),
        ("waiting-room-tested", "password", "none", str(told.get("password", "none"))),
        ("room-locked", "max_occupants", str(session.wanted.people), str(told["max_occupants"])),
    ]
    scope, ours = ScopeOfProof.MEETING, Evidence.SELF_ENFORCED
    return [Proof(each, ours, expected, seen, scope, now, _FRESH, name) for each, name, expected, seen in looked]


def _read(session: Session, *, host: bool, now: datetime) -> dict[str, Any]:
    made = tokens.mint(session, Guest(ref="nobody", alias="", is_host=host), now=now)
    app, secret = session.connected["app_id"], session.connected["app_secret"]
    return jwt.decode(
        made,
        secret,
        algorithms=["HS256"],
        audience=app,
        issuer=app,
        options={"verify_exp": False, "verify_nbf": False},  # read for the `now` we were told
    )


def _complete(connected: Connected) -> None:
    """Nothing is asked or signed for a server that was never connected, or no longer is."""
    if not all(connected.get(each) for each in ("address", "app_id", "app_secret", "reservation_token")):
        raise Unavailable(Trouble.NOT_ALLOWED)


def _same_clock(said: outgoing.Answer, now: datetime) -> None:
    """A pass is only valid for minutes: a server whose clock is wrong lets nobody in."""
    theirs = said.date()
    if theirs is not None and abs(theirs - now) > _CLOCK:
        raise Unavailable(Trouble.CLOCK)


def _is_a_root(address: str) -> bool:
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        parts.port  # noqa: B018 - reading it is what checks it
    except ValueError:
        return False
    if not host or parts.path not in ("", "/") or parts.query or parts.fragment:
        return False
    try:
        outgoing.allowed(address)
    except Unavailable as failure:
        return failure.trouble is not Trouble.FORBIDDEN_ADDRESS
    return True
