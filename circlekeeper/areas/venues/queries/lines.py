"""What this room puts on the cockpit."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from circlekeeper.areas.meetings.queries import MeetingFacts
from circlekeeper.areas.meetings.sources import Line, Part
from circlekeeper.areas.venues.queries.places import place_of
from circlekeeper.areas.venues.queries.plans import plan_at
from circlekeeper.foundation.accounts.who import Who


def lines(part: Part, meeting: MeetingFacts, who: Who, now: datetime) -> list[Line]:
    """Where the meeting is held, as long as its doors are closed; then the list for whoever stands at them."""
    del who, now
    if not meeting.in_a_room:
        return []
    if part is Part.BEFORE:
        return [_place(meeting), *_plan(meeting), *_devices(meeting)]
    if part is Part.TOGETHER:
        return [*_plan(meeting), *_devices(meeting)]
    if part is not Part.DOORS:
        return []
    url = reverse("venues:door-list", args=[meeting.group_id, meeting.id])
    text = _("For whoever stands at the door, on a phone of their own.")
    return [Line(_("A list for the door"), text=text, url=url, press=_("Open the list"))]


def _devices(meeting: MeetingFacts) -> list[Line]:
    """What the room picks up, and the page for its screen."""
    if not meeting.is_hybrid:
        return []
    url = reverse("venues:devices", args=[meeting.group_id, meeting.id])
    text = _("People at home read on their door what the room picks up.")
    return [Line(_("The room and its screen"), text=text, url=url, press=_("Go through the devices"))]


def _plan(meeting: MeetingFacts) -> list[Line]:
    """What to do in an emergency at this place."""
    found = place_of(meeting.series_id)
    if found is None:
        return []
    title, plan_id = _("If something happens here"), plan_at(found.id)
    if not plan_id:
        url = reverse("venues:plans", args=[meeting.group_id])
        text = _("There is no plan for this place.")
        return [Line(title, text=text, met=False, url=url, press=_("Write a plan"))]
    url = reverse("venues:plan", args=[meeting.group_id, plan_id])
    return [Line(title, text=_("Steps and numbers."), url=url, press=_("Open the plan"))]


def _place(meeting: MeetingFacts) -> Line:
    found = place_of(meeting.series_id)
    if found is None:
        url = reverse("venues:index", args=[meeting.group_id])
        text = _("No place was chosen from the list.")
        return Line(_("The place"), text=text, url=url, press=_("Choose the place"))
    text = (
        _("%(place)s. It was seen to be private.")
        if found.fit
        else _("%(place)s. Nobody has seen yet that it is neutral, cannot be overheard and has two ways out.")
    ) % {"place": found.name}
    url = reverse("venues:place", args=[meeting.group_id, found.id])
    return Line(_("The place"), text=text, met=found.fit, url=url, press=_("Look at the card"))
