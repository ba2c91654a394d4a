"""What happened, for those who answer for the group."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.incidents import actions, queries
from circlekeeper.foundation import clock
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission


@page(needs=Permission.INCIDENT_SEE)
def index(request: HttpRequest, group_id: str) -> HttpResponse:
    """What waits, and what was settled and is still kept."""
    group = groups.group(group_id)
    found = [_shown(each, group) for each in queries.drafts(group_id)]
    shown = {
        "group": group,
        "group_id": group_id,
        "waiting": [each for each in found if not each["facts"].settled],
        "settled": [each for each in found if each["facts"].settled],
    }
    return render(request, "incidents/index.html", shown)


@page(needs=Permission.INCIDENT_SEE, methods=("GET", "POST"), keys=True)
def draft(request: HttpRequest, group_id: str, incident_id: str) -> HttpResponse:
    """Read one, and say that it was dealt with."""
    who, now = request.who, clock.now()  # type: ignore[attr-defined]
    back = reverse("incidents:index", args=[group_id])
    if request.method == "POST":
        actions.settle_draft(by=who.id, group_id=group_id, draft_id=incident_id, now=now)
        return HttpResponseRedirect(back)
    found = queries.draft(group_id, incident_id)
    words = queries.draft_words(by=who.id, about=incident_id, group_id=group_id, ring=who.ring, now=now)
    shown = _shown(found, groups.group(group_id)) | {"group_id": group_id, "said": words, "back": back}
    return render(request, "incidents/draft.html", shown)


def _shown(found: queries.DraftFacts, group: groups.GroupFacts) -> dict[str, Any]:
    return {"facts": found, "at": found.at.astimezone(group.zone)}
