"""Pure rules of agreements: counting, reading, what a text must hold, consent and pledges."""

from circlekeeper.areas.agreements.rules.changes import Change, changes
from circlekeeper.areas.agreements.rules.consents import (
    METHODS,
    ConsentFault,
    Given,
    Standing,
    allows,
    consent_faults,
    must_ask_again,
    standing,
)
from circlekeeper.areas.agreements.rules.counting import words_in
from circlekeeper.areas.agreements.rules.documents import (
    BLOCKS,
    SECTIONS,
    STATEMENT_LIMIT,
    Fault,
    NormText,
    norm_faults,
    policy_faults,
    statement_faults,
    words_left,
)
from circlekeeper.areas.agreements.rules.pledges import (
    STRENGTHS,
    Made,
    Promise,
    SignatureFault,
    promise,
    signature_fault,
    still_to_sign,
    strong_enough,
)
from circlekeeper.areas.agreements.rules.reading import HardSentence, Reading, Why, read_ease

__all__ = [
    "BLOCKS",
    "METHODS",
    "SECTIONS",
    "STATEMENT_LIMIT",
    "STRENGTHS",
    "Change",
    "ConsentFault",
    "Fault",
    "Given",
    "HardSentence",
    "Made",
    "NormText",
    "Promise",
    "Reading",
    "SignatureFault",
    "Standing",
    "Why",
    "allows",
    "changes",
    "consent_faults",
    "must_ask_again",
    "norm_faults",
    "policy_faults",
    "promise",
    "read_ease",
    "signature_fault",
    "standing",
    "statement_faults",
    "still_to_sign",
    "strong_enough",
    "words_in",
    "words_left",
]
