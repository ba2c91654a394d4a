"""Who helps at a meeting, and a host's word on recording."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from circlekeeper.areas.meetings import actions, queries
from circlekeeper.areas.meetings.forms import PART_WORDS, HostForm, RecordingForm
from circlekeeper.areas.meetings.provider import Evidence
from circlekeeper.foundation import clock
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission


@page(needs=Permission.MEETING_HOST, methods=("GET", "POST"))
def people(request: HttpRequest, group_id: str, meeting_id: str) -> HttpResponse:
    """Ask people of the team to carry parts of this meeting, or say that they do not after all."""
    meeting = queries.meeting(group_id=group_id, meeting_id=meeting_id)
    names = accounts.handles(accounts.people_with_role(group_id))
    by, now = request.who.id, clock.now()  # type: ignore[attr-defined]
    where = {"by": by, "group_id": group_id, "meeting_id": meeting_id, "now": now}
    form = HostForm(
        request.POST if "part" in request.POST else None,
        people=sorted(names.items(), key=lambda pair: pair[1]),
        initial={"person_id": by},
    )
    if request.method == "POST":
        if request.POST.get("do") == "release":
            actions.release_host(person_id=request.POST.get("person_id", ""), **where)
            return HttpResponseRedirect(reverse("meetings:people", args=[group_id, meeting_id]))
        if form.is_valid():
            try:
                actions.assign_host(**form.cleaned_data, **where)
                return HttpResponseRedirect(reverse("meetings:cockpit", args=[group_id, meeting_id]))
            except Refused as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
    shown = {
        "form": form,
        "meeting": meeting,
        "helpers": [
            {"id": each.person_id, "name": names.get(each.person_id, ""), "part": PART_WORDS[each.part]}
            for each in queries.helpers(meeting_id)
        ],
        "back": reverse("meetings:cockpit", args=[group_id, meeting_id]),
    }
    return render(request, "meetings/people.html", shown, status=422 if form.errors else 200)


@page(needs=Permission.MEETING_HOST, methods=("GET", "POST"))
def recording(request: HttpRequest, group_id: str, meeting_id: str) -> HttpResponse:
    """A host looks at everything that could record, and says what they saw (KIT8).

    Where the service can be asked, it is asked, and nobody's word takes its place.
    """
    meeting = queries.meeting(group_id=group_id, meeting_id=meeting_id)
    back = reverse("meetings:cockpit", args=[group_id, meeting_id])
    by = request.who.id  # type: ignore[attr-defined]
    form = RecordingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if meeting.state in ("closed", "cancelled"):
            raise NotHere
        _write_down(holds=form.cleaned_data["seen"] == "off", by=by, group_id=group_id, meeting_id=meeting_id)
        return HttpResponseRedirect(back)
    shown = {"form": form, "meeting": meeting, "back": back}
    return render(request, "meetings/recording.html", shown, status=422 if form.errors else 200)


def _write_down(*, holds: bool, by: str, group_id: str, meeting_id: str) -> None:
    where: dict[str, Any] = {"by": by, "group_id": group_id, "meeting_id": meeting_id, "now": clock.now()}
    # "Something is on" counts at once; "all is off" counts as a person's word only where nothing better can be had.
    proofs = actions.look_at_provider(**where) if holds else []
    if not any(each.control == actions.RECORDING for each in proofs):
        actions.answer_point(point=actions.RECORDING, evidence=Evidence.ATTESTED, holds=holds, **where)
