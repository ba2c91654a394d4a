"""Pure rules of the roster: names, safe contact, emergency facts, dates, and reading lists people bring along."""

from circlekeeper.areas.roster.rules.aliases import (
    ALIAS_LENGTH,
    AliasFault,
    AliasWarning,
    alias_fault,
    alias_warnings,
    fresh_alias,
    skeleton,
    tidy_alias,
)
from circlekeeper.areas.roster.rules.clocks import due_start
from circlekeeper.areas.roster.rules.contact import (
    CHANNELS,
    CHECK_AGAIN_AFTER,
    NOT_ASKED,
    Answer,
    SafeContact,
    Says,
    Verdict,
    Way,
    Why,
    contact_fault,
    may_leave_message,
    may_send,
)
from circlekeeper.areas.roster.rules.emergency import (
    EMERGENCY_CHECK_AFTER,
    EMERGENCY_FIELDS,
    MayName,
    Standing,
    emergency_standing,
    emergency_usable,
)
from circlekeeper.areas.roster.rules.purposes import PART_OF, PURPOSE_OF
from circlekeeper.areas.roster.rules.too_much import TooMuch, too_much

__all__ = [
    "ALIAS_LENGTH",
    "CHANNELS",
    "CHECK_AGAIN_AFTER",
    "EMERGENCY_CHECK_AFTER",
    "EMERGENCY_FIELDS",
    "NOT_ASKED",
    "PART_OF",
    "PURPOSE_OF",
    "AliasFault",
    "AliasWarning",
    "Answer",
    "MayName",
    "SafeContact",
    "Says",
    "Verdict",
    "Way",
    "Why",
    "Standing",
    "TooMuch",
    "alias_fault",
    "alias_warnings",
    "contact_fault",
    "due_start",
    "emergency_standing",
    "emergency_usable",
    "fresh_alias",
    "may_leave_message",
    "may_send",
    "skeleton",
    "tidy_alias",
    "too_much",
]
