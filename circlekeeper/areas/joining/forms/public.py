"""Forms of joining: short, with the reason for asking beside each question."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.core.validators import validate_email
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from circlekeeper.areas.agreements.queries import JoiningTexts
from circlekeeper.areas.joining import rules
from circlekeeper.areas.roster import rules as roster

_ALIAS_FAULTS = {
    "long": _("Please use a shorter name, up to 40 letters."),
    "address": _("This looks like an address. Choose a name that does not lead to you."),
    "number": _("This looks like a phone number. Choose a name that does not lead to you."),
    "no letter": _("Please use at least one letter."),
    "empty": _("Please choose a name."),
}
_CONTACT_FAULTS = {
    "channel": _("Choose how we may reach you."),
    "address": _("Give an address or number for that way of reaching you."),
    "start": _("Say from when until when."),
}
_OFF = {"autocomplete": "off"}


class NameForm(forms.Form):
    """What to call you."""

    one_question = True
    alias = forms.CharField(
        label=_("What may we call you?"),
        help_text=_("A made-up name is fine. It should not be one you use elsewhere."),
        max_length=200,
        widget=forms.TextInput(attrs=_OFF),
        error_messages={"required": _ALIAS_FAULTS["empty"]},
    )

    def __init__(self, *args: Any, legal_later: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.why = {
            "alias": _(
                "So that people can speak to you. On the last page this group also asks for your legal name; "
                "it stays sealed."
            )
            if legal_later
            else _("So that people can speak to you. Nobody will ask for your legal name here.")
        }

    def clean_alias(self) -> str:
        """Tidied, and nothing that leads to a person."""
        alias = roster.tidy_alias(self.cleaned_data["alias"])
        fault = roster.alias_fault(alias)
        if fault is not None:
            raise forms.ValidationError(_ALIAS_FAULTS[fault.value])
        return alias


def _no_mail(contact: roster.SafeContact) -> bool:
    """Whether a mail address could never be written to; the outbox would drop it without a word."""
    if contact.channel != "mail":
        return False
    try:
        validate_email(contact.address)
    except forms.ValidationError:
        return True
    return False


class ContactForm(forms.Form):
    """Whether and how we may reach you; the answer we start from is no."""

    why = {
        "says": _("A message at the wrong moment can hurt. Without a yes we send nothing."),
        "referral": _("If someone we trust sent you, their code tells us. It does not tell us who you are."),
    }
    says = forms.ChoiceField(
        label=_("May we reach you outside meetings?"),
        choices=(
            ("no", _("No, please do not")),
            ("yes", _("Yes")),
            ("at-times", _("Yes, but only at certain times")),
        ),
        initial="no",
        widget=forms.RadioSelect,
    )
    channel = forms.ChoiceField(
        label=_("How?"),
        choices=(
            ("", _("Choose one")),
            ("mail", _("E-mail")),
            ("text", _("Text message")),
            ("call", _("Phone call")),
            ("post", _("Letter")),
        ),
        required=False,
    )
    address = forms.CharField(
        label=_("Address or number"), max_length=200, required=False, widget=forms.TextInput(attrs=_OFF)
    )
    start = forms.TimeField(label=_("From"), required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    end = forms.TimeField(label=_("Until"), required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    voicemail = forms.BooleanField(label=_("You may leave a message"), required=False)
    remind = forms.BooleanField(
        label=_("Remind me by e-mail on the day before we meet, and when something is due again"), required=False
    )
    referral = forms.CharField(
        label=_("A code from whoever sent you"), max_length=100, required=False, widget=forms.TextInput(attrs=_OFF)
    )

    def __init__(self, *args: Any, path: str, good_code: Callable[[str], bool], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.path, self.good_code = path, good_code
        if path == "form":
            del self.fields["referral"]

    def clean_referral(self) -> str:
        """Forged, used or too old: it is said at once, not at the end (REG7)."""
        code = str(self.cleaned_data["referral"]).strip()
        if code and not self.good_code(code):
            raise forms.ValidationError(
                _(
                    "This code cannot be used. A letter may be wrong, somebody may have used it, or it is too old. "
                    "Check it letter by letter, ask whoever gave it to you for another one, or leave it out and go on."
                )
            )
        return code

    def clean(self) -> dict[str, Any]:
        """A yes needs a way, an address and, if only at times, the times. After a no, nothing else is taken along."""
        found = super().clean() or {}
        if found.get("says") == "no":
            found |= {
                "channel": "",
                "address": "",
                "start": None,
                "end": None,
                "voicemail": False,
                "remind": False,
            }
            if self.path == "contact-proven" and not found.get("referral") and "referral" not in self.errors:
                self.add_error(
                    "says",
                    _(
                        "This group finds out once whether it reaches you before you join. Choose a way that is safe "
                        "for you, or give the code of whoever sent you."
                    ),
                )
            return found
        wanted = roster.SafeContact(
            says=roster.Says(found.get("says") or "no"),
            channel=found.get("channel") or "",
            address=found.get("address") or "",
            start=found["start"].isoformat() if found.get("start") else "",
            end=found["end"].isoformat() if found.get("end") else "",
        )
        fault = roster.contact_fault(wanted) or ("address" if _no_mail(wanted) else "")
        if fault:
            self.add_error(fault, _CONTACT_FAULTS[fault])
        return found


class HelpForm(forms.Form):
    """Where help should go, and what would help."""

    why = {
        "area": _(
            "If you are in danger during a meeting, hosts must know which place to send help to. "
            "It is sealed; each look is logged and you are told."
        ),
        "access": _("So that you can take part. Please do not tell us a diagnosis."),
    }
    area = forms.CharField(
        label=_("Town or area where you usually are during meetings"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs=_OFF),
    )
    number = forms.CharField(
        label=_("Emergency number there"), max_length=40, required=False, widget=forms.TextInput(attrs=_OFF)
    )
    person = forms.CharField(
        label=_("Someone we may call for you, if you like"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs=_OFF),
    )
    reach = forms.CharField(
        label=_("How to reach them"), max_length=200, required=False, widget=forms.TextInput(attrs=_OFF)
    )
    knows = forms.CharField(
        label=_("What does this person know about the group?"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs=_OFF),
    )
    naming = forms.BooleanField(label=_("We may say who is calling"), required=False)
    access = forms.CharField(
        label=_("Anything that would help you take part"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3} | _OFF),
    )

    def __init__(self, *args: Any, needed: bool, asked: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.needed, self.why = needed, dict(type(self).why)
        for name, purpose in asked.items():
            self.fields[f"extra-{name}"] = forms.CharField(
                label=_(rules.EXTRA[name]),
                help_text=_("Leave it empty if you like. Only the leader and the privacy lead read it."),
                max_length=400,
                required=False,
                widget=forms.Textarea(attrs={"rows": 3} | _OFF),
            )
            self.why[f"extra-{name}"] = purpose  # type: ignore[assignment]

    def clean(self) -> dict[str, Any]:
        """Where the group's level needs it: a place and a number, or a person and a way to reach them."""
        found = super().clean() or {}
        place = found.get("area") and found.get("number")
        person = found.get("person") and found.get("reach")
        if self.needed and not (place or person):
            self.add_error(
                "area", _("Please give a place and its emergency number, or a person and how to reach them.")
            )
        return found


