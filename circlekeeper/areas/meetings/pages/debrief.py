"""After the meeting: two questions, and what became of the answers."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from circlekeeper.areas.meetings import actions, queries
from circlekeeper.areas.meetings.forms import MOOD_WORDS, DebriefForm
from circlekeeper.areas.meetings.pages import clinical
from circlekeeper.foundation import clock
from circlekeeper.foundation.errors import Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission


@page(needs=Permission.MEETING_HOST, methods=("GET", "POST"))
def debrief(request: HttpRequest, group_id: str, meeting_id: str) -> HttpResponse:
    """How was it, and does anything need following up? Whoever asks twice learns that it was answered."""
    who, meeting = request.who, queries.meeting(group_id=group_id, meeting_id=meeting_id)  # type: ignore[attr-defined]
    back = reverse("meetings:cockpit", args=[group_id, meeting_id])
    notes = not clinical.kept_elsewhere(group_id)
    form = DebriefForm(request.POST if request.method == "POST" else None, notes=notes)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.debrief(
                by=who.id,
                group_id=group_id,
                meeting_id=meeting_id,
                mood=said["mood"],
                follow_up=said["follow_up"] == "yes",
                words=said.get("words", ""),
                now=clock.now(),
            )
            return HttpResponseRedirect(back)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
    shown = {
        "group_id": group_id,
        "meeting": meeting,
        "form": form,
        "notes": notes,
        "back": back,
        "found": queries.debrief(meeting_id),
        "may_read": who.can(Permission.INCIDENT_SEE, group_id),
    }
    return render(request, "meetings/debrief.html", shown, status=422 if form.errors else 200)


@page(needs=Permission.INCIDENT_SEE, methods=("GET", "POST"), keys=True)
def read(request: HttpRequest, group_id: str, meeting_id: str) -> HttpResponse:
    """What was said, for those who answer for the group; each look leaves a line in the log."""
    who, now = request.who, clock.now()  # type: ignore[attr-defined]
    about: dict[str, Any] = {"by": who.id, "group_id": group_id, "now": now}
    meeting = queries.meeting(group_id=group_id, meeting_id=meeting_id)
    back = reverse("meetings:debrief", args=[group_id, meeting_id])
    if request.method == "POST":
        actions.note_followed_up(meeting_id=meeting_id, **about)
        return HttpResponseRedirect(back)
    found = queries.debrief(meeting_id)
    if found is None:
        return HttpResponseRedirect(back)
    said = queries.debrief_words(about=meeting_id, ring=who.ring, **about)
    shown = {
        "meeting": meeting,
        "back": back,
        "mood": MOOD_WORDS[said.mood],
        "said": said.words,
        "found": found,
    }
    return render(request, "meetings/debrief_read.html", shown)
