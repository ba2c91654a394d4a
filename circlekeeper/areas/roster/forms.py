"""Forms of the roster. Nothing typed here is ever drawn into a title or a log."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from circlekeeper.areas.roster import rules, words
from circlekeeper.areas.roster.actions.openings import SENTENCE
from circlekeeper.areas.roster.models import OpeningReason
from circlekeeper.areas.roster.rules import SafeContact, Says
from circlekeeper.areas.roster.rules.lists import Column, Target

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


class ContactForm(forms.Form):
    """Whether and how somebody may be reached. No is the answer that needs nothing else."""

    says = forms.ChoiceField(
        label=_("May we reach you?"),
        choices=[
            (Says.NO, _("No. I look at my page myself.")),
            (Says.YES, _("Yes")),
            (Says.AT_TIMES, _("Yes, but only at certain times")),
        ],
        initial=Says.NO,
        widget=forms.RadioSelect,
    )
    channel = forms.ChoiceField(
        label=_("How?"),
        choices=[(name, words.VALUES[name]) for name in rules.CHANNELS],
        required=False,
        widget=forms.RadioSelect,
    )
    address = _line(_("Where?"), help_text=_("An address or a number that only you read or answer."))
    start = forms.TimeField(
        label=_("From"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    end = forms.TimeField(
        label=_("Until"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    voicemail = forms.BooleanField(label=_("You may leave a message"), required=False)
    why = {"says": _("So that we can tell you when a meeting moves. We ask again every three months.")}

    def contact(self, zone: str) -> SafeContact:
        """The answer as a rule sees it."""
        said = self.cleaned_data
        return SafeContact(
            says=Says(said["says"]),
            channel=said["channel"],
            address=said["address"].strip(),
            start=said["start"].strftime("%H:%M") if said["start"] else "",
            end=said["end"].strftime("%H:%M") if said["end"] else "",
            voicemail=said["voicemail"],
            zone=zone,
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
        if texts.pledge.how == "tick":
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