def _paragraphs(words: str) -> str:
    return format_html_join(SafeString("<br><br>"), "{}", ((each,) for each in words.split("\n\n")))


class AgreeForm(forms.Form):
    """The policy, each consent as its own tick, and the promise."""

    def __init__(self, *args: Any, texts: JoiningTexts, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.texts = texts
        self.fields["policy"] = forms.BooleanField(
            label=_("I have read what happens to my data here."),
            error_messages={"required": _("Please read what happens to your data here, and tick that you have.")},
        )
        for each in texts.purposes:
            self.fields[f"consent-{each.purpose}"] = forms.BooleanField(
                label=each.title,
                help_text=each.words,
                required=each.needed,
                error_messages={
                    "required": _("To take part, please agree to this. You can take it back at any time.")
                },
            )
        words = _paragraphs(texts.pledge.words)
        if texts.pledge.strength == "tick":
            self.fields["pledge"] = forms.BooleanField(
                label=_("I promise this."),
                help_text=words,
                error_messages={"required": _("Please tick the promise, so that everyone is safe here.")},
            )
        else:
            self.fields["signature"] = forms.CharField(
                label=_("Your legal name, as your promise")
                if texts.pledge.legal_name
                else _("Type your name here as your promise; the name we call you is fine"),
                help_text=words,
                max_length=120,
                widget=forms.TextInput(attrs=_OFF),
                error_messages={"required": _("Please write your name under the promise.")},
            )

    def agreed(self) -> dict[str, str]:
        """Purpose to the hash of the text that was shown."""
        return {
            each.purpose: each.sha256
            for each in self.texts.purposes
            if self.cleaned_data.get(f"consent-{each.purpose}")
        }


class ChooseForm(forms.Form):
    """One of the times that are offered."""

    slot = forms.ChoiceField(
        label=_("When may we call you?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose a time."),
            "invalid_choice": _("This time is gone. Choose another one."),
        },
    )

    def __init__(self, *args: Any, times: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slot"].choices = times  # type: ignore[attr-defined]


class CodeForm(forms.Form):
    """The code someone on the team told you."""

    one_question = True
    code = forms.CharField(
        label=_("Which code were you told?"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )
