"""Notes about treatment belong in the health record: said where somebody writes, at levels that ask for it (PRO2)."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _

from circlekeeper.areas.meetings import rules
from circlekeeper.areas.roster import rules as roster
from circlekeeper.areas.roster.rules import TooMuch
from circlekeeper.areas.safeguards import queries as safeguards

_READ = "clinical"  # whoever sends this back has read the warning


def kept_elsewhere(group_id: str) -> bool:
    """Whether this level keeps clinical notes out of here."""
    return safeguards.settings_for(group_id).mode("no-clinical-notes").binds


def warned(request: HttpRequest, group_id: str, form: forms.Form) -> dict[str, Any]:
    """What the page shows besides if the words of a valid form read like a clinical note; empty: go on.

    It warns once. Sent again, the words are kept: a sign is not a certainty.
    """
    words = str(form.cleaned_data.get("words", ""))
    clinical = rules.reads_clinical(words) or TooMuch.DIAGNOSIS in roster.too_much(words)
    if not clinical or request.POST.get("seen") == _READ or not kept_elsewhere(group_id):
        return {}
    form.add_error(
        "words",
        _(
            "This reads like a note about treatment. Those belong in the health record. Change it, or send it again."
        ),
    )
    return {"seen": _READ}
