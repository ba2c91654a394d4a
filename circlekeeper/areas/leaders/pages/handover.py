"""Handing a group over, one page for everybody in it: it shows what is done, what comes next and whose turn it is."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from circlekeeper.areas.leaders import actions, queries
from circlekeeper.areas.leaders.forms import HandoverForm
from circlekeeper.areas.leaders.rules import Step
from circlekeeper.foundation import clock
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission, RoleName

_ORDER = (Step.ACCEPT, Step.GIVE, Step.PROVE, Step.SIGN)


@page(needs=Permission.PEOPLE_SEE, methods=("GET", "POST"), keys=True, step_up=True)
def hand_over(request: HttpRequest, group_id: str) -> HttpResponse:
    """``/groups/<id>/team/handover/``."""
    who = request.who  # type: ignore[attr-defined]
    found = queries.handover(group_id, person_id=who.id)
    if found is None:
        if not who.can(Permission.KEYS_CHANGE, group_id):
            return render(request, "leaders/handover_none.html", {"back": reverse("groups:team", args=[group_id])})
        return _name_people(request, group_id)
    if request.method == "POST":
        _take(request.POST.get("step", ""), who, group_id)
        # The leaver may open no page of the group any more.
        left = group_id not in accounts.places_of(who.id)
        return HttpResponseRedirect("/" if left else reverse("leaders:handover", args=[group_id]))
    return render(request, "leaders/handover.html", _shown(found, who, group_id))


def _shown(found: queries.HandoverFacts, who: Any, group_id: str) -> dict[str, Any]:
    names = accounts.handles([found.leaver_id, found.successor_id])
    at = _ORDER.index(Step.SIGN if found.step is Step.CONFIRM else found.step)
    return {
        "found": found,
        "done": at,
        "leaver": names.get(found.leaver_id, ""),
        "successor": names.get(found.successor_id, ""),
        "words": accounts.four_words(found.successor_id).split() if found.step is Step.GIVE else [],
        "inventory": queries.inventory(group_id),
        "may_stop": who.can(Permission.KEYS_CHANGE, group_id) or who.id == found.successor_id,
        "back": reverse("groups:team", args=[group_id]),
    }


def _take(step: str, who: Any, group_id: str) -> None:
    by, now = who.id, clock.now()
    simple: dict[str, Callable[..., None]] = {
        Step.ACCEPT: actions.accept_handover,
        Step.SIGN: actions.sign_handover,
        Step.CONFIRM: actions.confirm_handover,
    }
    opening: dict[str, Callable[..., None]] = {Step.GIVE: actions.give_all_keys, Step.PROVE: actions.prove_keys}
    if step in simple:
        simple[step](by=by, group_id=group_id, now=now)
    elif step in opening:
        opening[step](by=by, ring=who.ring, group_id=group_id, now=now)
    elif step == "stop":
        _stop(who, group_id, now)
    else:
        raise NotHere


def _stop(who: Any, group_id: str, now: datetime) -> None:
    found = queries.handover(group_id, person_id=who.id)
    if found is None or not (who.can(Permission.KEYS_CHANGE, group_id) or who.id == found.successor_id):
        raise NotHere
    actions.stop_handover(by=who.id, group_id=group_id, now=now)


def _name_people(request: HttpRequest, group_id: str) -> HttpResponse:
    who = request.who  # type: ignore[attr-defined]
    team = accounts.people_with_role(group_id)
    names = accounts.handles(team)
    leaders = [(each, names.get(each, "")) for each in accounts.people_with_role(group_id, RoleName.LEADER)]
    form: forms.Form = HandoverForm(
        request.POST if request.method == "POST" else None,
        leaders=leaders,
        team=[(each, names.get(each, "")) for each in team],
    )
    if request.method == "POST" and form.is_valid():
        actions.begin_handover(
            by=who.id,
            group_id=group_id,
            leaver_id=form.cleaned_data["leaver"],
            successor_id=form.cleaned_data["successor"],
            now=clock.now(),
        )
        return HttpResponseRedirect(reverse("leaders:handover", args=[group_id]))
    shown = {
        "form": form,
        "alone": len(team) < len(leaders) + 1 and len(team) == 1,
        "invite": reverse("groups:invite", args=[group_id]),
        "inventory": queries.inventory(group_id),
        "back": reverse("groups:team", args=[group_id]),
    }
    return render(request, "leaders/handover_begin.html", shown, status=422 if form.errors else 200)
