"""What this room can say about a meeting in a room and online at once, before its doors open."""

from datetime import datetime, time, timedelta

from django.utils.translation import gettext as _

from circlekeeper.areas.meetings import queries as meetings
from circlekeeper.areas.safeguards.evidence import Evidence, Finding, Question, evidence
from circlekeeper.areas.venues import queries
from circlekeeper.areas.venues.rules import Camera

# Whatever was looked at longer before the start says nothing of the evening (FMT12).
FRESH = timedelta(hours=24)


def _meeting(ask: Question) -> meetings.MeetingFacts | None:
    """The meeting that is asked about, if it is held both ways."""
    found = _next(ask)
    return found if found and found.is_hybrid else None


def _next(ask: Question) -> meetings.MeetingFacts | None:
    if ask.meeting_id:
        return meetings.meeting(group_id=ask.group_id, meeting_id=ask.meeting_id)
    return meetings.next_for_member(group_id=ask.group_id, now=ask.now)


def _one_way() -> Finding:
    return Finding.met(_("This meeting is held in one way only."))


@evidence("venue-private/card")
def the_room_was_seen_to_be_private(ask: Question) -> Finding:
    """FMT1: the meeting has a place of the list, and somebody saw that it is neutral, cannot be overheard, has two exits."""
    meeting = _next(ask)
    if meeting is None or not meeting.in_a_room:
        return Finding.met(_("This meeting is not held in a room."))
    found = queries.place_of(meeting.series_id)
    if found is None:
        return Finding.not_met(_("No place of the list was chosen for this meeting."))
    seen_at = datetime.combine(found.written_on, time(), tzinfo=meeting.zone)
    if not found.fit:
        return Finding.not_met(
            _("Nobody has seen yet that the place is neutral, cannot be overheard and has two ways out."),
            checked_at=seen_at,
        )
    return Finding.met(
        _("Somebody saw that the place is private."), evidence=Evidence.ATTESTED, checked_at=seen_at
    )


@evidence("hybrid-room-checked")
def the_room_picks_up_what_was_agreed(ask: Question) -> Finding:
    """FMT10, FMT11: each device is known, nothing films without everybody's yes, no messages show on the screen."""
    meeting = _meeting(ask)
    if meeting is None:
        return _one_way()
    found = queries.room(group_id=ask.group_id, meeting_id=meeting.id)
    if found is None or meeting.starts_at - found.at > FRESH:
        return Finding.unknown(_("Nobody has gone through the devices of the room within the last day."))
    wrong = ""
    if found.camera is Camera.NOT_ALLOWED:
        wrong = _("A camera is on in the room, and not everyone has said yes to it. Switch it off or cover it.")
    elif found.listens:
        wrong = _("A device in the room listens for its name. Unplug it.")
    elif not found.silenced:
        wrong = _("Messages can show on the screen of the room. Silence them.")
    if wrong:
        return Finding.not_met(wrong, evidence=Evidence.ATTESTED, checked_at=found.at)
    return Finding.met(_("Somebody looked at each device."), evidence=Evidence.ATTESTED, checked_at=found.at)


@evidence("hybrid-rehearsed")
def it_was_tried_with_somebody_at_home(ask: Question) -> Finding:
    """FMT12: within a day before the start, somebody at home read what the room's screen showed."""
    meeting = _meeting(ask)
    if meeting is None:
        return _one_way()
    at = queries.rehearsed_at(meeting.id)
    if at is None or meeting.starts_at - at > FRESH:
        return Finding.not_met(_("It was not tried out within the last day. Try it with one person at home."))
    return Finding.met(
        _("Somebody at home read the screen and was heard."), evidence=Evidence.OBSERVED, checked_at=at
    )
