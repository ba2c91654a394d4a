"""What people fill in here."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from circlekeeper.foundation.accounts.forms import ForgottenForm, InvitationCodeForm, NewPassphrase

REMOVAL_REASONS = (
    ("trust", _("We no longer trust this person with the group")),
    ("taken", _("Somebody else uses their account")),
    ("gone", _("They are gone and do not answer")),
    ("other", _("Another reason, known to the team")),
)


class RemovalForm(forms.Form):
    """Why somebody's powers end."""

    one_question = True
    reason = forms.ChoiceField(
        label=_("Why?"),
        choices=REMOVAL_REASONS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one, so that the team can answer for it later.")},
    )


class TakenForm(NewPassphrase):
    """A passphrase the thief does not know."""

    field_order = ("new", "again")


class HandoverForm(forms.Form):
    """Who goes, and who takes over."""

    leaver = forms.ChoiceField(label=_("Who hands over?"), widget=forms.RadioSelect)
    successor = forms.ChoiceField(label=_("Who takes over?"), widget=forms.RadioSelect)

    def __init__(
        self, *args: Any, leaders: list[tuple[str, str]], team: list[tuple[str, str]], **more: Any
    ) -> None:
        super().__init__(*args, **more)
        cast(forms.ChoiceField, self.fields["leaver"]).choices = leaders
        cast(forms.ChoiceField, self.fields["successor"]).choices = team

    def clean(self) -> dict[str, Any]:
        """Two people, not one."""
        cleaned = super().clean() or {}
        if cleaned.get("leaver") and cleaned.get("leaver") == cleaned.get("successor"):
            self.add_error("successor", gettext("Choose somebody else: nobody takes over from themselves."))
        return cleaned


class WayBackForm(InvitationCodeForm, NewPassphrase):
    """The code from the co-leader, and a new passphrase."""

    field_order = ("code", "new", "again")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["code"].label = _("The code your co-leader gave you")


def _words(label: Any) -> forms.CharField:
    attrs = {"rows": 3, "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
    return forms.CharField(
        label=label,
        max_length=400,
        help_text=_("Twelve words, with spaces between them."),
        widget=forms.Textarea(attrs=attrs),
    )


class PapersForm(forms.Form):
    """Two of the three papers."""

    first = _words(_("The words of one paper"))
    second = _words(_("The words of another paper"))


class NoPhoneForm(ForgottenForm):
    """The kit and a new passphrase, without a code."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        del self.fields["code"]
