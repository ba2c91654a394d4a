"""The two refusals every floor shares."""


class NotHere(Exception):
    """What was asked for does not exist for this person; a page answers 404 and says no more."""


class Refused(Exception):
    """Something may not be done now. The text is one plain sentence meant for the person who asked.

    ``field`` names the form field the sentence belongs to, if there is one. ``status`` is what a page answers with.
    """

    status = 409

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
