"""Looking at what was kept: heard or read here, never handed out."""

import re

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from circlekeeper.areas.ballots import actions, queries
from circlekeeper.areas.roster import queries as roster
from circlekeeper.foundation import clock
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission

_SPAN = re.compile(r"bytes=(\d{1,9})-(\d{0,9})")
_PLAYERS = ("audio", "video")


@page(needs=Permission.MEETING_SEE)
def shelf(request: HttpRequest, group_id: str) -> HttpResponse:
    """What the group keeps of its meetings, until when, and who was named."""
    found = queries.keepsakes(group_id=group_id, now=clock.now())
    shown = {"group_id": group_id, "rows": [_row(each) for each in found]}
    return render(request, "ballots/shelf.html", shown)


def _row(found: queries.KeepsakeFacts) -> dict[str, object]:
    names = accounts.handles(found.viewers) if found.kind == actions.SOUND else {}
    return {
        "id": found.id,
        "sound": found.kind == actions.SOUND,
        "media": found.media,
        "kept": roster.day_words(found.kept_at.date()),
        "until": roster.day_words(found.due_on),
        "names": sorted(names.values()),
    }


@page(needs=Permission.MEETING_SEE, methods=("GET", "POST"), keys=True, step_up=True)
def kept(request: HttpRequest, group_id: str, keepsake_id: str) -> HttpResponse:
    """Hear or read one; or destroy it before its day."""
    who, now = request.who, clock.now()  # type: ignore[attr-defined]
    found = queries.keepsake(group_id=group_id, keepsake_id=keepsake_id, now=now)
    if request.method == "POST":
        actions.destroy_keepsake(by=who.id, group_id=group_id, keepsake_id=keepsake_id, now=now)
        return HttpResponseRedirect(reverse("ballots:shelf", args=[group_id]))
    shown = {"group_id": group_id, "kept": _row(found), "named": who.id in found.viewers}
    if found.kind == actions.SUMMARY:
        shown["words"] = queries.summary_for_members(by=who.id, about=keepsake_id, now=now, group_id=group_id)
    return render(request, "ballots/kept.html", shown)


@page(needs=Permission.MEETING_SEE, keys=True)
def sound(request: HttpRequest, group_id: str, keepsake_id: str) -> HttpResponse:
    """A part of a recording, for a player on our own page and nothing else: it is not a file to be taken along."""
    who, now = request.who, clock.now()  # type: ignore[attr-defined]
    span = _SPAN.fullmatch(request.headers.get("Range", ""))
    if request.headers.get("Sec-Fetch-Dest") not in _PLAYERS or span is None:
        raise Refused(_("This can only be heard on its own page. It is not handed out as a file."))
    found = queries.keepsake(group_id=group_id, keepsake_id=keepsake_id, now=now)
    start = int(span[1])
    if found.kind != actions.SOUND or start >= found.size:
        raise NotHere
    end = int(span[2]) + 1 if span[2] else None
    content = queries.part(
        by=who.id, about=keepsake_id, now=now, ring=who.ring, group_id=group_id, start=start, end=end
    )
    response = HttpResponse(content, status=206, content_type=found.media)
    response["Content-Range"] = f"bytes {start}-{start + len(content) - 1}/{found.size}"
    response["Accept-Ranges"], response["Content-Disposition"] = "bytes", "inline"
    return response


@page(needs=Permission.OWN)
def said(request: HttpRequest, keepsake_id: str) -> HttpResponse:
    """A summary, for a member of the group."""
    who, now = request.who, clock.now()  # type: ignore[attr-defined]
    found = queries.keepsake(group_id=who.group_id, keepsake_id=keepsake_id, now=now)
    words = queries.summary_for_members(by=who.id, about=keepsake_id, now=now, group_id=who.group_id)
    return render(request, "ballots/said.html", {"words": words, "kept": _row(found)})
