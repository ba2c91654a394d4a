"""How states of promises and reasons are said."""

from django.utils.translation import gettext_lazy as _

from circlekeeper.areas.agreements.models import CopyReason
from circlekeeper.areas.agreements.rules import Promise

PROMISES = {
    Promise.NEVER: _("has not made the promise yet"),
    Promise.WEAK: _("made the promise in a weaker way than is asked now"),
    Promise.OLD_TEXT: _("made the promise before its words changed"),
    Promise.LAPSED: _("made a promise that is overdue: it ran out"),
    Promise.IN_GRACE: _("made a promise that is overdue: it ran out a short while ago"),
    Promise.STANDS: _("made the promise"),
}
REASONS = {
    CopyReason.ASKED: _("They asked us to"),
    CopyReason.BROKEN: _("Someone says that the agreement was broken"),
    CopyReason.CHECK: _("A copy is checked against ours"),
    CopyReason.LAW: _("A court or an authority asks for it"),
}
