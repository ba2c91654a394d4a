"""Forms of this room: what would help, never why."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from circlekeeper.areas.access.rules import MANY, RuleKind
from circlekeeper.areas.access.words import CARD_ANSWERS, CARD_QUESTIONS, KINDS

_OFF = {"autocomplete": "off"}


class AskForm(forms.Form):
    """What would help someone take part."""

    why = {"words": _("Only the person who arranges access reads it.")}
    words = forms.CharField(
        label=_("What would help you take part?"),
        help_text=_(
            "For example captions, an interpreter, a break after half an hour, larger letters. "
            "Please do not tell us a diagnosis."
        ),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5} | _OFF),
        error_messages={"required": _("Write a few words first.")},
    )


class AnswerForm(forms.Form):
    """An answer to whoever asked."""

    words = forms.CharField(
        label=_("Your answer"),
        help_text=_("They read it on their own page. Ask what would help, never why."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5} | _OFF),
        error_messages={"required": _("Write a few words first.")},
    )


class HelperForm(forms.Form):
    """Somebody who interprets or writes captions."""

    kind = forms.ChoiceField(label=_("What do they do?"), choices=list(KINDS.items()), widget=forms.RadioSelect)
    name = forms.CharField(
        label=_("Who are they?"),
        max_length=120,
        widget=forms.TextInput(attrs=_OFF),
        error_messages={"required": _("Write who they are.")},
    )
    reach = forms.CharField(
        label=_("How do you reach them?"),
        help_text=_("Sealed. Only you read it."),
        max_length=200,
        widget=forms.TextInput(attrs=_OFF),
        error_messages={"required": _("Write how you reach them.")},
    )


RULE_WORDS = {
    RuleKind.NORMS: _("How we treat each other"),
    RuleKind.POLICY: _("What happens to data"),
    RuleKind.OTHER: _("Something else"),
}


class HurtsForm(forms.Form):
    """A rule that hurts someone."""

    kind = forms.ChoiceField(
        label=_("What is the rule about?"),
        choices=[(kind.value, words) for kind, words in RULE_WORDS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what it is about.")},
    )
    words = forms.CharField(
        label=_("Which rule, and what does it do?"),
        help_text=_(
            "Only the leader and the privacy lead read it. Nothing shows who wrote it, so leave out your name."
        ),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5} | _OFF),
        error_messages={"required": _("Say in a few sentences which rule it is and what it does.")},
    )


class VerdictForm(forms.Form):
    """What becomes of a rule, and what members are told."""

    verdict = forms.ChoiceField(
        label=_("What do you decide?"),
        choices=(("change", _("We change it")), ("keep", _("It stays"))),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you decide.")},
    )
    part = forms.ChoiceField(label=_("Which words change?"), required=False)
    words = forms.CharField(
        label=_("The new words"),
        help_text=_("Leave them empty to take the old ones away."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4} | _OFF),
    )
    note = forms.CharField(
        label=_("What do you tell the members?"),
        help_text=_("A sentence or two. It names and thanks nobody."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3} | _OFF),
        error_messages={"required": _("Tell the members in a sentence what you decided and why.")},
    )

    def __init__(self, *args: Any, parts: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["part"].choices = parts  # type: ignore[attr-defined]


class CardForm(forms.Form):
    """How somebody likes to be treated; each question may stay empty."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in CARD_QUESTIONS.items():
            answers = list(CARD_ANSWERS[name].items())
            if name in MANY:
                self.fields[name] = forms.MultipleChoiceField(
                    label=label, choices=answers, required=False, widget=forms.CheckboxSelectMultiple
                )
            else:
                self.fields[name] = forms.ChoiceField(
                    label=label,
                    choices=[("", _("I say nothing about this")), *answers],
                    required=False,
                    widget=forms.RadioSelect,
                )

    def said(self) -> dict[str, list[str]]:
        """The answers by question."""
        return {
            name: list(value) if isinstance(value, list) else [value]
            for name, value in self.cleaned_data.items()
            if value
        }
