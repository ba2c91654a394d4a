"""What this room itself puts on the cockpit by way of ``sources``."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from circlekeeper.areas.meetings import queries
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
