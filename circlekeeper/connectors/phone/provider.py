"""A telephone number of the group's own: callers type a PIN, wait for a host, and meet in a room of sound (FMT13)."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from circlekeeper.areas.meetings.provider import (
    UNKNOWN,
    Call,
    Capability,
    Connected,
    Desk,
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
from circlekeeper.connectors.phone import answering, client, numbers
from circlekeeper.foundation.errors import Refused

_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
_OVER = ("completed", "busy", "failed", "no-answer", "canceled")
_SLACK = timedelta(hours=12)  # calls are listed by day, and a day begins elsewhere at another hour


class Phone:
    """A number at Twilio, or at a service that speaks as Twilio does."""

    name = "phone"
    takes_address = False

    @property
    def settings(self) -> Sequence[Setting]:
        """What a leader reads from the account."""
        return (
            Setting(
                "number",
                _("Telephone number"),
                _(
                    "With its country, for example +49 30 1234567. Used for nothing else: after a meeting, what the service "
                    "kept of its calls is deleted."
                ),
            ),
            Setting("account_sid", _("Account SID"), _("It stands on the first page of the account.")),
            Setting("auth_token", _("Auth token"), _("It stands beside the account SID."), secret=True),
            Setting(
                "address",
                _("Address of the service"),
                _("Leave this empty for Twilio. It is for another service that speaks as Twilio does."),
                needed=False,
            ),
        )

    @property
    def title(self) -> str:
        """What people choose from the list."""
        return _("Telephone")

    @property
    def sees(self) -> str:
        """For the policy."""
        return _(
            "The telephone service sees the number you call from, when and how long you call, and your voice. It can hear "
            "what is said. Your number stays on its invoice, and your own telephone bill may show that you called. "
            "Nobody in the group sees your number, and we do not keep it."
        )

    def capabilities(self) -> Sequence[Capability]:
        """At best. What the carrier keeps nobody can switch off."""
        pin = _("Each person has digits of their own, good for one call. They are checked here.")
        ours = _("Callers wait here until a host lets them in. The service says that the number leads to us.")
        record = _("Every call asks not to be recorded, and the service shows that there is no recording.")
        lock = _("After the lock we let nobody new in.")
        hidden = _("The room names no numbers, and the service says that it looks up no caller.")
        sound = _("There is one room, and only sound in it.")
        texts = _("The service says that text messages to the number lead nowhere.")
        return [
            Capability("links-sent-privately", Evidence.TOKEN_ENFORCED, pin),
            Capability("meeting-password", Evidence.TOKEN_ENFORCED, pin),
            Capability("waiting-room-tested", Evidence.READ_BACK, ours),
            Capability("recording-off", Evidence.READ_BACK, record),
            Capability("room-locked", Evidence.TOKEN_ENFORCED, lock),
            Capability("phone-numbers-hidden", Evidence.READ_BACK, hidden),
            Capability("screen-share-off", Evidence.TOKEN_ENFORCED, sound),
            Capability("breakouts-watched", Evidence.TOKEN_ENFORCED, sound),
            Capability("privacy-by-default", Evidence.READ_BACK, texts),
        ]

    def check_address(self, address: str) -> None:
        """Nobody types one: the number is the connection's."""

    def check_connection(self, connected: Connected, *, now: datetime) -> Sequence[Proof]:
        """Read the account and the number once.

        :raises Refused: a setting cannot be right. :raises Unavailable: the service does not accept the key.
        """
        if not _NUMBER.fullmatch(connected.get("number", "")):
            raise Refused(
                _("Write it with + and the country, and without spaces, for example +49301234567."), field="number"
            )
        if not re.fullmatch(r"[A-Za-z0-9-]{10,64}", connected.get("account_sid", "")):
            raise Refused(_("This cannot be an account SID."), field="account_sid")
        if connected.get("address") and urlsplit(connected["address"]).scheme not in ("https", "http"):
            raise Refused(_("This must begin with https:// and be the address of the service."), field="address")
        status = client.word(client.account(connected), "status")
        try:
            can = numbers.found(connected).get("capabilities")
        except Unavailable as failure:
            if failure.trouble is not Trouble.GONE:
                raise
            raise Refused(_("This account has no such number."), field="number") from None
        if not isinstance(can, dict) or can.get("voice") is not True:
            raise Refused(_("This number cannot be called."), field="number")
        scope = ScopeOfProof.ACCOUNT
        return [
            Proof(
                "waiting-room-tested",
                Evidence.READ_BACK,
                "active",
                status,
                scope,
                now,
                timedelta(days=1),
                "status",
            )
        ]

    def apply(self, session: Session, *, now: datetime) -> Mapping[str, str]:
        """Lead the number to us. It is one for all meetings of the group, so nothing of this meeting is told.

        :raises Unavailable: HALF_DONE if the service goes on showing something else.
        """
        found = client.word(numbers.found(session.connected), "sid")
        client.change(session.connected, f"IncomingPhoneNumbers/{found}", **numbers.wishes(session.hook))
        if not all(each.holds for each in numbers.proofs(session, now=now)):
            raise Unavailable(Trouble.HALF_DONE)
        return {"number": found}

    def verify(self, session: Session, *, now: datetime) -> Sequence[Proof]:
        """The number's settings and the recordings of this room, read again; and what nobody tells."""
        return [
            *numbers.proofs(session, now=now),
            _count("recording-off", "Recordings", len(self._recordings(session)), now),
            *numbers.enforced(now=now),
        ]

    def mint_link(self, session: Session, guest: Guest, *, now: datetime) -> str:
        """The number to dial. The PIN is not in it: telephones keep what was dialled."""
        return f"tel:{self.number(session.connected)}"

    def number(self, connected: Connected) -> str:
        """The number people call."""
        return connected.get("number", "")

    def admit(self, session: Session, guest: Guest, *, now: datetime) -> bool:
        """A caller who waits asks us every few seconds, so a host's click here is enough."""
        return True

    def remove(self, session: Session, guest: Guest, *, now: datetime) -> bool:
        """Hang up: the call goes on to the desk, which knows that they were sent away."""
        for each in self._conferences(session, Status="in-progress"):
            client.delete(session.connected, f"Conferences/{client.word(each, 'sid')}/Participants/{guest.ref}")
        return True

    def end(self, session: Session, *, now: datetime) -> None:
        """End the room for all who are in it."""
        for each in self._conferences(session, Status="in-progress"):
            try:
                client.change(session.connected, f"Conferences/{client.word(each, 'sid')}", Status="completed")
            except Unavailable as failure:
                if failure.trouble is not Trouble.GONE:
                    raise

    def purge(self, session: Session, *, now: datetime) -> Sequence[Proof]:
        """Delete recordings of the room and the records of calls to the number in its time, then list both again."""
        for each in self._recordings(session):
            client.delete(session.connected, f"Recordings/{client.word(each, 'sid')}")
        for each in self._calls(session):
            client.delete(session.connected, f"Calls/{client.word(each, 'sid')}")
        kept = "invoice and logs of the carrier"
        by_word = (Evidence.ATTESTED, "gone", UNKNOWN, ScopeOfProof.ACCOUNT, now, timedelta(days=1), kept)
        return [
            _count("nothing-kept", "Recordings", len(self._recordings(session)), now),
            _count("nothing-kept", "Calls", len(self._calls(session)), now),
            Proof("nothing-kept", *by_word),
        ]

    def answer_call(self, connected: Connected, call: Call, *, desk: Desk, now: datetime) -> Heard:
        """What the caller hears next.

        :raises Forged: it is not the service.
        """
        return answering.answer(connected, call, desk=desk)

    def handle_event(self, connected: Connected, call: Call, *, find: Find, now: datetime) -> Heard:
        """As ``answer_call``, at a desk that knows nobody.

        :raises Forged: it is not the service.
        """
        return answering.answer(connected, call, desk=answering.Nobody())

    def _conferences(self, session: Session, **more: str) -> list[Mapping[str, Any]]:
        found = client.listed(session.connected, "Conferences", FriendlyName=session.room, **more)
        # An answer that ignores the name must not end or empty somebody else's room.
        return [each for each in found if client.word(each, "friendly_name") == session.room]

    def _recordings(self, session: Session) -> list[Mapping[str, Any]]:
        rooms = [client.word(each, "sid") for each in self._conferences(session)]
        return [
            each for room in rooms for each in client.listed(session.connected, f"Conferences/{room}/Recordings")
        ]

    def _calls(self, session: Session) -> list[Mapping[str, Any]]:
        """Calls to the number that are over, of the days this meeting touches. Who called is not looked at."""
        days = {"StartTime__": f"{session.starts_at - _SLACK:%Y-%m-%d}"}
        found = client.listed(session.connected, "Calls", To=session.connected.get("number", ""), **days)
        to = session.connected.get("number")
        return [each for each in found if client.word(each, "to") == to and client.word(each, "status") in _OVER]


def _count(control: str, setting: str, found: int, now: datetime) -> Proof:
    lasts = timedelta(minutes=10)
    return Proof(control, Evidence.READ_BACK, "0", str(found), ScopeOfProof.MEETING, now, lasts, setting)
