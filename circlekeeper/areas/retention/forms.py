"""Forms of the retention room."""

from django import forms
from django.utils.translation import gettext_lazy as _

from circlekeeper.areas.retention import actions

_REASON_WORDS = {
    "complaint": _("A complaint is being looked into"),
    "court-order": _("A court or authority has ordered it"),
    "incident-review": _("An incident is being reviewed"),
    "member-asked": _("The member asked us to wait"),
}


class NumberForm(forms.Form):
    """The number of a certificate."""

    one_question = True
    number = forms.CharField(
        label=_("Which number do you want to check?"),
        max_length=60,
        help_text=_("It was shown when something was destroyed. Capitals and spaces do not matter."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def clean_number(self) -> str:
        """As it is kept."""
        return "".join(str(self.cleaned_data["number"]).lower().split())


class HoldForm(forms.Form):
    """Why one person's record waits, and until when."""

    member_id = forms.ChoiceField(label=_("Whose record"))
    reason = forms.ChoiceField(
        label=_("Why it must wait"), choices=[(each, _REASON_WORDS[each]) for each in actions.REASONS]
    )
    until = forms.DateField(label=_("Until which day"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: object, members: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["member_id"].choices = members  # type: ignore[attr-defined]
