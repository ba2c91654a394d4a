"""What only a person can see of a meeting's service (LOW2, TEC3)."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from circlekeeper.areas.meetings import actions, queries
from circlekeeper.areas.meetings.forms import ToldForm
from circlekeeper.foundation import clock
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission


@page(needs=Permission.MEETING_HOST, methods=("GET", "POST"))
def told(request: HttpRequest, group_id: str, meeting_id: str) -> HttpResponse:
    """A host looks at each setting that the service does not show, and says how it is, with name and date."""
    meeting, now = queries.meeting(group_id=group_id, meeting_id=meeting_id), clock.now()
    back = reverse("meetings:cockpit", args=[group_id, meeting_id])
    asked = queries.asked_of_people(meeting_id, now=now, but=actions.RECORDING)
    form = ToldForm(request.POST if request.method == "POST" else None, asked=asked)
    if request.method == "POST" and form.is_valid():
        by = request.who.id  # type: ignore[attr-defined]
        actions.tell_settings(by=by, group_id=group_id, meeting_id=meeting_id, said=form.said, now=now)
        return HttpResponseRedirect(back)
    names = accounts.handles({each.by for each in asked if each.by})
    shown = {
        "form": form,
        "meeting": meeting,
        "back": back,
        "asked": asked,
        "before": [
            {"each": each, "who": names.get(each.by, ""), "until": each.until.astimezone(meeting.zone)}
            for each in asked
            if each.until
        ],
    }
    return render(request, "meetings/told.html", shown, status=422 if form.errors else 200)
