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
