"""Codes in words, for pages."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from circlekeeper.areas.roster import rules
from circlekeeper.areas.roster.models import (
    ExportColumn,
    ExportPurpose,
    ExportReason,
    Name,
    OpeningReason,
    State,
)
from circlekeeper.areas.roster.rules import AliasWarning
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
    "export": _("A list with you in it was taken out"),
    "signature": _("The name under your promise"),
}
PURPOSES: dict[str, Any] = {
    Name.ALIAS: _("So that people here can talk to you."),
    Name.CONTACT: _("So that we can tell you when a meeting moves, in a way that is safe for you."),
    Name.EMERGENCY: _("So that help finds you if you are in danger."),
    Name.ACCESS: _("So that we can get ready for you."),
    Name.INTAKE: _("So that the group could decide whether you can join."),
}
SEEN_BY: dict[str, Any] = {
    Name.ALIAS: _("The people who host, and the other members when you meet."),
    Name.CONTACT: _("The people who lead the group, with a reason. Each look is written down and you are told."),
    Name.EMERGENCY: _("The people who host, with a reason. Each look is written down and you are told."),
    Name.ACCESS: _("The person who arranges access, if the group has one. Each look is written down."),
    Name.INTAKE: _("The people who decide who joins, with a reason. Each look is written down and you are told."),
}
FIELDS = {
    "alias": _("Name"),
    "says": _("May we reach you?"),
    "channel": _("By"),
    "address": _("Where"),
    "start": _("From"),
    "end": _("Until"),
    "days": _("On these days"),
    "voicemail": _("May we leave a message?"),
    "remind": _("Reminders"),
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
_DATES = ("said_on", "check_again_on")
_UNSHOWN = ("zone", "also")  # a fact about the group, not about the person; further ways, told after the first
WEEKDAYS = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
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
ALIAS_WARNINGS: dict[str, Any] = {
    AliasWarning.LOOKS_ALIKE: _("It looks much like another name here. People may take you for each other."),
    AliasWarning.MAIL_STEM: _("It is part of your mail address. Whoever knows the one may guess the other."),
    AliasWarning.FULL_NAME: _("It looks like a full name. You need not use your own."),
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
EXPORT_PURPOSES: dict[str, Any] = {
    ExportPurpose.MOVE: _("The group moves to another service"),
    ExportPurpose.OUTAGE: _("To reach people when this service is down"),
    ExportPurpose.EVENT: _("A meeting that needs a list at the door"),
    ExportPurpose.DUTY: _("A duty that our adviser confirmed"),
}
EXPORT_COLUMNS: dict[str, Any] = {
    ExportColumn.ALIAS: _("The name used in the group"),
    ExportColumn.CHANNEL: _("How they may be reached"),
    ExportColumn.ADDRESS: _("The address or number"),
    ExportColumn.STATE: _("Whether they are on a pause"),
    ExportColumn.JOINED: _("The day they joined"),
}
EXPORT_REASONS: dict[str, Any] = {
    ExportReason.APART: _("To tell people apart"),
    ExportReason.REACH: _("To reach people"),
    ExportReason.ENTRY: _("To know who may come in"),
    ExportReason.ORDERED: _("The duty names it"),
}


def day(moment: datetime | None, zone: ZoneInfo) -> str:
    """The day of a moment where a group lives; empty for none. Templates would write it as the server's day."""
    return date_format(moment.astimezone(zone), "j F Y") if moment else ""


def moment(at: datetime, zone: ZoneInfo) -> str:
    """A moment where a group lives, with the name of its time."""
    return date_format(at.astimezone(zone), "j F Y, H:i T")


def pairs(held: Mapping[str, Any]) -> list[tuple[Any, Any]]:
    """What a part of a record says, as headings and words; questions left open are left out."""
    found = [
        (FIELDS.get(name, name), said(name, value))
        for name, value in held.items()
        if value not in ("", [], None) and name not in _UNSHOWN
    ]
    for way in held.get("also", ()):
        found += pairs(way)
    return found


def said(name: str, value: Any) -> Any:
    """One answer in words: a code translated, a date as people write it."""
    if name == "days":
        return ", ".join(str(WEEKDAYS[int(day) - 1]) for day in value)
    if name in _DATES:
        return date_format(date.fromisoformat(str(value)), "j F Y")
    return VALUES.get(str(value), value)


def way_now(contact: rules.SafeContact, channel: str, *, now: datetime, stands: bool = True) -> str:
    """What a member said about one channel, and whether it still counts, in one sentence."""
    way = contact.way(channel)
    if not way.is_yes:
        return _now("No.")
    answer = rules.may_send(contact, channel, now)
    if answer.verdict is rules.Verdict.NEVER or not stands:
        return _now("Your yes has run out, so nothing is sent. Answer again if you like.")
    until = formats.date_format(date.fromisoformat(way.check_again_on), "j F Y")
    if way.says is rules.Says.YES:
        return _now("Yes, until %(day)s.") % {"day": until}
    days = ", ".join(str(WEEKDAYS[day - 1]) for day in way.days) or _now("every day")
    return _now("Yes, from %(start)s to %(end)s (%(days)s), until %(day)s.") % {
        "start": way.start,
        "end": way.end,
        "days": days,
        "day": until,
    }


def verdict(contact: rules.SafeContact, channel: str, *, now: datetime) -> str:
    """Whether somebody of the team may use this channel at this moment, in one sentence; times are the member's own."""
    answer = rules.may_send(contact, channel, now)
    if answer.verdict is rules.Verdict.NOW:
        return _now("You may, now.")
    if answer.not_before is None:
        return _now("Not any more: their yes has run out. Ask them when you see them.")
    local = answer.not_before.astimezone(ZoneInfo(contact.zone))
    return _now("Not now. Not before %(when)s, by their clock.") % {"when": formats.date_format(local, "l H:i")}
