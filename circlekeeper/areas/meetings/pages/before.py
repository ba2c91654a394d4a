"""The first part of the cockpit: what stands between now and open doors, each line a fact and how we know it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from circlekeeper.areas.meetings import actions, queries, rules
from circlekeeper.areas.meetings.actions.running import EARLIEST_DOORS
from circlekeeper.areas.meetings.checks import CONFIRMED_WITHIN
from circlekeeper.areas.meetings.forms import PART_WORDS
from circlekeeper.areas.meetings.provider import Evidence
from circlekeeper.areas.meetings.sources import Line
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation.accounts import queries as accounts

_SERVICE = "service"  # the check of a control that asks the service of the meeting
# Where the points are done that another room answers for.
_IN_THE_ROOM = {"hybrid-room-checked": "venues:devices", "hybrid-rehearsed": "venues:rehearsal"}
_PLACE = "venue-private"


def shown(meeting: queries.MeetingFacts, person_id: str, now: datetime) -> dict[str, Any]:
    """The points between now and open doors: which stand open, and which hold by what kind of word."""
    found = safeguards.gate(meeting.group_id, "start", now, meeting.id)
    helping, asks = team(meeting), queries.service_state(meeting) is not None
    earliest = meeting.starts_at - EARLIEST_DOORS
    return {
        "blocking": [_point(meeting, each) for each in found if each.blocking],
        "advised": [_point(meeting, each) for each in found if each.standing == "todo"],
        "held": [_held(meeting, each, now) for each in found if each.met and (asks or each.check != _SERVICE)],
        "i_must_say": any(each["id"] == person_id and not each["sure"] for each in helping["helpers"]),
        "too_early": "" if now >= earliest else meeting.clock(earliest),
        **helping,
    }


def _held(meeting: queries.MeetingFacts, check: safeguards.CheckFinding, now: datetime) -> Line:
    """What is found without a time was looked at just now."""
    at = meeting.clock(check.checked_at or now)
    return Line(check.title, check.detail, True, check.evidence_words, at)


def _point(meeting: queries.MeetingFacts, check: safeguards.CheckFinding) -> Line:
    """What to press for one point: a button here, or the page where it is done."""
    do, url, press = "", reverse("safeguards:control", args=[meeting.group_id, check.control]), _("Go and see")
    about = [meeting.group_id, meeting.id]
    if check.check == _SERVICE or _needs_a_word(check):
        url, press = _at_service(meeting, check)
    elif check.control == actions.RECORDING:
        url, press = reverse("meetings:recording", args=about), _("Look and say what you saw")
    elif check.control == _PLACE:
        url, press = reverse("venues:index", args=[meeting.group_id]), _("Choose the place")
    elif check.control in _IN_THE_ROOM:
        url, press = reverse(_IN_THE_ROOM[check.control], args=about), _("Do it now")
    elif check.control == "moderators-confirmed":
        url, press = reverse("meetings:people", args=about), _("Ask someone")
    elif check.control == actions.WAITING_ROOM:
        do, press = "probe", _("Test the waiting room now")
    elif check.control == "links-sent-privately":
        do, press = "links", _("Make personal links")
    return Line(
        title=check.title,
        text=check.detail,
        met=False,
        word=check.evidence_words if check.checked_at else "",
        at=_at(meeting, check),
        url="" if do else url,
        press=press,
        why=check.why,
        minutes=check.minutes,
        do=do,
    )


def _needs_a_word(check: safeguards.CheckFinding) -> bool:
    """Whether what is missing is a person's word about settings that the service does not show."""
    by_word = check.control == actions.WAITING_ROOM or check.check == _SERVICE
    return by_word and check.verdict == "unknown" and check.evidence is Evidence.ATTESTED


def _at_service(meeting: queries.MeetingFacts, check: safeguards.CheckFinding) -> tuple[str, str]:
    """A person's word if that is what is missing, else another look at the service."""
    about = [meeting.group_id, meeting.id]
    if _needs_a_word(check):
        return reverse("meetings:told", args=about), _("Look and say what you saw")
    return reverse("meetings:seen", args=about), _("Ask the service again")


def _at(meeting: queries.MeetingFacts, check: safeguards.CheckFinding) -> str:
    return meeting.clock(check.checked_at) if check.checked_at else ""


def team(meeting: queries.MeetingFacts) -> dict[str, Any]:
    """Who carries which part, by handle, and whether they said lately that they come; and what nobody carries."""
    names = accounts.handles(accounts.people_with_role(meeting.group_id))
    asked = queries.helpers(meeting.id)
    hosts = safeguards.settings_for(meeting.group_id).number("hosts")
    gaps = rules.gaps([each.part for each in asked if not each.absent], online=meeting.is_online, hosts=hosts)
    return {
        "helpers": [_helper(each, names, meeting) for each in asked if each.person_id in names],
        "gaps": [str(PART_WORDS[part]) for part in gaps],
    }


def _helper(each: queries.Helper, names: Mapping[str, str], meeting: queries.MeetingFacts) -> dict[str, Any]:
    return {
        "id": each.person_id,
        "name": names[each.person_id],
        "part": PART_WORDS.get(each.part, each.part),
        "sure": each.confirmed_at is not None and meeting.starts_at - each.confirmed_at <= CONFIRMED_WITHIN,
        "absent": each.absent,
        "instead": names.get(each.stands_in_for, ""),
    }
