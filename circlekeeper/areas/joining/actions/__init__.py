"""The only writers of this room."""

from circlekeeper.areas.joining.actions.applying import Applied, apply, drop_application
from circlekeeper.areas.joining.actions.calls import choose_call, free_call, offer_call, take_back_call
from circlekeeper.areas.joining.actions.deciding import decide_vetting, note_call, vote
from circlekeeper.areas.joining.actions.fields import approve_field, drop_field, note_read, propose_field
from circlekeeper.areas.joining.actions.notes import write_note
from circlekeeper.areas.joining.actions.proving import make_code, prove_contact
from circlekeeper.areas.joining.actions.referring import (
    drop_referrer,
    list_referrer,
    make_referral,
    revoke_referrals,
)
from circlekeeper.areas.joining.draft import Draft

__all__ = [
    "Applied",
    "Draft",
    "apply",
    "approve_field",
    "choose_call",
    "decide_vetting",
    "drop_application",
    "drop_field",
    "drop_referrer",
    "free_call",
    "list_referrer",
    "make_code",
    "make_referral",
    "note_call",
    "note_read",
    "offer_call",
    "propose_field",
    "prove_contact",
    "revoke_referrals",
    "take_back_call",
    "vote",
    "write_note",
]
