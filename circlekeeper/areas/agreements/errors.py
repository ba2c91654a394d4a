"""Why a text is not published or an agreement not taken. Each is one plain sentence for the person who asked."""

from circlekeeper.areas.agreements.rules import HardSentence
from circlekeeper.foundation.errors import Refused


class NotPublished(Refused):
    """The text cannot be published as it stands.

    ``faults`` lead from a field of the form (empty: the whole) to a sentence; ``hard`` are the sentences to write again.
    """

    def __init__(
        self, sentence: str, *, faults: tuple[tuple[str, str], ...] = (), hard: tuple[HardSentence, ...] = ()
    ) -> None:
        super().__init__(sentence, field=faults[0][0] if faults else "")
        self.faults = faults
        self.hard = hard


class NewerText(Refused):
    """The page was open while a newer text was published; the person has to read that one (POL4, CON1)."""


class NothingPublished(Refused):
    """The group has not published this text yet."""


class NotAgreed(Refused):
    """Answers that cannot be taken as consent: bundled, prepared, unknown, or one that is needed is missing."""


class NotSigned(Refused):
    """A signature that is not taken."""
