"""What this room can say about a meeting before its doors open."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from circlekeeper.areas.meetings import provider, queries
from circlekeeper.areas.meetings.models import Format
from circlekeeper.areas.roster import queries as roster
from circlekeeper.areas.safeguards.evidence import Finding, Question, evidence

CONFIRMED_WITHIN = timedelta(hours=24)


def _meeting(ask: Question) -> queries.MeetingFacts | None:
    if ask.meeting_id:
        return queries.meeting(group_id=ask.group_id, meeting_id=ask.meeting_id)
    return queries.next_for_member(group_id=ask.group_id, now=ask.now)


def _answered(ask: Question, point: str) -> Finding:
    meeting = _meeting(ask)
    answer = queries.answers(meeting.id).get(point) if meeting else None
    if answer is None:
        return Finding.unknown(_("Nobody has looked yet."))
    if not answer.holds:
        return Finding.not_met(_("It was not as it should be."), evidence=answer.evidence, checked_at=answer.at)
    return Finding.met(_("It was looked at."), evidence=answer.evidence, checked_at=answer.at)


@evidence("waiting-room-tested")
def a_stranger_is_held_outside(ask: Question) -> Finding:
    """KIT6: a throw-away visitor was sent to the door and did not get in."""
    return _answered(ask, "waiting-room-tested")


@evidence("recording-off")
def nothing_records(ask: Question) -> Finding:
    """KIT8, TEC7: a provider's read-back where there is one, else a host's dated word."""
    return _answered(ask, "recording-off")


@evidence("links-sent-privately")
def each_member_has_one_link(ask: Question) -> Finding:
    """KIT5, FMT5: every active member has exactly one live personal link, and no link belongs to anyone else."""
    meeting = _meeting(ask)
    if meeting is None:
        return Finding.unknown(_("No meeting is planned."))
    offered = queries.links_offered(meeting.id)
    missing = len(set(roster.active_ids(ask.group_id)) - set(offered))
    if missing:
        return Finding.not_met(
            ngettext("%(n)d member has no link yet.", "%(n)d members have no link yet.", missing) % {"n": missing}
        )
    if any(count != 1 for count in offered.values()):
        return Finding.not_met(_("Someone has more than one link."))
    return Finding.met(_("Each member has one link, on their own page."))


@evidence("moderators-confirmed")
def helpers_have_confirmed(ask: Question) -> Finding:
    """KIT7, TEC8: a host and a co-host said within a day of the start that they will be there."""
    meeting = _meeting(ask)
    if meeting is None:
        return Finding.unknown(_("No meeting is planned."))
    sure = [
        each
        for each in queries.helpers(meeting.id)
        if each.confirmed_at and meeting.starts_at - each.confirmed_at <= CONFIRMED_WITHIN
    ]
    if not any(each.part == "host" for each in sure):
        return Finding.not_met(_("No host has said within the last day that they will be there."))
    if len({each.person_id for each in sure}) < 2:
        return Finding.not_met(_("Only one person has said that they will be there. You need a second one."))
    return Finding.met(_("A host and a second person have said that they will be there."))


@evidence("platform-chosen")
def a_way_to_meet_is_chosen(ask: Question) -> Finding:
    """TEC1, TEC2: meetings are planned, and each way in is one that is installed here."""
    planned = queries.series_of(ask.group_id)
    if not planned:
        return Finding.not_met(_("Nobody has planned yet how and when you meet."))
    known = {each.name for each in provider.providers()}
    if any(each.format == Format.ONLINE and each.provider not in known for each in planned):
        return Finding.not_met(_("A planned meeting uses a service that is not set up here."))
    return Finding.met(_("It is planned how and when you meet."))
