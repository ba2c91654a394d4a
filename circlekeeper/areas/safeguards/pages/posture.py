"""What stands between a group and its next door, and opening it."""

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.safeguards import actions, queries
from circlekeeper.areas.safeguards.queries import CheckFinding
from circlekeeper.areas.safeguards.rules import Standing
from circlekeeper.foundation import clock
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission

DOOR_WORDS = {
    "open": _("Before the group can open"),
    "first-link": _("Before anyone gets a link"),
    "start": _("Before the next meeting"),
    "watch": _("To keep an eye on"),
}


@page(needs=Permission.SAFETY_SEE)
def posture(request: HttpRequest, group_id: str) -> HttpResponse:
    """Everything that is not as it should be, most urgent first; one next step at the top."""
    now = clock.now()
    where, facts = queries.posture(group_id, now), groups.group(group_id)
    asked = [control.worst for control in where.findings if control.worst.standing is not Standing.FINE]
    step = where.next_step
    shown: dict[str, Any] = {
        "group": facts,
        "posture": where,
        "step": step and _shown(group_id, step),
        "doors": _by_door(group_id, [check for check in asked if check is not step]),
        "fine": [_shown(group_id, control.worst) for control in where.findings if control.worst.met],
        "waivers": len(queries.open_waivers(group_id)),
        "pending": queries.pending_level(group_id),
        "may": request.who.can(Permission.SAFETY_ATTEST, group_id),  # type: ignore[attr-defined]
        "profile": queries.profile(group_id, now),
        "may_answer": request.who.can(Permission.LEVEL_SET, group_id),  # type: ignore[attr-defined]
        "may_state": request.who.can(Permission.TRUST_SEE, group_id),  # type: ignore[attr-defined]
        "may_open": where.may_open and not facts.is_open,
    }
    return render(request, "safeguards/posture.html", shown)


@page(needs=Permission.GROUP_OPEN, methods=("GET", "POST"))
def open_group(request: HttpRequest, group_id: str) -> HttpResponse:
    """Ask once more, then open; refused with the list while something is missing."""
    back = reverse("safeguards:posture", args=[group_id])
    if request.method == "POST":
        actions.open_group(by=request.who.id, group_id=group_id, now=clock.now())  # type: ignore[attr-defined]
        return HttpResponseRedirect(back)
    closed = queries.closed_gate(group_id=group_id, gate="open", now=clock.now())
    shown = {
        "question": _("Open the group?"),
        "what": closed or _("People can ask to join, and meetings can be held."),
        "undo": _("You can close it again at any time."),
        "button": _("Open the group"),
        "cancel_url": back,
        "layout": "web/base.html",
    }
    return render(request, "web/confirm.html", shown)


def _by_door(group_id: str, checks: list[CheckFinding]) -> list[dict[str, Any]]:
    order = list(DOOR_WORDS)
    sorted_by_door = sorted(checks, key=lambda check: order.index(check.gate))
    return [
        {"title": DOOR_WORDS[door], "findings": [_shown(group_id, check) for check in found]}
        for door, found in groupby(sorted_by_door, key=lambda check: check.gate)
    ]


def _shown(group_id: str, check: CheckFinding) -> dict[str, Any]:
    return {
        "check": check,
        "url": reverse("safeguards:control", args=[group_id, check.control]),
        "press": _("Confirm it") if check.attested else _("See what to do"),
        "tone": "harm" if check.blocking else "",
    }
