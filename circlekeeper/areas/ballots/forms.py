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
