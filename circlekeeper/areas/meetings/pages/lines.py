"""What this room itself puts on the cockpit by way of ``sources``."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from circlekeeper.areas.meetings import queries
from circlekeeper.areas.meetings.provider import Trouble, Unavailable
from circlekeeper.areas.meetings.sources import Line, Part
from circlekeeper.foundation.accounts.who import Who


def service_line(part: Part, meeting: queries.MeetingFacts, who: Who, now: datetime) -> list[Line]:
    """How the meeting stands at its service, for the cockpit."""
    del who, now
    state = queries.service_state(meeting) if part in (Part.BEFORE, Part.TOGETHER) else None
    if state is None:
        return []
    text = state.trouble or (
        ngettext("%(n)d setting is not as it should be.", "%(n)d settings are not as they should be.", state.wrong)
        % {"n": state.wrong}
        if state.wrong
        else _("What it shows is as it should be.")
        if state.set_up
        else _("Not set up yet.")
    )
    return [
        Line(
            state.title,
            text=text,
            met=state.set_up and not state.wrong and not state.trouble,
            word=_("asked") if state.looked else "",
            at=state.looked,
            url=reverse("meetings:seen", args=[meeting.group_id, meeting.id]),
            press=_("See what it says"),
        )
    ]


def second_line(part: Part, meeting: queries.MeetingFacts, who: Who, now: datetime) -> list[Line]:
    """Where a meeting was moved to and why, or the button that moves it (FMT14)."""
    del who, now
    if part not in (Part.BEFORE, Part.DOORS) or not meeting.is_online:
        return []
    second = queries.second_place(meeting.series_id)
    if meeting.moved_at is not None:
        return [_moved(meeting, second)]
    if second is not None and second.tried_at is not None:
        return [_may_move(meeting, second)]
    state = queries.service_state(meeting)
    if state is None or not state.trouble:
        return []
    url = reverse("meetings:series", args=[meeting.group_id, meeting.series_id])
    text = _("The service has trouble, and there is no second place that was tried.")
    return [Line(_("No second place"), text=text, met=False, url=url, press=_("Look at these meetings"))]


def _moved(meeting: queries.MeetingFacts, second: queries.SecondFacts | None) -> Line:
    told = _("Everybody has a new door on their own page. Links from before lead nowhere.")
    why = Unavailable(Trouble(meeting.moved_why)).sentence if meeting.moved_why else _("A host moved it.")
    return Line(
        _("Moved to your second place: %(title)s") % {"title": second.title if second else ""},
        text=told,
        at=meeting.clock(meeting.moved_at) if meeting.moved_at else "",
        why=why,
    )


def _may_move(meeting: queries.MeetingFacts, second: queries.SecondFacts) -> Line:
    return Line(
        _("Your second place: %(title)s") % {"title": second.title},
        text=_("If the service fails, meet there. Links from before end, and everybody gets a new door."),
        press=_("Move this meeting there"),
        url=reverse("meetings:move", args=[meeting.group_id, meeting.id]),
    )
