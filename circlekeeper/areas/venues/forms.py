"""Forms of the venues room."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from circlekeeper.areas.venues import rules
from circlekeeper.areas.venues.sealing import Card, Steps, Told

_OFF = {"autocomplete": "off"}


class PlaceForm(forms.Form):
    """The card of a place."""

    address = forms.CharField(
        label=_("Where is the room?"),
        help_text=_("Members who may come see it when the day is near, on their own page. Nobody else does."),
        max_length=300,
        widget=forms.TextInput(attrs=_OFF),
        error_messages={"required": _("Write where the room is.")},
    )
    arrive = forms.CharField(
        label=_("How does one get in?"),
        help_text=_("Which door, which bell, what to say. Members see it together with the address."),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3} | _OFF),
    )
    booking = forms.CharField(
        label=_("Under what name is it booked?"),
        help_text=_("A name that says nothing, such as “Reading circle”."),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs=_OFF),
    )
    sign = forms.CharField(
        label=_("What does a sign or a screen at the entrance say?"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs=_OFF),
    )
    others = forms.CharField(
        label=_("Who else is in the house at that time?"),
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2} | _OFF),
    )
    exits = forms.CharField(
        label=_("Where are the ways out?"),
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2} | _OFF),
    )
    neutral = forms.BooleanField(label=_("I saw: nothing there says what kind of group meets"), required=False)
    unheard = forms.BooleanField(label=_("I tried: outside, nobody hears what is said inside"), required=False)
    two_exits = forms.BooleanField(label=_("I saw: there are two ways out"), required=False)

    @property
    def card(self) -> Card:
        """The team's part of what was typed."""
        said = self.cleaned_data
        return Card(**{name: said[name] for name in Card.__dataclass_fields__})

    @property
    def told(self) -> Told:
        """The members' part of what was typed."""
        return Told(self.cleaned_data["address"].strip(), self.cleaned_data["arrive"].strip())


class ChooseForm(forms.Form):
    """Which meetings are held at a place."""

    one_question = True
    series_id = forms.ChoiceField(label=_("Which meetings are held here?"))

    def __init__(self, *args: Any, series: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["series_id"].choices = series  # type: ignore[attr-defined]


class PlanForm(forms.Form):
    """What to do in an emergency, and who answers."""

    where = forms.ChoiceField(label=_("What is the plan for?"))
    country = forms.CharField(
        label=_("In which country are these numbers?"),
        help_text=_("Two letters, such as DE, IE or GB."),
        min_length=2,
        max_length=2,
        widget=forms.TextInput(attrs=_OFF),
        error_messages={"required": _("Write the two letters of the country.")},
    )
    steps = forms.CharField(
        label=_("What does the host do, step by step?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6} | _OFF),
        error_messages={"required": _("Write the steps, one a line.")},
    )
    numbers = forms.CharField(
        label=_("Who answers?"),
        help_text=_("One line each: who, then a comma, then the number. Like “Ambulance, 112”."),
        max_length=1500,
        widget=forms.Textarea(attrs={"rows": 5} | _OFF),
        error_messages={"required": _("Write at least one number.")},
    )
    verified_on = forms.DateField(
        label=_("When did somebody ring each number, or compare it with its source?"),
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        elsewhere = ("", _("Members who join from a country"))
        self.fields["where"].choices = [*places, elsewhere]  # type: ignore[attr-defined]
        self.fields["where"].required = False

    def clean_country(self) -> str:
        """Two letters, in capitals."""
        found = str(self.cleaned_data["country"]).upper()
        if not (found.isascii() and found.isalpha()):
            raise forms.ValidationError(_("Write the two letters of the country."))
        return found

    def clean_numbers(self) -> tuple[tuple[str, str], ...]:
        """Who answers, and what to dial."""
        found = rules.number_lines(self.cleaned_data["numbers"])
        if isinstance(found, int):
            said = _("Line %(n)d: write who answers, a comma, and the number.")
            raise forms.ValidationError(said % {"n": found})
        return found

    @property
    def said(self) -> Steps:
        """What was typed."""
        return Steps(self.cleaned_data["steps"].strip(), self.cleaned_data["numbers"])


DEVICE_WORDS = {
    "camera": _("The camera of the meeting"),
    "cctv": _("A camera of the house"),
    "microphone": _("The microphone of the meeting"),
    "speaker": _("The loudspeaker"),
    "assistant": _("A device that listens for its name, a phone or a box"),
}
STATE_WORDS = {"none": _("There is none"), "off": _("Off, unplugged or covered"), "on": _("On")}


class RoomForm(forms.Form):
    """How each device of the room stands."""

    silenced = forms.BooleanField(
        label=_("No message, mail or call can show on the screen of the room"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = {
            name: forms.ChoiceField(label=words, choices=list(STATE_WORDS.items()), widget=forms.RadioSelect)
            for name, words in DEVICE_WORDS.items()
        }
        self.fields = asked | self.fields

    @property
    def states(self) -> dict[str, str]:
        """Each device and how it stands."""
        return {name: self.cleaned_data[name] for name in rules.DEVICES}


class RehearsalForm(forms.Form):
    """What the person at home saw and heard."""

    read = forms.CharField(
        label=_("Which two words do they read on the room’s screen?"),
        help_text=_(
            "Open the screen page on the computer of the room, and ask the person at home to read it out."
        ),
        max_length=60,
        widget=forms.TextInput(attrs=_OFF),
        error_messages={"required": _("Write the two words they read.")},
    )
    heard = forms.BooleanField(label=_("Both sides heard each other"), required=False)
    door = forms.BooleanField(label=_("They waited at their door until I let them in"), required=False)
