"""A conference call (guide TEC1, FMT13): a number and a code; evidence `attested` for everything on the line."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from circlekeeper.areas.meetings.provider import (
    UNKNOWN,
    Call,
    Capability,
    Connected,
    Evidence,
    Find,
    Forged,
    Guest,
    Heard,
    Proof,
    ScopeOfProof,
    Session,
    Setting,
)
from circlekeeper.foundation.errors import Refused

# Controls of the playbook that only a person can look at on a telephone line.
_BY_WORD = ("recording-off", "meeting-password", "phone-numbers-hidden")
# Controls our own door keeps.
_BY_US = ("links-sent-privately", "waiting-room-tested", "room-locked")
_WORD_LASTS = timedelta(hours=2)
_TYPED = re.compile(r"(?P<number>\+?[0-9][0-9 ()/.-]{4,24})(?:[,;]\s*(?:[^\W\d]+\s*)?(?P<code>[0-9]{2,12})#?)?")


class Number:
    """A conference number we cannot ask."""

    name = "number"
    settings: Sequence[Setting] = ()
    takes_address = True

    @property
    def title(self) -> str:
        """What people choose from the list."""
        return _("By phone")

    @property
    def sees(self) -> str:
        """For the policy."""
        return _(
            "The phone companies and the conference service see the number you call from, and your voice. The number you "
            "call can stand on your bill."
        )

    def capabilities(self) -> Sequence[Capability]:
        """What our door keeps is enforced here; everything on the line is a person's word."""
        ours = _(
            "Only people a host has let in here read the number and its code. Someone who kept them can try again."
        )
        theirs = _("A host tries the number, and says what they heard and saw.")
        return [
            *(Capability(control, Evidence.SELF_ENFORCED, ours) for control in _BY_US),
            *(Capability(control, Evidence.ATTESTED, theirs) for control in _BY_WORD),
        ]

    def check_address(self, address: str) -> None:
        """A telephone number, and its code after a comma if it has one.

        :raises Refused: it is not.
        """
        if _TYPED.fullmatch(address.strip()) is None:
            raise Refused(
                _("Type a telephone number, and its code after a comma: +49 30 123456, 4711"), field="address"
            )

    def check_connection(self, connected: Connected, *, now: datetime) -> Sequence[Proof]:
        """There is nothing to connect."""
        return []

    def apply(self, session: Session, *, now: datetime) -> Mapping[str, str]:
        """There is nothing we could set."""
        return {}

    def verify(self, session: Session, *, now: datetime) -> Sequence[Proof]:
        """Nothing can be read back: each control is unknown until a person has said otherwise."""
        return [
            Proof(control, Evidence.ATTESTED, "as required", UNKNOWN, ScopeOfProof.MEETING, now, _WORD_LASTS)
            for control in _BY_WORD
        ]

    def mint_link(self, session: Session, guest: Guest, *, now: datetime) -> str:
        """A ``tel:`` address: the number, then two commas and the code. The same for everyone who was let in."""
        found = _TYPED.fullmatch(session.address.strip())
        if found is None:
            return ""
        number = re.sub(r"[^0-9+]", "", found["number"])
        return f"tel:{number},,{found['code']}" if found["code"] else f"tel:{number}"

    def admit(self, session: Session, guest: Guest, *, now: datetime) -> bool:
        """A host lets people in on the line, if there is a second door."""
        return False

    def remove(self, session: Session, guest: Guest, *, now: datetime) -> bool:
        """A host puts people out there."""
        return False

    def end(self, session: Session, *, now: datetime) -> None:
        """The host ends the call; we stop telling people the number."""

    def purge(self, session: Session, *, now: datetime) -> Sequence[Proof]:
        """Lists of calls and bills are for each person to look at."""
        kept = timedelta(days=30)
        return [Proof("nothing-kept", Evidence.ATTESTED, "gone", UNKNOWN, ScopeOfProof.MEETING, now, kept)]

    def handle_event(self, connected: Connected, call: Call, *, find: Find, now: datetime) -> Heard:
        """It tells us nothing, so whoever calls is not it.

        :raises Forged: always.
        """
        raise Forged
