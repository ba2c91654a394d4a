"""The words for what is kept as a key."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from circlekeeper.areas.access.models import HelperKind

KINDS: dict[str, Any] = {
    HelperKind.INTERPRETER: _("Interpreter"),
    HelperKind.CAPTIONER: _("Writes captions"),
}
COMES: dict[str, Any] = {
    HelperKind.INTERPRETER: _("An interpreter comes."),
    HelperKind.CAPTIONER: _("Somebody comes who writes captions as people speak."),
}
CARD_QUESTIONS: dict[str, Any] = {
    "names": _("How should we call you?"),
    "contact": _("Between meetings"),
    "days": _("Which days should we leave free?"),
    "mix": _("With whom do you like to be in a small group?"),
    "sharing": _("How do you like to share?"),
}
CARD_ANSWERS: dict[str, dict[str, Any]] = {
    "names": {
        "chosen": _("By the name I chose, and no other"),
        "first": _("By a first name"),
        "formal": _("Formally, with a title"),
    },
    "contact": {
        "none": _("I like silence between meetings"),
        "written": _("I like to read rather than to be called"),
        "spoken": _("I like to hear a voice"),
    },
    "days": {
        "friday": _("Fridays"),
        "saturday": _("Saturdays"),
        "sunday": _("Sundays"),
        "fasting": _("Weeks of fasting"),
    },
    "mix": {
        "any": _("With anyone"),
        "own-gender": _("With people of my own gender"),
        "similar": _("With people who lived through something similar"),
    },
    "sharing": {
        "in-turn": _("One after the other, each with their time"),
        "when-ready": _("Whoever is ready speaks"),
        "together": _("As a family or a community, not each alone"),
        "listen": _("I mostly listen"),
    },
}
