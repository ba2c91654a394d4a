"""Changing a group's keys: one button, pressed again only if a great many records are to be brought along."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from circlekeeper.areas.leaders import actions, queries
from circlekeeper.areas.meetings import queries as meetings
from circlekeeper.foundation import clock
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission
from circlekeeper.foundation.vault.ring import KeyRing

BATCH, AT_ONCE = 500, 10
"""How many records one step brings along, and how many steps one press takes: the answer comes within a few seconds."""


@page(needs=Permission.KEYS_CHANGE, methods=("GET", "POST"), keys=True, step_up=True)
def change_keys(request: HttpRequest, group_id: str) -> HttpResponse:
    """``/groups/<id>/team/keys/``."""
    who, now = request.who, clock.now()  # type: ignore[attr-defined]
    here = reverse("leaders:keys", args=[group_id])
    if request.method == "POST":
        actions.begin_key_change(by=who.id, ring=who.ring, group_id=group_id, now=now)
        if go_on(KeyRing(who.ring.secret), group_id):
            messages.success(request, _("The keys are changed. Old copies open nothing that is here now."))
        return HttpResponseRedirect(here)
    since = queries.due_since([group_id]).get(group_id)
    shown = {
        "under_way": queries.key_change(group_id),
        "last": queries.last_change(group_id),
        # Keys can be changed; what somebody knows by heart cannot, but it can lead nowhere.
        "rooms": [each for each in meetings.series_of(group_id) if each.is_online],
        "group_id": group_id,
        "until": since + queries.CHANGE_WITHIN if since else None,
        "back": reverse("groups:team", args=[group_id]),
    }
    return render(request, "leaders/keys.html", shown)


def go_on(fresh: KeyRing, group_id: str) -> bool:
    """Bring some more records to the new keys; whether that was the end."""
    return any(
        actions.continue_key_change(
            by=fresh.person_id, ring=fresh, group_id=group_id, now=clock.now(), limit=BATCH
        )
        is None
        for _round in range(AT_ONCE)
    )
