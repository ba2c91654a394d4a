"""Writing safeguards. Every act here is a decision of a named person, or of two."""

from circlekeeper.areas.safeguards.actions.advisers import seal_stamp, stamp_profile
from circlekeeper.areas.safeguards.actions.attestations import attest, withdraw_attestation
from circlekeeper.areas.safeguards.actions.doors import NotYet, close_group, open_group
from circlekeeper.areas.safeguards.actions.drafts import begin_draft, drop_draft, finish_draft, save_draft
from circlekeeper.areas.safeguards.actions.levels import (
    approve_level,
    change_answers,
    decide_first_level,
    drop_level,
    set_level,
    settle_level,
)
from circlekeeper.areas.safeguards.actions.periods import set_period
from circlekeeper.areas.safeguards.actions.readiness import state_readiness
from circlekeeper.areas.safeguards.actions.waivers import approve_waiver, ask_waiver, end_waiver

__all__ = [
    "NotYet",
    "approve_level",
    "approve_waiver",
    "ask_waiver",
    "attest",
    "begin_draft",
    "change_answers",
    "close_group",
    "decide_first_level",
    "drop_draft",
    "drop_level",
    "end_waiver",
    "finish_draft",
    "open_group",
    "save_draft",
    "seal_stamp",
    "set_level",
    "set_period",
    "settle_level",
    "stamp_profile",
    "state_readiness",
    "withdraw_attestation",
]
