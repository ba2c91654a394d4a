"""Forms of the roster. Nothing typed here is ever drawn into a title or a log."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.validators import validate_email
from django.utils.dates import WEEKDAYS as _WEEKDAYS
from django.utils.translation import gettext_lazy as _

from circlekeeper.areas.roster import rules, words
from circlekeeper.areas.roster.actions.openings import SENTENCE
from circlekeeper.areas.roster.models import OpeningReason
from circlekeeper.areas.roster.rules import Says, Way
from circlekeeper.areas.roster.rules.lists import Column, Target
from circlekeeper.foundation import clock

_QUIET = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}


def _line(label: Any, *, most: int = 200, required: bool = False, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=most,
        required=required,
        help_text=help_text,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class Unseen(forms.Textarea):
    """A text box that is always drawn empty."""

    def format_value(self, value: Any) -> None:
        """Nothing, whatever was typed."""
        return None


class EnterForm(forms.Form):
    """The member key, typed or pasted."""

    one_question = True
    key = forms.CharField(
        label=_("What is your key?"),
        max_length=300,
        help_text=_("The twelve words, or the letters and digits. Capitals, spaces and dashes do not matter."),
        # What was typed is not drawn back: it may be a whole key on a screen that others see.
        widget=Unseen(attrs={"rows": 2, **_QUIET}),
    )


class NameForm(forms.Form):
    """What the group calls a member."""

    one_question = True
    why = {"alias": _("So that others can talk to you. It need not be your legal name.")}
    alias = _line(_("What shall we call you?"), most=rules.ALIAS_LENGTH * 2, required=True)

    def clean_alias(self) -> str:
        alias = rules.tidy_alias(self.cleaned_data["alias"])
        if rules.alias_fault(alias):
            raise forms.ValidationError(
                _("Choose a name of at most 40 letters, without an address or a telephone number in it.")
            )
        return alias


def zone_choices() -> list[tuple[str, str]]:
    """Places by which a clock goes, with an underscore read as a space."""
    names = sorted(each for each in clock.time_zones() if "/" in each and not each.startswith("Etc/"))
    return [*((each, each.replace("_", " ")) for each in names), ("UTC", "UTC")]


def _check_mail(form: forms.Form, address: str) -> None:
    try:
        validate_email(address.strip())
    except forms.ValidationError:
        form.add_error("address", _("This does not look like a mail address."))


class WayForm(forms.Form):
    """Whether and how somebody may be reached by one channel. No is the answer that needs nothing else."""

    says = forms.ChoiceField(
        label=_("May we?"),
        choices=[
            (Says.NO, _("No")),
            (Says.YES, _("Yes")),
            (Says.AT_TIMES, _("Yes, but only at certain times")),
        ],
        initial=Says.NO,
        widget=forms.RadioSelect,
    )
    address = _line(_("Where?"), help_text=_("An address or a number that only you read or answer."))
    start = forms.TimeField(
        label=_("From"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    end = forms.TimeField(
        label=_("Until"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    days = forms.MultipleChoiceField(
        label=_("Only on these days"),
        choices=[(str(number), _WEEKDAYS[number - 1]) for number in range(1, 8)],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked means every day."),
    )
    zone = forms.ChoiceField(label=_("Where is your clock?"), required=False)
    voicemail = forms.BooleanField(label=_("You may leave a message on the machine"), required=False)
    remind = forms.BooleanField(
        label=_("Remind me on the day before we meet, and when something is due again"), required=False
    )

    def __init__(self, *args: Any, channel: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.channel = channel
        self.fields["zone"].choices = zone_choices()  # type: ignore[attr-defined]
        # A machine sends mail only; the other ways are taken by a person, and a person need not be reminded to remind.
        for name, only in (("voicemail", "call"), ("remind", "mail")):
            if channel != only:
                del self.fields[name]
        if channel == "post":
            for name in ("start", "end", "days", "zone"):
                del self.fields[name]
            self.fields["says"].choices = [(Says.NO, _("No")), (Says.YES, _("Yes"))]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A post has no hours and a phone's clock has a place; what a channel does not ask is empty."""
        found = super().clean() or {}
        if self.channel == "mail" and found.get("says") != Says.NO and found.get("address"):
            _check_mail(self, str(found["address"]))
        return {"start": None, "end": None, "days": [], "zone": "", "voicemail": False} | found

    def way(self) -> Way:
        """The answer as a rule sees it."""
        said = self.cleaned_data
        return Way(
            says=Says(said["says"]),
            channel=self.channel,
            address=said["address"].strip(),
            start=said["start"].strftime("%H:%M") if said["start"] else "",
            end=said["end"].strftime("%H:%M") if said["end"] else "",
            days=tuple(int(day) for day in said["days"]),
            voicemail=said["voicemail"],
        )


