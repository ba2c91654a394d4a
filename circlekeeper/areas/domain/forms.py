"""Forms of the domain room."""

from django import forms
from django.utils.translation import gettext_lazy as _


class DomainForm(forms.Form):
    """The group's own domain, and what only its owner can say."""

    name = forms.CharField(
        label=_("What is your own web address?"), help_text=_("For example: our-group.example"), max_length=260
    )
    selector = forms.CharField(
        label=_("What is the DKIM selector of your mail?"),
        help_text=_("Your mail service shows it in its settings. Leave it empty if you do not know it."),
        max_length=63,
        required=False,
    )
    paid_until = forms.DateField(
        label=_("Until which day is the address paid?"),
        help_text=_("It stands on the bill. Leave it empty if you do not know."),
        widget=forms.DateInput(attrs={"type": "date"}),
        required=False,
    )
    locked = forms.BooleanField(
        label=_("I have seen at the registrar that it is locked against being moved away."), required=False
    )
