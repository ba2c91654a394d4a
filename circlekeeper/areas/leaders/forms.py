"""What people fill in here."""

from django import forms
from django.utils.translation import gettext_lazy as _

from circlekeeper.foundation.accounts.forms import NewPassphrase

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