class EmergencyForm(forms.Form):
    """What helps to send help to the right place. Every question may be left open."""

    area = _line(_("Where should help go?"), help_text=_("A town or a part of town is enough."))
    number = _line(_("Which emergency number works there?"), most=40)
    person = _line(_("Whom may we call?"), most=80)
    reach = _line(_("How do we reach them?"), most=80)
    when = _line(_("When should we call them?"), help_text=_("For example: only if I cannot be reached myself."))
    knows = _line(_("What does that person know?"), help_text=_("For example: not that I come to this group."))
    naming = forms.BooleanField(label=_("We may say who is calling"), required=False)
    why = {"area": _("So that help finds you. It is opened only with a reason, and you can see that it was.")}

    def fields_said(self) -> dict[str, str]:
        """The answers as they are kept."""
        said = self.cleaned_data
        naming = rules.MayName.YES if said["naming"] else rules.MayName.NO
        return {**{name: said[name] for name in rules.EMERGENCY_FIELDS if name != "naming"}, "naming": naming}


class HelpForm(forms.Form):
    """What would help somebody take part."""

    one_question = True
    why = {"needs": _("So that we can get ready. Please tell us what helps, not a diagnosis.")}
    needs = forms.CharField(
        label=_("What would help you take part?"),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
    )


def ask_consent(form: forms.Form, text: Any) -> None:
    """Add the tick for the purpose a form is kept for, with its words; never prepared."""
    form.one_question = False  # type: ignore[attr-defined]
    form.fields["agree"] = forms.BooleanField(label=text.title, help_text=text.words, required=False)


class SureForm(forms.Form):
    """That somebody means it, where nothing can be undone."""

    sure = forms.BooleanField(label=_("I understand that nobody can bring it back"))


class MoveForm(forms.Form):
    """What travels to another group; nothing does unless ticked."""

    def __init__(self, data: Any = None, *, choices: Any) -> None:
        super().__init__(data)
        self.fields["parts"] = forms.MultipleChoiceField(
            label=_("What shall travel with you?"), choices=choices, widget=forms.CheckboxSelectMultiple
        )


class UnpackForm(forms.Form):
    """The code of a parcel, and a yes for each part that is not agreed to here yet."""

    def __init__(self, data: Any = None, *, texts: Mapping[str, Any]) -> None:
        super().__init__(data)
        self.texts = texts
        # As with a key: what was typed is not drawn back.
        self.fields["code"] = forms.CharField(
            label=_("Your code"),
            max_length=300,
            help_text=_("The twelve words, or the letters and digits."),
            widget=Unseen(attrs={"rows": 2, **_QUIET}),
        )
        for part, text in texts.items():
            self.fields[f"agree-{part}"] = forms.BooleanField(
                label=text.title, help_text=text.words, required=False
            )


class YesForm(forms.Form):
    """One purpose, one tick, none prepared."""

    def __init__(self, data: Any = None, *, text: Any) -> None:
        super().__init__(data)
        self.fields["agree"] = forms.BooleanField(label=text.title, help_text=text.words)


class OpeningForm(forms.Form):
    """Why a sealed part of somebody's record is opened."""

    reason = forms.ChoiceField(
        label=_("Why do you open it?"),
        choices=[(reason, words.REASONS[reason]) for reason in OpeningReason],
        widget=forms.RadioSelect,
    )
    sentence = forms.CharField(
        label=_("In one sentence"),
        min_length=SENTENCE[0],
        max_length=SENTENCE[1],
        help_text=_("It is sealed with the record and goes when the record goes."),
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )


