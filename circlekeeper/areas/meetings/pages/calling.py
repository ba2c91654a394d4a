"""The number to call and the digits to type, for a member at their door and for those who help. Shown once, when asked."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from circlekeeper.areas.meetings import actions, queries
from circlekeeper.foundation import clock, samesite
from circlekeeper.foundation.errors import Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission


@csrf_exempt  # as the door itself: its address holds a secret
@page(needs=Permission.ANYONE, methods=("GET", "POST"))
def call(request: HttpRequest, token: str) -> HttpResponse:
    """A member's own digits for one call. Asking again gives others, and those before end."""
    now, back = clock.now(), reverse("door", args=[token])
    meeting = queries.place(token=token, device="", now=now).meeting
    if not meeting.is_by_phone:
        return HttpResponseRedirect(back)
    pin = refused = ""
    if request.method == "POST":
        if not samesite.ours(request):
            raise PermissionDenied
        try:
            pin = actions.give_pin(by="visitor", token=token, now=now)
        except Refused as refusal:
            refused = refusal.sentence
    shown = {"meeting": meeting, "back": back, "refused": refused, **_shown(meeting, pin)}
    return render(request, "meetings/call.html", shown, status=409 if refused else 200)


@page(needs=Permission.MEETING_HOST, methods=("GET", "POST"))
def host_call(request: HttpRequest, group_id: str, meeting_id: str) -> HttpResponse:
    """The digits of somebody who helps: with them the room begins."""
    meeting = queries.meeting(group_id=group_id, meeting_id=meeting_id)
    back = reverse("meetings:cockpit", args=[group_id, meeting_id])
    if not meeting.is_by_phone:
        return HttpResponseRedirect(back)
    pin = refused = ""
    if request.method == "POST":
        by = request.who.id  # type: ignore[attr-defined]
        try:
            pin = actions.give_host_pin(by=by, group_id=group_id, meeting_id=meeting_id, now=clock.now())
        except Refused as refusal:
            refused = refusal.sentence
    shown = {"meeting": meeting, "back": back, "refused": refused, **_shown(meeting, pin)}
    return render(request, "meetings/host_call.html", shown, status=409 if refused else 200)


def _shown(meeting: queries.MeetingFacts, pin: str) -> dict[str, str]:
    return {"pin": f"{pin[:4]} {pin[4:]}".strip(), "number": queries.number_to_call(meeting) if pin else ""}
