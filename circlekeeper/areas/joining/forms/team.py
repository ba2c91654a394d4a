"""Forms of the team: deciding, how people come in, who sends them, what is asked."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from circlekeeper.areas.joining import rules

_OFF = {"autocomplete": "off"}

REASON_WORDS = {
    "fits": _("The group fits"),
    "referred": _("Someone we trust sent them"),
    "known-to-us": _("We know them"),
    "not-the-right-group": _("Another group would fit better"),
    "no-answer": _("They did not answer"),
    "safety": _("For someone's safety"),
    "full": _("The group is full"),
}


PATH_WORDS = {
    "form": _("They fill in the form. Nothing more."),
    "contact-proven": _("We find out that we reach them, or someone we trust sent them."),
    "call": _("One of us speaks with them first."),
    "call-and-two": _("One of us speaks with them, and two people decide."),
}
VETTING_WORDS = {
    "as-the-level-says": _("It is what our level asks for, and it fits"),
    "someone-got-in": _("Someone came in who should not have"),
    "people-unsafe": _("Members did not feel safe"),
    "too-many-turned-away": _("Too many people gave up on the way"),
    "adviser": _("Our adviser said so"),
}


class VoteForm(forms.Form):
    """One person's word on an application."""

    yes = forms.ChoiceField(
        label=_("Should this person join?"),
        choices=(("yes", _("Yes")), ("no", _("No"))),
        widget=forms.RadioSelect,
    )
    reason = forms.ChoiceField(
        label=_("Why"), choices=[(each, REASON_WORDS[each]) for each in (*rules.YES_REASONS, *rules.NO_REASONS)]
    )

    def clean(self) -> dict[str, Any]:
        """The reason belongs to the answer."""
        found = super().clean() or {}
        fitting = rules.YES_REASONS if found.get("yes") == "yes" else rules.NO_REASONS
        if found.get("yes") and found.get("reason") not in fitting:
            self.add_error("reason", _("Choose a reason that fits your answer."))
        return found


class WayForm(forms.Form):
    """How people are got to know before they join, and why so."""

    path = forms.ChoiceField(label=_("How do you get to know people?"), widget=forms.RadioSelect)
    reason = forms.ChoiceField(
        label=_("Why so?"),
        choices=[("", _("Choose one")), *((each, VETTING_WORDS[each]) for each in rules.VETTING_REASONS)],
        error_messages={"required": _("Say why, so that you can look back at it.")},
    )

    again_after = forms.ChoiceField(
        label=_("When will you look at this again?"),
        choices=(("P6M", _("In half a year")), ("P3M", _("In three months"))),
        error_messages={"required": _("Say when you will look at this again.")},
    )

    def __init__(self, *args: Any, paths: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["path"].choices = [(each, PATH_WORDS[each]) for each in paths]  # type: ignore[attr-defined]


class ReferrerForm(forms.Form):
    """Somebody who may send people."""

    why = {
        "name": _("So that you know whom you gave codes to. It is sealed."),
        "reach": _("So that you can ask them back, or tell them that a code was lost. It is sealed."),
    }
    name = forms.CharField(
        label=_("Which organisation or person?"),
        max_length=120,
        widget=forms.TextInput(attrs=_OFF),
        error_messages={"required": _("Write who they are.")},
    )
    reach = forms.CharField(
        label=_("How do you reach them?"),
        max_length=200,
        widget=forms.TextInput(attrs=_OFF),
        error_messages={"required": _("Write how you reach them, so that you can ask them back.")},
    )


class OfferForm(forms.Form):
    """A time for a short call."""

    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    at = forms.TimeField(label=_("Time"), widget=forms.TimeInput(attrs={"type": "time"}))

    def __init__(self, *args: Any, zone_words: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["at"].help_text = _("As the clock shows it in %(zone)s.") % {"zone": zone_words}


class NoteForm(forms.Form):
    """What those who decide write to each other."""

    words = forms.CharField(
        label=_("Notes until you have decided"),
        help_text=_("No diagnosis, no names of others. Write what you could show them."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6} | _OFF),
    )


BASIS_WORDS = {
    "consent": _("They say yes to it, freely and in so many words"),
    "care": _("We give health care and are bound to silence"),
    "law": _("A law says that we must"),
    "adviser": _("Our adviser said so"),
}


class FieldForm(forms.Form):
    """One more thing to ask: what for, and what allows it."""

    name = forms.ChoiceField(
        label=_("What do you want to ask?"),
        choices=[(name, _(label)) for name, label in rules.EXTRA.items()],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you want to ask.")},
    )
    purpose = forms.CharField(
        label=_("What do you need it for?"),
        help_text=_("One sentence. People read it beside the question."),
        max_length=300,
        widget=forms.TextInput(attrs=_OFF),
        error_messages={
            "required": _("Say in a sentence what you need it for. People read it beside the question.")
        },
    )
    basis = forms.ChoiceField(
        label=_("What allows you to ask this?"),
        choices=list(BASIS_WORDS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _("Say what allows you to ask this.")},
    )
