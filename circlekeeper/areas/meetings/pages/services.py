"""The services a group meets through: connecting one, what it said about a meeting, and the address it calls."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, RawPostDataException
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.meetings import actions, queries
from circlekeeper.areas.meetings.forms import ConnectForm
from circlekeeper.areas.meetings.provider import Call, Forged
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation import clock
from circlekeeper.foundation.accounts import throttle
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission

_LARGEST = 64 * 1024
_CALLS = "600/m/key"
_PLAIN = "text/plain"


@page(needs=Permission.MEETING_PLAN)
def services(request: HttpRequest, group_id: str) -> HttpResponse:
    """Every way to meet that is installed here, and which of them fit this group (TEC2)."""
    now, here = clock.now(), groups.group(group_id)
    found = queries.services_for(group_id, now=now)
    shown = {
        "group_id": group_id,
        "services": [each for each in found if each.offered],
        "hidden": [each for each in found if not each.offered],
        "asof": now.astimezone(here.zone).date(),
        "contract": safeguards.settings_for(group_id).mode("vendor-contracts").binds,
        "back": reverse("meetings:overview", args=[group_id]),
    }
    return render(request, "meetings/services.html", shown)


@page(needs=Permission.MEETING_PLAN, methods=("GET", "POST"), step_up=True)
def service(request: HttpRequest, group_id: str, name: str) -> HttpResponse:
    """Connect one service, or end that. What was entered is never shown again."""
    found = queries.service_for(group_id, name, now=clock.now())
    if not found.settings:
        raise NotHere
    form = ConnectForm(request.POST if request.POST.get("do") == "connect" else None, settings=found.settings)
    back, refused = reverse("meetings:services", args=[group_id]), ""
    where = {"by": request.who.id, "group_id": group_id, "provider_name": name, "now": clock.now()}  # type: ignore[attr-defined]
    try:
        if request.POST.get("do") == "end":
            actions.disconnect_service(**where)
            return HttpResponseRedirect(back)
        if form.is_valid():
            actions.connect_service(values=form.cleaned_data, **where)
            return HttpResponseRedirect(request.path)
    except Refused as refusal:
        if refusal.field in form.fields:
            form.add_error(refusal.field, refusal.sentence)
        else:
            refused = refusal.sentence
    shown = {"group_id": group_id, "service": found, "form": form, "back": back, "refused": refused}
    return render(request, "meetings/service.html", shown, status=422 if form.errors or refused else 200)


@page(needs=Permission.MEETING_HOST, methods=("GET", "POST"))
def seen(request: HttpRequest, group_id: str, meeting_id: str) -> HttpResponse:
    """What the service said about one meeting, setting by setting; looking again."""
    meeting = queries.meeting(group_id=group_id, meeting_id=meeting_id)
    if request.method == "POST":
        who = request.who  # type: ignore[attr-defined]
        if meeting.state in ("closed", "cancelled"):
            raise NotHere
        actions.set_up(by=who.id, group_id=group_id, meeting_id=meeting_id, now=clock.now())
        return HttpResponseRedirect(request.path)
    shown = {
        "group_id": group_id,
        "meeting": meeting,
        "state": queries.service_state(meeting),
        "rows": queries.seen(meeting),
        "by_word": bool(queries.asked_of_people(meeting_id, now=clock.now(), but=actions.RECORDING)),
        "back": reverse("meetings:cockpit", args=[group_id, meeting_id]),
    }
    return render(request, "meetings/seen.html", shown)


# A service has no form of ours: its own signature says who it is.
@csrf_exempt
@page(needs=Permission.ANYONE, methods=("GET", "POST", "DELETE"))
def hook(request: HttpRequest, connection_id: str, path: str = "") -> HttpResponse:
    """A service calls. Whoever is not it learns nothing but that."""
    try:
        body = request.body
    except RawPostDataException:  # a form with files: no service sends one
        return HttpResponse(status=415, content_type=_PLAIN)
    if len(body) > _LARGEST:
        return HttpResponse(status=413, content_type=_PLAIN)
    if not throttle.allowed(request, action="meetings.hook", rate=_CALLS, key=connection_id):
        return HttpResponse(status=429, content_type=_PLAIN)
    headers = {name.lower(): value for name, value in request.headers.items()}
    url = settings.PUBLIC_URL + request.get_full_path()
    call = Call(request.method or "", path, headers, body, request.META.get("QUERY_STRING", ""), url)
    try:
        heard = actions.hear(connection_id=connection_id, call=call, now=clock.now())
    except Forged:
        raise PermissionDenied from None
    return HttpResponse(heard.body, status=heard.status, content_type=heard.content_type)
