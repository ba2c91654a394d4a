"""Weighing the ways to meet, choosing one, and reading later why (TEC1)."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.meetings import actions, queries, weighing
from circlekeeper.areas.meetings.forms import ChooseForm, WeighForm, service_choices
from circlekeeper.areas.meetings.words import BECAUSE_WORDS, DOWNSIDE_WORDS, WAY_WORDS
from circlekeeper.foundation import clock
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission

_OVERLAYS = (weighing.PHONE, weighing.HYBRID)  # ways that bring safeguards of their own, once the group says so


@page(needs=Permission.MEETING_PLAN, methods=("GET", "POST"))
def choose(request: HttpRequest, group_id: str) -> HttpResponse:
    """First the questions, then what they lead to; the choice and its reasons are kept."""
    here = reverse("meetings:choose", args=[group_id])
    posted = request.POST if request.method == "POST" else None
    questions = WeighForm(posted)
    asked = posted is not None and questions.is_valid()
    form = ChooseForm(
        posted if asked and request.POST.get("do") == "choose" else None,
        offers=service_choices(queries.services_for(group_id, now=clock.now())),
        answers=questions.cleaned_data if asked else {},
    )
    if asked and form.is_bound and form.is_valid():
        try:
            actions.choose_way(
                by=request.who.id,  # type: ignore[attr-defined]
                group_id=group_id,
                answers=questions.cleaned_data,
                now=clock.now(),
                **form.chosen,
            )
            return HttpResponseRedirect(here)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
    wrong = (posted is not None and not asked) or bool(form.is_bound and form.errors)
    shown = {
        "group_id": group_id,
        "form": form if asked else questions,
        "asked": asked,
        "ranked": _ranked(group_id, questions.cleaned_data) if asked else [],
        "last": _last(group_id),
        "back": reverse("meetings:overview", args=[group_id]),
        "here": here,
    }
    return render(request, "meetings/choose.html", shown, status=422 if wrong else 200)


@page(needs=Permission.MEETING_PLAN, keys=True)
def why(request: HttpRequest, group_id: str) -> HttpResponse:
    """What was weighed before the last choice; each look leaves a line in the log."""
    who, last = request.who, queries.way_chosen(group_id)  # type: ignore[attr-defined]
    if last is None:
        raise NotHere
    said = queries.way_reasons(by=who.id, about=last.id, group_id=group_id, ring=who.ring, now=clock.now())
    shown = {
        "last": _last(group_id),
        "against": [BECAUSE_WORDS[code] for code, answer in said.answers.items() if answer != "no"],
        "ranking": [WAY_WORDS[each] for each in said.ranking],
        "shown": [DOWNSIDE_WORDS[each] for each in said.shown],
        "words": said.words,
        "due_on": last.due_on,
        "back": reverse("meetings:choose", args=[group_id]),
    }
    return render(request, "meetings/why.html", shown)


def _ranked(group_id: str, answers: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "title": WAY_WORDS[each.way],
            "because": [BECAUSE_WORDS[code] for code in each.because],
            "downsides": [DOWNSIDE_WORDS[code] for code in each.downsides],
            "warns": each.way == weighing.PHONE,
        }
        for each in queries.ranking(group_id, answers)
    ]


def _last(group_id: str) -> dict[str, Any] | None:
    found = queries.way_chosen(group_id)
    if found is None:
        return None
    titles = {each.name: each.title for each in queries.services()}
    return {
        "way": WAY_WORDS[found.way],
        "service": titles.get(found.provider, ""),
        "on": found.at.astimezone(groups.group(group_id).zone).date(),
        "who": accounts.handles([found.by]).get(found.by, ""),
        "read": [DOWNSIDE_WORDS[code] for code in found.read],
        "say_so": found.way in _OVERLAYS and found.way not in groups.group(group_id).overlays,
    }
