"""How states of promises and reasons are said."""

from django.utils.translation import gettext_lazy as _

from circlekeeper.areas.agreements.models import CopyReason
from circlekeeper.areas.agreements.rules import Bound, Mandated, Promise
from circlekeeper.foundation.permissions import RoleName

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
BOUND = {
    Bound.PROFESSION: _("Bound by their profession to keep silent"),
    Bound.PLEDGE: _("Bound by the same promise as you"),
    Bound.NONE: _("Not bound: they have made no promise to keep silent"),
}
SILENT = _("Has not said yet whether they are bound")
MANDATED = {
    Mandated.YES: _("By law they may have to report when someone is in danger or a child is harmed."),
    Mandated.NO: _("No law makes them report what you say."),
    Mandated.UNKNOWN: _("They do not know whether a law makes them report some things."),
}
ROLES = {
    RoleName.LEADER: _("Leader"),
    RoleName.PRIVACY_LEAD: _("Privacy lead"),
    RoleName.FACILITATOR: _("Facilitator"),
    RoleName.ACCESS_LEAD: _("Access lead"),
    RoleName.ADMINISTRATOR: _("Administrator"),
}
