"""Forms of the meetings room."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from circlekeeper.areas.meetings import provider
from circlekeeper.areas.meetings.models import Format

_EVERY = (
    ("week", _("Every week")),
    ("fortnight", _("Every two weeks")),
    ("month", _("Once a month, on the same weekday")),
    ("once", _("Just once")),
)


class PlanForm(forms.Form):
    """When and where the group meets."""

    format = forms.ChoiceField(
        label=_("How do you meet?"),
        choices=((Format.IN_PERSON, _("In a room, in person")), (Format.ONLINE, _("Online, through a link"))),
        widget=forms.RadioSelect,
    )
    provider_name = forms.ChoiceField(label=_("Which service is the link from?"), required=False)
    address = forms.CharField(
        label=_("The meeting link of that service"),
        help_text=_("Only people a host has let in are ever sent there. We keep it sealed."),
        required=False,
        max_length=500,
    )
    first_on = forms.DateField(label=_("First meeting"), widget=forms.DateInput(attrs={"type": "date"}))
    local_time = forms.TimeField(
        label=_("Time, as the clock shows it where the group is"), widget=forms.TimeInput(attrs={"type": "time"})
    )
    minutes = forms.IntegerField(label=_("How long, in minutes"), min_value=10, max_value=600, initial=90)
    every = forms.ChoiceField(label=_("How often?"), choices=_EVERY)
    until = forms.DateField(
        label=_("Last meeting, if you know it"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["provider_name"].choices = [("", "-")] + [  # type: ignore[attr-defined]
            (each.name, each.title) for each in provider.providers()
        ]

    def clean(self) -> dict[str, Any]:
        """An online meeting needs to say which service and where."""
        found = super().clean() or {}
        if found.get("format") == Format.ONLINE:
            for name in ("provider_name", "address"):
                if not found.get(name):
                    self.add_error(name, _("An online meeting needs this."))
        return found


class HostForm(forms.Form):
    """Who carries which part of a meeting."""

    person_id = forms.ChoiceField(label=_("Who"))
    part = forms.ChoiceField(
        label=_("Which part"),
        choices=(
            ("host", _("Host")),
            ("cohost", _("Co-host")),
            ("door", _("Keeps the door")),
            ("chat", _("Watches the chat")),
            ("tech", _("Looks after the technology")),
            ("welfare", _("Looks after people")),
        ),
    )

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person_id"].choices = people  # type: ignore[attr-defined]


class RecordingForm(forms.Form):
    """What a host saw when they looked at everything that could record."""

    seen = forms.ChoiceField(
        label=_("What did you see?"),
        choices=(
            ("off", _("I looked at each one, and all of them are off")),
            ("on", _("One of them is on, or I could not find out")),
        ),
        widget=forms.RadioSelect,
    )
