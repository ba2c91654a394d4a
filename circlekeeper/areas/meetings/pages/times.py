"""The times, for a member's own calendar: one entry, or an address their calendar reads. Neither says what it is."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language

from circlekeeper.areas.meetings import actions, queries
from circlekeeper.foundation import clock
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission
from circlekeeper.foundation.post import catalogue, entries


@page(needs=Permission.OWN, methods=("GET", "POST"))
def times(request: HttpRequest) -> HttpResponse:
    """What an entry looks like, the next one to take along, and the address, which is shown only when it is made."""
    who, now = request.who, clock.now()  # type: ignore[attr-defined]
    address = ""
    if request.method == "POST" and request.POST.get("do") == "end":
        actions.end_feed(by=who.id, group_id=who.group_id, member_id=who.id, now=now)
        return HttpResponseRedirect(reverse("my-times"))
    if request.method == "POST":
        token = actions.make_feed(by=who.id, group_id=who.group_id, now=now)
        address = settings.PUBLIC_URL + reverse("times-feed", args=[token])
    shown = {
        "title": catalogue.entry_title(get_language() or "en"),
        "address": address,
        "has_feed": queries.has_feed(who.id),
        "coming": queries.coming(group_ids=[who.group_id], now=now, limit=4),
    }
    return render(request, "meetings/times.html", shown)


@page(needs=Permission.OWN)
def entry(request: HttpRequest, meeting_id: str) -> HttpResponse:
    """One entry to take along."""
    who = request.who  # type: ignore[attr-defined]
    found = queries.entry(group_id=who.group_id, member_id=who.id, meeting_id=meeting_id)
    return _file([found], catalogue.FILES["entry"])


@page(needs=Permission.ANYONE)
def feed(request: HttpRequest, feed: str) -> HttpResponse:
    """What a member's calendar reads. The address is all it needs, because calendars cannot sign in."""
    return _file(queries.feed(token=feed, now=clock.now()), catalogue.FILES["entries"])


def _file(found: list[entries.Entry], name: str) -> HttpResponse:
    body = entries.calendar(found, stamp=clock.now(), lang=get_language() or "en")
    return HttpResponse(
        body, content_type=entries.TYPE, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
