"""Forms of the ballots room."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from circlekeeper.areas.ballots.actions import MOST_ROOMS

_ALOUD = _(
    "Everyone in the room who has no door of their own (the team, an interpreter) was asked aloud and said yes"
)


class RecordingAsk(forms.Form):
    """Ask everybody whether the meeting may be recorded."""

    others_agree = forms.BooleanField(label=_ALOUD)


class ShareAsk(forms.Form):
    """Ask everybody whether one person may show one thing."""

    words = forms.CharField(
        label=_("What would be shown? Name it, so that everyone knows what they say yes to"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    who = forms.ChoiceField(label=_("Who would show it?"))
    others_agree = forms.BooleanField(label=_ALOUD)

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"].choices = people  # type: ignore[attr-defined]


VISITED = "visited"


class RoomsForm(forms.Form):
    """How each small room is watched; a room left empty is not opened."""

    def __init__(self, *args: Any, people: list[tuple[str, str]], one_each: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        visited = [] if one_each else [(VISITED, _("Nobody stays, we look in every ten minutes"))]
        choices = [("", _("Not opened")), *visited, *people]
        for number in range(1, MOST_ROOMS + 1):
            label = format_lazy(_("Room {number}: who stays in it?"), number=number)
            self.fields[f"room{number}"] = forms.ChoiceField(label=label, choices=choices, required=False)


class SoundForm(forms.Form):
    """The sound of a meeting that everybody allowed to be recorded. Read in memory, never stored as it is."""

    file = forms.FileField(
        label=_("Which file?"),
        help_text=_("Sound only, at most 10 MB: about 80 minutes of speech. A picture would show faces."),
        max_length=200,
    )
    viewers = forms.MultipleChoiceField(
        label=_("Who of the team may hear it?"), widget=forms.CheckboxSelectMultiple
    )
    only_yes = forms.BooleanField(
        label=_("I listened to it: nobody can be heard who did not say yes, and nobody who went to the other room")
    )

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["viewers"].choices = people  # type: ignore[attr-defined]


class SummaryForm(forms.Form):
    """A summary without names, which the group agreed on."""

    words = forms.CharField(
        label=_("What should stay of this meeting, in words anybody could have said?"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 8, "autocomplete": "off"}),
    )
    no_names = forms.BooleanField(
        label=_("I looked at each word with a capital letter, and none is somebody’s name"), required=False
    )
    agreed = forms.BooleanField(label=_("I read it to the group, and everyone agrees to these words"))
