"""Kinds of what happens, in words for the team."""

from django.utils.translation import gettext_lazy as _

from circlekeeper.areas.incidents.rules import Kind

KIND_WORDS = {
    Kind.DANGER: _("Someone may be in danger"),
    Kind.HARM: _("Someone is hurt by another member"),
    Kind.RECORDING: _("Something or someone records"),
    Kind.STRANGER: _("Someone is here who should not be"),
    Kind.NAMED: _("Someone who is not here was named"),
    Kind.LEAK: _("Something from the group came out"),
    Kind.DRIFT: _("A setting is not as it was"),
    Kind.OTHER: _("Something else"),
}
