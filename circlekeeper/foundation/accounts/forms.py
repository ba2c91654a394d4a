"""What people fill in. Passphrases are never drawn back into a page."""

from collections.abc import Iterable
from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from circlekeeper.foundation.accounts import passphrase, rules
from circlekeeper.foundation.accounts.models import HANDLE_LENGTH, Person
from circlekeeper.foundation.vault import kdf

BUSY = _("Many people are signing in just now. Wait half a minute, then press again.")

WRONG_CODE = _("That code did not fit. Each code works once: wait for the next one in your app and type that.")


def _passphrase(label: Any, *, fresh: bool = False, help_text: Any = "") -> forms.CharField:
    told = {"autocomplete": "new-password" if fresh else "current-password"}
    return forms.CharField(
        label=label, strip=False, max_length=1000, help_text=help_text, widget=forms.PasswordInput(attrs=told)
    )


def _code(label: Any, *, help_text: Any = "", told: str = "off") -> forms.CharField:
    attrs = {"autocomplete": told, "autocapitalize": "none", "spellcheck": "false"}
    return forms.CharField(label=label, max_length=200, help_text=help_text, widget=forms.TextInput(attrs=attrs))


class SignInForm(LoginForm):  # type: ignore[misc]
    """A handle and a passphrase, checked by allauth within its limits."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label=_("Your sign-in name"),
            max_length=200,
            widget=forms.TextInput(
                attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
            ),
        )
        self.fields["password"] = _passphrase(_("Your passphrase"))
        self.order_fields(["login", "password"])

    def clean(self) -> dict[str, Any]:
        try:
            cleaned: dict[str, Any] = super().clean()
        except kdf.Busy as busy:
            raise forms.ValidationError(BUSY) from busy
        return cleaned


class CodeForm(forms.Form):
    """A code from an app, or a spare code."""

    code = _code(
        _("The code from your app"),
        help_text=_("Six digits. Or one of your spare codes."),
        told="one-time-code",
    )


class AppForm(forms.Form):
    """The first code from an app that was just connected."""

    code = _code(_("The six digits your app shows now"), told="one-time-code")


class CredentialForm(forms.Form):
    """What a device answered; a script fills it in."""

    credential = forms.JSONField(widget=forms.HiddenInput)


class SetUpCodeForm(forms.Form):
    """The code the machine showed when it was started."""

    code = _code(_("The set-up code"), help_text=_("It was shown where the program was started."))


class InvitationCodeForm(forms.Form):
    """The code that came with an invitation."""

    code = _code(_("The code of your invitation"), help_text=_("Five groups of letters and digits."))


class UnlockForm(forms.Form):
    """The passphrase, once more."""

    one_question = True
    passphrase = _passphrase(_("Type your passphrase to open what is sealed"))


class NewPassphrase(forms.Form):
    """Two times the same new passphrase; ``words``: what an attacker would try first."""

    def __init__(self, *args: Any, words: Iterable[str] = (), handle: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known_words = tuple(words)
        self.known_handle = handle
        self.fields["new"] = _passphrase(
            _("Your new passphrase"),
            fresh=True,
            help_text=_(
                "At least 12 letters. Four or five words that have nothing to do with each other make a good one."
            ),
        )
        self.fields["again"] = _passphrase(_("The same once more"), fresh=True)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        new = cleaned.get("new")
        if not new:
            return cleaned
        handle = rules.tidy_handle(cleaned.get("handle") or self.known_handle)
        try:
            passphrase.PassphraseValidator(self.known_words).validate(new, Person(handle=handle))
        except forms.ValidationError as weak:
            self.add_error("new", weak)
        if cleaned.get("again") and cleaned["again"] != new:
            self.add_error("again", gettext("The two are not the same. Type both again."))
        return cleaned


class WhoYouAreForm(NewPassphrase):
    """A new account: what to be called here, and a passphrase."""

    why = {
        "handle": _("People you work with see it. It need not be your name, and we ask for no address."),
        "new": _("It opens what members trust you with, so nobody may guess it. We cannot send you a new one."),
    }
    handle = forms.CharField(
        label=_("The name you will sign in with"),
        max_length=HANDLE_LENGTH,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    def clean_handle(self) -> str:
        """One spelling; no signs that would make it an e-mail address."""
        tidy = rules.tidy_handle(self.cleaned_data["handle"])
        if not rules.handle_is_fine(tidy):
            raise forms.ValidationError(
                gettext("Use 2 to 40 letters and digits; dots, hyphens and spaces may stand between them.")
            )
        return tidy


class ChangePassphraseForm(NewPassphrase):
    """The old passphrase and a new one."""

    old = _passphrase(_("Your passphrase now"))
    field_order = ("old", "new", "again")


class KitForm(forms.Form):
    """The twelve words, typed back."""

    one_question = True
    words = forms.CharField(
        label=_("Type your twelve words"),
        max_length=400,
        help_text=_("With spaces between them, in their order."),
        widget=forms.Textarea(
            attrs={"rows": 3, "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )


class ForgottenForm(NewPassphrase):
    """The way back: the kit, a second factor, a new passphrase."""

    handle = forms.CharField(
        label=_("Your sign-in name"),
        max_length=200,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    words = forms.CharField(
        label=_("The twelve words of your kit"),
        max_length=400,
        widget=forms.Textarea(
            attrs={"rows": 3, "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    code = _code(
        _("A code from your app"),
        help_text=_("Six digits. Or one of your spare codes, if you have no app."),
        told="one-time-code",
    )
    field_order = ("handle", "words", "new", "again", "code")
