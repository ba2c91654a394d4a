"""Forms of this room: those of visitors and applicants, and those of the team."""

from circlekeeper.areas.joining.forms.public import (
    AgreeForm,
    ChooseForm,
    CodeForm,
    ContactForm,
    HelpForm,
    NameForm,
)
from circlekeeper.areas.joining.forms.team import (
    BASIS_WORDS,
    PATH_WORDS,
    VETTING_WORDS,
    FieldForm,
    NoteForm,
    OfferForm,
    ReferrerForm,
    VoteForm,
    WayForm,
)

__all__ = [
    "BASIS_WORDS",
    "PATH_WORDS",
    "VETTING_WORDS",
    "AgreeForm",
    "ChooseForm",
    "CodeForm",
    "ContactForm",
    "FieldForm",
    "HelpForm",
    "NameForm",
    "NoteForm",
    "OfferForm",
    "ReferrerForm",
    "VoteForm",
    "WayForm",
]
