"""What can happen, and which card of the playbook says what to say. No clock, no database."""

from collections.abc import Mapping
from enum import StrEnum


class Kind(StrEnum):
    """What happened, as far as one tap can tell."""

    DANGER = "danger"  # somebody may be in danger now
    HARM = "harm"  # a member hurts another
    RECORDING = "recording"  # something or somebody records
    STRANGER = "stranger"  # somebody came in who should not be here
    NAMED = "named"  # somebody who is not here was named
    LEAK = "leak"  # something of the group came out
    DRIFT = "drift"  # a setting is not as it was checked
    OTHER = "other"


# The card to read from first; what a machine sees has no words to say aloud.
CARDS: Mapping[Kind, str] = {
    Kind.DANGER: "imminent-harm",
    Kind.HARM: "harassment",
    Kind.RECORDING: "recording-request",
    Kind.STRANGER: "stranger-inside",
    Kind.NAMED: "third-party-named",
    Kind.LEAK: "leak",
    Kind.DRIFT: "",
    Kind.OTHER: "breaking-norms",
}
# What a host can press; drift is what a machine finds.
PRESSED = tuple(kind for kind in Kind if kind is not Kind.DRIFT)
LONGEST = 4000