class SilenceForm(forms.Form):
    """Until when telling a member would endanger someone."""

    until = forms.DateField(label=_("Do not tell them before"), widget=forms.DateInput(attrs={"type": "date"}))


class ListForm(forms.Form):
    """A file with a list of people. Read in memory, never stored as it is."""

    file = forms.FileField(
        label=_("Which file?"),
        help_text=_("CSV, XLSX, or text with tabs. At most 10 MB and 5,000 rows. No pictures."),
        max_length=200,
    )


class ColumnsForm(forms.Form):
    """Where each column goes; everything is left out unless chosen."""

    def __init__(self, data: Any = None, *, columns: Iterable[Column], goes: Mapping[int, Target]) -> None:
        super().__init__(data)
        self.ats = []
        for column in columns:
            self.ats.append(column.at)
            self.fields[f"column-{column.at}"] = forms.ChoiceField(
                label=column.header or _("Column %(n)d") % {"n": column.at + 1},
                choices=[(target.value, words.TARGETS[target]) for target in Target],
                initial=goes.get(column.at, column.goes),
                help_text=", ".join(column.samples),
            )

    def goes(self) -> dict[int, Target]:
        """The choice for each column."""
        return {at: Target(self.cleaned_data[f"column-{at}"]) for at in self.ats}

    def clean(self) -> dict[str, Any]:
        chosen = [value for value in self.cleaned_data.values() if value != Target.DROP]
        if len(chosen) != len(set(chosen)):
            raise forms.ValidationError(_("Each kind can come from one column only."))
        if not self.errors and not chosen:
            raise forms.ValidationError(_("Choose at least one column to bring along."))
        return self.cleaned_data


class AgreeForm(forms.Form):
    """Each consent its own tick, none prepared; and the promise."""

    def __init__(self, data: Any = None, *, texts: Any) -> None:
        super().__init__(data)
        self.texts = texts
        for purpose in texts.purposes:
            self.fields[f"consent-{purpose.purpose}"] = forms.BooleanField(
                label=purpose.title, help_text=purpose.words, required=purpose.needed
            )
        if texts.pledge.strength == "tick":
            self.fields["promise"] = forms.BooleanField(label=texts.pledge.title, help_text=texts.pledge.words)
            return
        asked = _("Your legal name") if texts.pledge.legal_name else _("Your name, or the name you use here")
        self.fields["signature"] = forms.CharField(
            label=asked,
            help_text=texts.pledge.words,
            max_length=120,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )

    def consents(self) -> dict[str, str]:
        """Purpose to the hash of the text shown, for what was ticked."""
        return {
            purpose.purpose: purpose.sha256
            for purpose in self.texts.purposes
            if self.cleaned_data.get(f"consent-{purpose.purpose}")
        }


class ExportForm(forms.Form):
    """Asking to take out a list: the fewest columns, each with why it is needed."""

    purpose = forms.ChoiceField(
        label=_("What is it for?"), choices=list(words.EXPORT_PURPOSES.items()), widget=forms.RadioSelect
    )
    recipient = forms.CharField(
        label=_("For whose age key?"),
        help_text=_("It begins with age1. Only who has the other half of the key can open the file."),
        max_length=80,
    )
    until = forms.DateField(
        label=_("Until which day is it needed?"),
        help_text=_("At most two weeks. Then every copy has to be destroyed."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for column, title in words.EXPORT_COLUMNS.items():
            self.fields[column] = forms.ChoiceField(
                label=title,
                choices=[("", _("Leave it out")), *words.EXPORT_REASONS.items()],
                required=False,
            )

    @property
    def columns(self) -> dict[str, str]:
        """The columns that are needed, with why."""
        return {column: why for column in words.EXPORT_COLUMNS if (why := self.cleaned_data[column])}


class FindForm(forms.Form):
    """Finding somebody by the name they chose, or a part of it. Sent, not put into an address."""

    name = forms.CharField(label=_("Find a name"), max_length=60)
