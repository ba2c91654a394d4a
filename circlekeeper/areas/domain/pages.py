"""A group's own web address: how it stands, and telling it."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from circlekeeper.areas.domain import actions, jobs, queries, words
from circlekeeper.areas.domain.forms import DomainForm
from circlekeeper.areas.domain.rules import Part, State
from circlekeeper.areas.groups import queries as groups
from circlekeeper.foundation import clock
from circlekeeper.foundation.errors import Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission


@page(needs=Permission.SAFETY_SEE)
def domain(request: HttpRequest, group_id: str) -> HttpResponse:
    """Each part in plain words, with one next step. What nobody answered is unknown."""
    found, zone = queries.looks(group_id), groups.group(group_id).zone
    parts = [_part(part, found.get(part)) for part in Part]
    order = [State.LACKING, State.UNKNOWN, State.GOOD]
    looked = [each.looked_at for each in found.values()]
    shown: dict[str, Any] = {
        "group_id": group_id,
        "domain": queries.domain(group_id),
        "parts": sorted(parts, key=lambda each: order.index(each["state"])),
        "looked_at": max(looked).astimezone(zone) if looked else None,
        "may": request.who.can(Permission.SAFETY_ATTEST, group_id),  # type: ignore[attr-defined]
    }
    return render(request, "domain/domain.html", shown)


@page(needs=Permission.SAFETY_ATTEST, methods=("GET", "POST"))
def tell(request: HttpRequest, group_id: str) -> HttpResponse:
    """Tell the address and what only its owner knows; it is looked at at once."""
    form = DomainForm(request.POST or None, initial=_told(group_id))
    if request.method == "POST" and form.is_valid():
        now = clock.now()
        try:
            actions.tell_domain(
                by=request.who.id,  # type: ignore[attr-defined]
                group_id=group_id,
                now=now,
                **form.cleaned_data,
            )
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
        else:
            _look(request, group_id, now)
            return HttpResponseRedirect(reverse("domain:domain", args=[group_id]))
    shown = {"group_id": group_id, "form": form}
    return render(request, "domain/tell.html", shown, status=422 if form.errors else 200)


@page(needs=Permission.SAFETY_ATTEST, methods=("POST",))
def forget(request: HttpRequest, group_id: str) -> HttpResponse:
    """The group has no address of its own any more."""
    actions.forget_domain(by=request.who.id, group_id=group_id, now=clock.now())  # type: ignore[attr-defined]
    return HttpResponseRedirect(reverse("domain:domain", args=[group_id]))


def _look(request: HttpRequest, group_id: str, now: datetime) -> None:
    facts = queries.domain(group_id)
    if facts is not None:
        jobs.look_at(facts, by=request.who.id, now=now)  # type: ignore[attr-defined]


def _told(group_id: str) -> dict[str, Any]:
    found = queries.domain(group_id)
    if found is None:
        return {}
    return {
        "name": found.name,
        "selector": found.selector,
        "paid_until": found.told.paid_until,
        "locked": found.told.locked,
    }


def _part(part: Part, found: queries.LookFacts | None) -> dict[str, Any]:
    state = State(found.state) if found else State.UNKNOWN
    return {
        "title": words.TITLES[part],
        "state": state,
        "state_words": words.STATES[state],
        "step": words.step(part, found.why) if found else words.NEVER_LOOKED,
        "until": found.until if found else None,
        "fell_at": found.fell_at if found else None,
        "known_at": found.known_at if found and state is State.UNKNOWN else None,
        "known_words": words.STATES[State(found.known_state)] if found and found.known_state else "",
    }
