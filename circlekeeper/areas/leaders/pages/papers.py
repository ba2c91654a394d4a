"""The group's three papers: making them, and coming back with two of them when nobody holds the keys any more."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from circlekeeper.areas.leaders import actions, queries
from circlekeeper.areas.leaders.forms import PapersForm
from circlekeeper.foundation import clock
from circlekeeper.foundation.accounts import throttle
from circlekeeper.foundation.errors import Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission

_TRIES = "20/10m/key"


@page(needs=Permission.KEYS_CHANGE, methods=("GET", "POST"), keys=True, step_up=True)
def make(request: HttpRequest, group_id: str) -> HttpResponse:
    """``/groups/<id>/team/papers/``."""
    who = request.who  # type: ignore[attr-defined]
    shown = {"group_id": group_id, "back": reverse("groups:team", args=[group_id])}
    if request.method == "POST":
        made = actions.make_papers(by=who.id, ring=who.ring, group_id=group_id, now=clock.now())
        papers = [each.split() for each in made]
        return render(request, "leaders/papers_made.html", shown | {"papers": papers})
    return render(request, "leaders/papers.html", shown | {"stands": queries.kit_stands(group_id)})


@page(needs=Permission.KEYS_CHANGE, methods=("GET", "POST"), keys=True, step_up=True)
def use(request: HttpRequest, group_id: str) -> HttpResponse:
    """``/groups/<id>/team/papers/use/``: type two; a day later, type them again."""
    who, now = request.who, clock.now()  # type: ignore[attr-defined]
    found = queries.way_of(who.id, now=now)
    waits = found if found is not None and found.by_papers and found.group_id == group_id else None
    form = PapersForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if throttle.allowed(request, action="leaders.papers", rate=_TRIES, key=group_id):
            done = _typed(request, form, group_id, waiting=waits is not None)
            if done is not None:
                return done
        else:
            form.add_error(None, _("Too many tries. Wait ten minutes, then try again."))
    shown = {"form": form, "waits": waits, "back": reverse("leaders:papers", args=[group_id])}
    return render(request, "leaders/use_papers.html", shown, status=422 if form.errors else 200)


def _typed(request: HttpRequest, form: PapersForm, group_id: str, *, waiting: bool) -> HttpResponse | None:
    who, now = request.who, clock.now()  # type: ignore[attr-defined]
    typed = (form.cleaned_data["first"], form.cleaned_data["second"])
    try:
        if waiting:
            actions.take_papers(by=who.id, ring=who.ring, group_id=group_id, typed=typed, now=now)
            messages.success(request, _("You hold all keys of the group again."))
            return HttpResponseRedirect(reverse("groups:team", args=[group_id]))
        actions.begin_papers(by=who.id, group_id=group_id, typed=typed, now=now)
    except Refused as refusal:
        form.add_error(refusal.field or None, refusal.sentence)
        return None
    return HttpResponseRedirect(reverse("leaders:use-papers", args=[group_id]))
