"""The one form of this room: the words of a text, and what publishing them means."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from circlekeeper.areas.agreements import words
from circlekeeper.areas.agreements.actions.openings import SENTENCE
from circlekeeper.areas.agreements.models import CopyReason
from circlekeeper.areas.agreements.rules import Bound, Mandated

LONGEST = 12_000
MUST_SAY = _("This part must say something. People need it to decide.")


@dataclass(frozen=True, slots=True)
class Words:
    """One field of words: its name, its label, a hint, what stands in it now, and whether it may stay empty."""

    name: str
    label: str
    hint: str
    initial: str
    rows: int = 6
    mandatory: bool = True


class TextForm(forms.Form):
    """Words by field; for a later version also whether those who agreed are asked again."""

    after = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    note = forms.CharField(
        label=_("What changed, in one sentence?"),
        help_text=_("Whoever answered before, and whoever joins, reads this beside the text."),
        max_length=300,
        error_messages={"required": _("Say in one sentence what changed, and why others are asked again or not.")},
    )
    asks = forms.ChoiceField(
        label=_("Who has to answer again?"),
        choices=(
            ("everyone", _("Everyone is asked again before their next meeting.")),
            ("nobody", _("Nobody. I only made it clearer or corrected spelling.")),
        ),
        initial="everyone",
        widget=forms.RadioSelect,
    )
    why = {
        "asks": _(
            "A yes covers the words that were read. If these words promise something else, people answer again."
        )
    }

    def __init__(self, data: Any = None, *, words: Sequence[Words], version: int) -> None:
        super().__init__(data, initial={"after": version})
        texts: dict[str, forms.Field] = {
            each.name: forms.CharField(
                label=each.label,
                help_text=each.hint,
                initial=each.initial,
                max_length=LONGEST,
                required=each.mandatory,
                error_messages={"required": MUST_SAY},
                widget=forms.Textarea(attrs={"rows": each.rows}),
            )
            for each in words
        }
        self.names = list(texts)
        if version == 0:
            del self.fields["note"], self.fields["asks"]
        self.fields = texts | self.fields

    def words(self) -> dict[str, str]:
        """What was written, by field."""
        return {name: self.cleaned_data[name] for name in self.names}


class KeptForm(forms.Form):
    """What may be told outside, and why it is changed."""

    kept = forms.ChoiceField(label=_("What may be told outside?"), widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("What changed, in one sentence?"),
        help_text=_("Whoever answered before, and whoever joins, reads this beside the text."),
        max_length=300,
    )
    why = {"kept": _("People decide what to say by what may be told of it.")}

    def __init__(self, data: Any = None, *, choices: Sequence[tuple[str, str]], chosen: str) -> None:
        super().__init__(data, initial={"kept": chosen})
        self.fields["kept"].choices = choices  # type: ignore[attr-defined]


class OpenCopyForm(forms.Form):
    """Why a signed copy is opened."""

    reason = forms.ChoiceField(
        label=_("Why do you open it?"),
        choices=[(reason, words.REASONS[reason]) for reason in CopyReason],
        widget=forms.RadioSelect,
    )
    sentence = forms.CharField(
        label=_("In one sentence"),
        min_length=SENTENCE[0],
        max_length=SENTENCE[1],
        help_text=_("It is sealed with the copy and goes when the copy goes."),
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )


class CheckForm(forms.Form):
    """A copy and its code. The file is read in memory and not kept."""

    file = forms.FileField(label=_("Which file?"), help_text=_("The PDF as you got it."), max_length=200)
    code = forms.CharField(
        label=_("The code in it"),
        help_text=_("Four groups of five letters and digits, at the end of the copy."),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class BoundForm(forms.Form):
    """How a person of the team is bound to keep silent."""

    bound = forms.ChoiceField(
        label=_("What binds you to keep silent?"),
        choices=[
            (Bound.PROFESSION.value, _("My profession: a licence that holds now")),
            (Bound.PLEDGE.value, _("The same promise that members make; I make it with this answer")),
            (Bound.NONE.value, _("Nothing")),
        ],
        widget=forms.RadioSelect,
    )
    licence_body = forms.CharField(
        label=_("Who gave the licence?"),
        help_text=_(
            "For a profession only. Never write the number: members do not need it, and we do not keep it."
        ),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    licence_until = forms.DateField(
        label=_("Until which day does it hold?"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    mandated = forms.ChoiceField(
        label=_("Does a law make you report some things?"),
        choices=[
            (Mandated.YES.value, _("Yes")),
            (Mandated.NO.value, _("No")),
            (Mandated.UNKNOWN.value, _("I do not know")),
        ],
        widget=forms.RadioSelect,
    )
    shown_as = forms.CharField(
        label=_("The name members know you by"),
        help_text=_("Anyone can read it on the group's page."),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    why = {
        "bound": _(
            "People speak differently to someone who must keep silent, and they decide by what they read here."
        ),
        "mandated": _("Whoever learns too late that you must report feels betrayed."),
    }
