"""Reading safeguards: what a group must do, where it stands, and whether a door may open."""

from circlekeeper.areas.safeguards.queries.decisions import (
    AttestationFact,
    LevelFact,
    WaiverFact,
    attestations,
    level_history,
    open_waivers,
    pending_level,
    suggestion,
    waivers_shown,
)
from circlekeeper.areas.safeguards.queries.drafts import DraftFacts, draft, drafts_of
from circlekeeper.areas.safeguards.queries.findings import CheckFinding, ControlFinding, waivable
from circlekeeper.areas.safeguards.queries.posture import Posture, closed_gate, gate, posture, postures, todo
from circlekeeper.areas.safeguards.queries.profile import (
    MayApply,
    Profile,
    StampFacts,
    StampWords,
    may_apply,
    profile,
    stamp_words,
)
from circlekeeper.areas.safeguards.queries.readiness import Readiness, readiness_now, statement, statements
from circlekeeper.areas.safeguards.queries.settings import (
    PeriodFact,
    admin_cap,
    due_on,
    idle_minutes,
    keep_for,
    periods,
    settings_for,
    unset_periods,
)

__all__ = [
    "AttestationFact",
    "CheckFinding",
    "ControlFinding",
    "DraftFacts",
    "LevelFact",
    "MayApply",
    "PeriodFact",
    "Posture",
    "Profile",
    "Readiness",
    "StampFacts",
    "StampWords",
    "WaiverFact",
    "admin_cap",
    "attestations",
    "closed_gate",
    "draft",
    "drafts_of",
    "due_on",
    "gate",
    "idle_minutes",
    "keep_for",
    "level_history",
    "may_apply",
    "open_waivers",
    "pending_level",
    "periods",
    "posture",
    "postures",
    "profile",
    "readiness_now",
    "settings_for",
    "stamp_words",
    "statement",
    "statements",
    "suggestion",
    "todo",
    "unset_periods",
    "waivable",
    "waivers_shown",
]
