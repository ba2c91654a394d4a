"""What this room puts on a member's own page."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from circlekeeper.areas.meetings import queries as meetings
from circlekeeper.areas.roster import queries as roster
from circlekeeper.areas.roster.ownpage import Slot
from circlekeeper.areas.venues import rules
from circlekeeper.areas.venues.queries.both import asks_camera
from circlekeeper.areas.venues.queries.places import place_of, told
from circlekeeper.areas.venues.queries.plans import PlanFacts, plans


def _told_now(group_id: str, member_id: str, now: datetime) -> meetings.MeetingFacts | None:
    """The next meeting of a member who may know where it is by now; None: not yet, or not them."""
    meeting = meetings.next_for_member(group_id=group_id, now=now)
    if meeting is None or not meeting.in_a_room:
        return None
    if now < meeting.starts_at - meetings.place_told_before(group_id):
        return None
    return None if roster.why_no_link(group_id=group_id, member_id=member_id) else meeting


def own_cards(group_id: str, member_id: str, now: datetime) -> list[Slot]:
    """Where the next meeting is, for a member who may come, when it is near (FMT1); and what to do in an emergency."""
    found: list[Slot] = []
    meeting = _told_now(group_id, member_id, now)
    if meeting is not None:
        place = told(group_id=group_id, series_id=meeting.series_id)
        if place:
            words = ". ".join(line.rstrip(".") for line in place.splitlines())
            found.append(Slot(_("Where it is"), _("%(place)s. Please do not pass this on.") % {"place": words}))
        word = rules.code_word(meeting.id, member_id)
        text = _("Somebody there may have the same name as you. If you are asked, say “%(word)s”.") % {
            "word": word
        }
        found.append(Slot(_("Your word at the door"), text))
    found += _camera(group_id, member_id, now)
    if plans_for(group_id=group_id, member_id=member_id, now=now):
        text = _("Numbers for the place and for where you are.")
        found.append(Slot(_("If something happens"), text, reverse("my-plan"), _("Read the plan")))
    return found


def _camera(group_id: str, member_id: str, now: datetime) -> list[Slot]:
    """A question to everybody who may come, while a camera is on in the room (FMT10)."""
    meeting = meetings.next_for_member(group_id=group_id, now=now)
    if meeting is None or not meeting.is_hybrid or not asks_camera(meeting.id):
        return []
    if roster.member(group_id=group_id, member_id=member_id).state != "member":
        return []
    text = _("There is a camera in the room. One no is enough, and nobody learns whose it was.")
    return [Slot(_("May the room be filmed for those at home?"), text, reverse("my-room"), _("Answer"))]


def plans_for(*, group_id: str, member_id: str, now: datetime) -> list[PlanFacts]:
    """The plans a member reads: each country's, so that they find their own; the place's when they may know it (FMT4)."""
    if roster.member(group_id=group_id, member_id=member_id).state not in ("member", "paused"):
        return []
    meeting = _told_now(group_id, member_id, now)
    near = place_of(meeting.series_id) if meeting else None
    return [each for each in plans(group_id) if not each.venue_id or (near and each.venue_id == near.id)]
