"""Forms of this room: what would help, never why."""

from django import forms
from django.utils.translation import gettext_lazy as _

from circlekeeper.areas.access.words import KINDS

_OFF = {"autocomplete": "off"}


class AskForm(forms.Form):
    """What would help someone take part."""

    why = {"words": _("Only the person who arranges access reads it. Please do not tell us a diagnosis.")}
    words = forms.CharField(
        label=_("What would help you take part?"),
        help_text=_("For example captions, an interpreter, a break after half an hour, larger letters."),
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
