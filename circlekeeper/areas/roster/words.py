"""Codes in words, for pages."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from circlekeeper.areas.roster.models import Name, OpeningReason, State
from circlekeeper.areas.roster.rules.lists import ListFault, Target

STATES: dict[str, Any] = {
    State.APPLIED: _("asked to join"),
    State.INVITED: _("brought along, has not said yes"),
    State.MEMBER: _("member"),
    State.PAUSED: _("on a pause"),
    State.LEFT: _("has left"),
    State.DECLINED: _("was turned down"),
}
PARTS: dict[str, Any] = {
    Name.ALIAS: _("The name you chose"),
    Name.CONTACT: _("How we may reach you"),
    Name.EMERGENCY: _("What helps in an emergency"),
    Name.ACCESS: _("What helps you take part"),
    Name.INTAKE: _("What you wrote when you asked to join"),
}
FIELDS = {
    "alias": _("Name"),
    "says": _("May we reach you?"),
    "channel": _("By"),
    "address": _("Where"),
    "start": _("From"),
    "end": _("Until"),
    "voicemail": _("May we leave a message?"),
    "said_on": _("You said so on"),
    "check_again_on": _("We ask again on"),
    "area": _("Where help should go"),
    "number": _("Emergency number there"),
    "person": _("Whom to call"),
    "reach": _("How to reach them"),
    "when": _("When to call them"),
    "knows": _("What that person knows"),
    "naming": _("May we say who is calling?"),
    "needs": _("What would help"),
    "health": _("Something about their health"),
    "legal": _("An order of a court"),
}
VALUES = {
    "not-asked": _("not asked yet"),
    "no": _("no"),
    "yes": _("yes"),
    "at-times": _("yes, at these times"),
    "mail": _("e-mail"),
    "text": _("text message"),
    "call": _("telephone"),
    "post": _("letter"),
    "True": _("yes"),
    "False": _("no"),
}
REASONS: dict[str, Any] = {
    OpeningReason.DANGER: _("Someone may be in danger"),
    OpeningReason.MISSING: _("They were expected and did not come"),
    OpeningReason.ASKED: _("They asked us to"),
    OpeningReason.CHANGE: _("A meeting is moved or cancelled"),
    OpeningReason.ANSWER: _("To answer someone who asked to join"),
}
TARGETS = {
    Target.DROP: _("Leave it out"),
    Target.NAME: _("The name used in the group"),
    Target.MAIL: _("Mail address"),
    Target.PHONE: _("Telephone number"),
}
LIST_FAULTS = {
    ListFault.EMPTY: _("There is nothing in this file."),
    ListFault.TOO_BIG: _("This file is larger than 10 MB. Take out what is not needed and try again."),
    ListFault.TOO_MANY: _(
        "This list has more than 5,000 rows. Take out those who are gone, or bring it in parts."
    ),
    ListFault.PICTURE: _("This is a picture or a document. Pictures of people or papers are never taken in here."),
    ListFault.OLD_EXCEL: _("This is an old Excel file. Save it as CSV or XLSX and try again."),
    ListFault.WEB_PAGE: _("This is a web page, not a list. Save it as CSV or XLSX and try again."),
    ListFault.BROKEN: _("This file cannot be read. Save it as CSV or XLSX again and try once more."),
    ListFault.BOMB: _("This file unpacks to far more than a list of people. It was not opened."),
}
NO_PEOPLE = _("No people were found in this file: it needs a row of headings and rows below it.")
