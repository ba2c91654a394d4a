"""Who helps at a meeting, and a host's word on recording."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from circlekeeper.areas.meetings import actions, queries
from circlekeeper.areas.meetings.forms import HostForm, RecordingForm
from circlekeeper.areas.meetings.pages import before
from circlekeeper.areas.meetings.provider import Evidence
from circlekeeper.foundation import clock
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission

_ABOUT_A_PERSON: dict[str, Callable[..., None]] = {"release": actions.release_host, "absent": actions.mark_absent}


@page(needs=Permission.MEETING_HOST, methods=("GET", "POST"))
def people(request: HttpRequest, group_id: str, meeting_id: str) -> HttpResponse:
    """Ask people of the team to carry parts of this meeting, say that they do not after all, or who stands in."""
    meeting = queries.meeting(group_id=group_id, meeting_id=meeting_id)
    names = sorted(accounts.handles(accounts.people_with_role(group_id)).items(), key=lambda pair: pair[1])
    by, refused = request.who.id, ""  # type: ignore[attr-defined]
    form = HostForm(
        request.POST if "part" in request.POST else None,
        people=names,
        initial={"person_id": by},
    )
    where = {"by": by, "group_id": group_id, "meeting_id": meeting_id, "now": clock.now()}
    if request.method == "POST" and (form.is_valid() or not form.is_bound):
        try:
            return HttpResponseRedirect(_changed(request, form, where))
        except Refused as refusal:
            if form.is_bound:
                form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
            refused = refusal.sentence
    shown = {
        "form": form,
        "meeting": meeting,
        "people": names,
        "refused": "" if form.is_bound else refused,
        "helpers": before.team(meeting)["helpers"],
        "back": reverse("meetings:cockpit", args=[group_id, meeting_id]),
    }
    return render(request, "meetings/people.html", shown, status=422 if form.errors or refused else 200)


def _changed(request: HttpRequest, form: HostForm, where: dict[str, Any]) -> str:
    """Do what was pressed; returns where to go then."""
    at = [where["group_id"], where["meeting_id"]]
    do, person_id = request.POST.get("do", ""), request.POST.get("person_id", "")
    if form.is_bound:
        actions.assign_host(**form.cleaned_data, **where)
        return reverse("meetings:cockpit", args=at)
    if do == "stand-in":
        actions.name_stand_in(absent_id=request.POST.get("absent_id", ""), person_id=person_id, **where)
    elif do in _ABOUT_A_PERSON:
        _ABOUT_A_PERSON[do](person_id=person_id, **where)
    else:
        raise NotHere
    return reverse("meetings:people", args=at)


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
    asked = [
        each for each in queries.asked_of_people(meeting_id, now=clock.now()) if each.control == actions.RECORDING
    ]
    shown = {"form": form, "meeting": meeting, "back": back, "asked": asked}
    return render(request, "meetings/recording.html", shown, status=422 if form.errors else 200)


def _write_down(*, holds: bool, by: str, group_id: str, meeting_id: str) -> None:
    where: dict[str, Any] = {"by": by, "group_id": group_id, "meeting_id": meeting_id, "now": clock.now()}
    # "Something is on" counts at once; "all is off" counts as a person's word only where nothing better can be had.
    proofs = actions.look_at_provider(**where) if holds else []
    if not any(each.control == actions.RECORDING for each in proofs):
        actions.answer_point(point=actions.RECORDING, evidence=Evidence.ATTESTED, holds=holds, **where)
