"""Writing agreements: publishing texts, giving and withdrawing consent, making the promise."""

from circlekeeper.areas.agreements.actions.bonds import say_bound
from circlekeeper.areas.agreements.actions.consents import record_consents, set_due, withdraw_consent
from circlekeeper.areas.agreements.actions.openings import open_copy, print_copy
from circlekeeper.areas.agreements.actions.pledges import Signature, prepare_signature, record_joining, sign_pledge
from circlekeeper.areas.agreements.actions.publishing import (
    Edition,
    choose_kept,
    publish_all,
    publish_consents,
    publish_norms,
    publish_pledge,
    publish_policy,
    publish_statement,
)
from circlekeeper.areas.agreements.actions.settling import settle_lowering
from circlekeeper.areas.agreements.actions.taking_back import (
    PROMISE,
    put_wraps,
    withdraw_promise,
    wraps_for_new_key,
)
from circlekeeper.areas.agreements.actions.wording import sentence_about

__all__ = [
    "PROMISE",
    "Edition",
    "Signature",
    "choose_kept",
    "open_copy",
    "print_copy",
    "prepare_signature",
    "publish_all",
    "publish_consents",
    "publish_norms",
    "publish_pledge",
    "publish_policy",
    "publish_statement",
    "put_wraps",
    "record_consents",
    "record_joining",
    "say_bound",
    "sentence_about",
    "set_due",
    "settle_lowering",
    "sign_pledge",
    "withdraw_consent",
    "withdraw_promise",
    "wraps_for_new_key",
]
