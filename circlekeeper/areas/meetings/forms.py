"""Forms of the meetings room."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from circlekeeper.areas.meetings import queries, rules
from circlekeeper.areas.meetings.models import Format
from circlekeeper.areas.meetings.provider import Setting
from circlekeeper.areas.meetings.words import QUESTION_WORDS, WAY_WORDS

_EVERY = (
    ("week", _("Every week")),
    ("fortnight", _("Every two weeks")),
    ("month", _("Once a month, on the same weekday")),
    ("once", _("Just once")),
)
PART_WORDS = {
    "host": _("Host"),
    "cohost": _("Co-host"),
    "door": _("Keeps the door"),
    "chat": _("Watches the chat"),
    "tech": _("Looks after the technology"),
    "welfare": _("Looks after people"),
}
# What a host asks at the door, and how it reads on the page of whoever waits.
ASKED_WORDS = {
    rules.Asked.DEVICE.value: _("Is the other device yours?"),
    rules.Asked.ALONE.value: _("Does nobody else hear?"),
    rules.Asked.WAIT.value: _("Can you wait a few minutes?"),
    rules.Asked.SPEAK.value: _("Speak with a host first?"),
}
ASKED_OF_THEM = {
    rules.Asked.DEVICE.value: _("Did you open this link on another device as well?"),
    rules.Asked.ALONE.value: _("Are you in a place where nobody else hears?"),
    rules.Asked.WAIT.value: _("Can you wait a few minutes?"),
    rules.Asked.SPEAK.value: _("Would you like to speak with a host before you go in?"),
}
_DATE = {"type": "date"}
_SAID = (("yes", _("Yes")), ("no", _("No")), ("dont-know", _("I don’t know")))
_OFF = {"autocomplete": "off"}


Choices = list[tuple[Any, Any]]


def service_choices(services: Iterable[queries.ServiceFacts]) -> Choices:
    """The services a group may choose: those its level offers, and apart from them those where only a person can say that
    nothing records. What lacks something the level requires is not among them; the page of services says why (HI2). Nor is
    a line to call: that is chosen by saying that you meet by phone.
    """
    able = [each for each in services if not each.lacking and not each.by_phone]
    first: Choices = [(each.name, each.title) for each in able if each.offered]
    apart = [(each.name, each.title) for each in able if not each.offered]
    return [*first, (_("Recording: only by a person’s word"), apart)] if apart else first


class PlanForm(forms.Form):
    """When and where the group meets."""

    why = {
        "address": _(
            "For an online meeting: only people a host has let in are ever sent to the link. For a room: members see the "
            "place when the day is near. We keep it sealed."
        )
    }
    format = forms.ChoiceField(
        label=_("How do you meet?"),
        choices=(
            (Format.IN_PERSON, _("In a room, in person")),
            (Format.ONLINE, _("Online, through a link")),
            (Format.HYBRID, _("Some in a room, others through a link")),
            (Format.PHONE, _("By phone, with a number of your own")),
        ),
        widget=forms.RadioSelect,
    )
    provider_name = forms.ChoiceField(
        label=_("If online: which service is the link from?"), required=False, initial=""
    )
    address = forms.CharField(
        label=_("The link or number of the meeting, or where the room is"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs=_OFF),
    )
    first_on = forms.DateField(label=_("First meeting"), widget=forms.DateInput(attrs=_DATE))
    local_time = forms.TimeField(label=_("Time"), widget=forms.TimeInput(attrs={"type": "time"}))
    minutes = forms.IntegerField(label=_("How long, in minutes"), min_value=10, max_value=600, initial=90)
    every = forms.ChoiceField(label=_("How often?"), choices=_EVERY)
    until = forms.DateField(
        label=_("Last meeting, if you know it"), required=False, widget=forms.DateInput(attrs=_DATE)
    )

    def __init__(self, *args: Any, offers: Choices, zone_words: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["provider_name"].choices = [("", _("No service, we meet in a room")), *offers]  # type: ignore[attr-defined]
        if zone_words:
            self.fields["local_time"].label = format_lazy(_("Time ({zone})"), zone=zone_words)

    def clean(self) -> dict[str, Any]:
        """An online meeting needs to say which service and where."""
        found = super().clean() or {}
        if found.get("format") == Format.PHONE:
            found["provider_name"] = next((each.name for each in queries.services() if each.by_phone), "")
            found["address"] = ""
        if found.get("format") in (Format.ONLINE, Format.HYBRID):
            if not found.get("provider_name") and "provider_name" in found:
                self.add_error("provider_name", _("Choose the service your link is from."))
            service = {each.name: each for each in queries.services()}.get(found.get("provider_name", ""))
            if not found.get("address") and "address" in found and (service is None or service.takes_address):
                self.add_error("address", _("Paste the link of your meeting here."))
        return found


class ConnectForm(forms.Form):
    """What has to be entered once for a service. Secrets are never filled in again."""

    def __init__(self, *args: Any, settings: Sequence[Setting], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for each in settings:
            widget = forms.PasswordInput(attrs=_OFF) if each.secret else forms.TextInput(attrs=_OFF)
            self.fields[each.name] = forms.CharField(
                label=each.label,
                help_text=each.help,
                required=each.needed,
                max_length=2000,
                widget=widget,
            )


class WeighForm(forms.Form):
    """What could happen to the people who come."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for each, words in QUESTION_WORDS.items():
            self.fields[each] = forms.ChoiceField(label=words, choices=_SAID, widget=forms.RadioSelect)


