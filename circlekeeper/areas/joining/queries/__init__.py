"""Reading applications, how people are got to know, and what the public page says."""

from circlekeeper.areas.joining.queries.applications import (
    ApplicationFacts,
    Funnel,
    alias_warnings,
    application,
    by_form,
    funnel,
    has_code,
    waiting,
)
from circlekeeper.areas.joining.queries.calls import Choice, SlotFacts, choice, slots
from circlekeeper.areas.joining.queries.fields import ExtraFacts, asked_fields, extra_fields
from circlekeeper.areas.joining.queries.notes import note, notes_allowed
from circlekeeper.areas.joining.queries.own import own_cards, todo
from circlekeeper.areas.joining.queries.pieces import SOURCE
from circlekeeper.areas.joining.queries.public import PublicFacts, emergency_needed, intake_fields, public_facts
from circlekeeper.areas.joining.queries.referrers import ReferrerFacts, referrer, referrers
from circlekeeper.areas.joining.queries.ways import (
    Way,
    level_path,
    referral_hash,
    referral_open,
    review_day,
    to_review,
    way,
)

__all__ = [
    "SOURCE",
    "ApplicationFacts",
    "Choice",
    "ExtraFacts",
    "Funnel",
    "PublicFacts",
    "ReferrerFacts",
    "SlotFacts",
    "Way",
    "alias_warnings",
    "application",
    "asked_fields",
    "by_form",
    "choice",
    "emergency_needed",
    "extra_fields",
    "funnel",
    "has_code",
    "intake_fields",
    "level_path",
    "note",
    "notes_allowed",
    "own_cards",
    "public_facts",
    "referral_hash",
    "referral_open",
    "referrer",
    "referrers",
    "review_day",
    "slots",
    "to_review",
    "todo",
    "waiting",
    "way",
]