class ChooseForm(forms.Form):
    """The way a group chose, after it saw what speaks against each."""

    way = forms.ChoiceField(
        label=_("Which way do you choose?"), choices=list(WAY_WORDS.items()), widget=forms.RadioSelect
    )
    provider_name = forms.ChoiceField(label=_("If not in a room: which service?"), required=False)
    words = forms.CharField(
        label=_("Why this one?"),
        help_text=_("A few words, for those who answer for the group. Sealed. Leave names out."),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3} | _OFF),
    )
    has_read = forms.BooleanField(
        label=_("If by phone: I have read that numbers can show on screens and on bills. Members are told so."),
        required=False,
    )
    together = forms.BooleanField(
        label=_("I compared these with a second person of the team."),
        help_text=_("This is kept as your word, with your name and today’s date."),
        required=False,
    )

    def __init__(self, *args: Any, offers: Choices, answers: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["provider_name"].choices = [("", _("None, we meet in a room")), *offers]  # type: ignore[attr-defined]
        for name in QUESTION_WORDS:
            self.fields[name] = forms.CharField(widget=forms.HiddenInput, initial=answers.get(name, ""))

    @property
    def chosen(self) -> dict[str, Any]:
        """The choice without the answers it rests on."""
        return {name: value for name, value in self.cleaned_data.items() if name not in QUESTION_WORDS}


class SecondForm(forms.Form):
    """Where a series meets if its service is gone."""

    provider_name = forms.ChoiceField(label=_("Which service?"))
    address = forms.CharField(
        label=_("The link or number of the meeting there, if it needs one"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs=_OFF),
    )

    def __init__(self, *args: Any, offers: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["provider_name"].choices = offers  # type: ignore[attr-defined]


class AddressForm(forms.Form):
    """Another link or place."""

    one_question = True
    address = forms.CharField(
        label=_("Where does it lead from now on?"), max_length=500, widget=forms.TextInput(attrs=_OFF)
    )


class HostForm(forms.Form):
    """Who carries which part of a meeting."""

    person_id = forms.ChoiceField(label=_("Who"))
    part = forms.ChoiceField(label=_("Which part"), choices=list(PART_WORDS.items()))

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


class ToldForm(forms.Form):
    """What a person saw of each setting that no service shows."""

    def __init__(self, *args: Any, asked: Sequence[queries.Asked], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked
        for number, each in enumerate(asked):
            self.fields[f"setting-{number}"] = forms.ChoiceField(
                label=f"{each.title}: {each.setting}",
                help_text=format_lazy(_("It should be: {expected}"), expected=each.expected),
                choices=(
                    ("yes", _("I looked, and it is so")),
                    ("no", _("It is not so, or I could not find out")),
                ),
                initial=None if each.holds is None else "yes" if each.holds else "no",
                widget=forms.RadioSelect,
            )

    @property
    def said(self) -> dict[tuple[str, str], bool]:
        """(control, setting) -> whether it is as it should be."""
        return {
            (each.control, each.setting): self.cleaned_data[f"setting-{number}"] == "yes"
            for number, each in enumerate(self.asked)
        }


class HappenedForm(forms.Form):
    """What happened, last of all; the kind alone is worth keeping."""

    words = forms.CharField(
        label=_("What did you see and do?"),
        help_text=_("A few words, or nothing for now. Say “a member”, “a host”; leave names out."),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4} | _OFF),
    )


class AgendaForm(forms.Form):
    """How an evening goes: one part a line."""

    one_question = True
    items = forms.CharField(
        label=_("How does an evening go?"),
        help_text=_(
            "One line for each part: how many minutes, then what. Leave it empty to take what we propose."
        ),
        required=False,
        max_length=1200,
        widget=forms.Textarea(attrs={"rows": 8} | _OFF),
    )

    def clean_items(self) -> list[tuple[str, int]]:
        """The parts, as (words, minutes)."""
        found = rules.agenda_lines(self.cleaned_data["items"])
        if isinstance(found, int):
            said = _("Line %(n)d: begin with the minutes, then a few words, like “10 Arriving”.")
            raise forms.ValidationError(said % {"n": found})
        return found


MOOD_WORDS = {
    "calm": _("Calm"),
    "mixed": _("Good, with something heavy in it"),
    "heavy": _("Heavy"),
}


class DebriefForm(forms.Form):
    """Two questions after a meeting. ``notes``: whether anything may be written besides (PRO2)."""

    mood = forms.ChoiceField(label=_("How was it?"), choices=list(MOOD_WORDS.items()), widget=forms.RadioSelect)
    follow_up = forms.ChoiceField(
        label=_("Does anything need following up?"),
        choices=(("no", _("No")), ("yes", _("Yes, somebody should look after it"))),
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("What, in a few words?"),
        help_text=_("Sealed. Only those who answer for the group read it. Leave names out."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4} | _OFF),
    )

    def __init__(self, *args: Any, notes: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not notes:
            del self.fields["words"]


class CardForm(forms.Form):
    """Better words for a card."""

    words = forms.CharField(
        label=_("What do you say?"),
        help_text=_("At most 40 words. Leave it empty to take ours. Counting begins anew."),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 4} | _OFF),
    )


STEP_WORDS = {
    "reminder": _("A reminder"),
    "talk": _("A talk is next"),
    "pause": _("A pause from the group"),
    "leaving": _("Leaving the group"),
}


class NoteForm(forms.Form):
    """A private note to one member."""

    member_id = forms.ChoiceField(label=_("Who is it for?"))
    step = forms.ChoiceField(
        label=_("Which step is it?"),
        help_text=_("In this order. To skip one, ask a second person first."),
        choices=list(STEP_WORDS.items()),
        initial="reminder",
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("What do you write?"),
        help_text=_("What you saw, and what happens next. No names of others."),
        max_length=rules.LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 6} | _OFF),
        error_messages={"required": _("Write a few sentences.")},
    )

    def __init__(self, *args: Any, members: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member_id"].choices = members  # type: ignore[attr-defined]
