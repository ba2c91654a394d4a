"""The access lead's side. Nobody without the role reaches it, whatever else they may do in the group."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from circlekeeper.areas.access import actions, queries, sources
from circlekeeper.areas.access.forms import AnswerForm, HelperForm
from circlekeeper.areas.access.words import KINDS
from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.roster import actions as roster_do
from circlekeeper.areas.roster import queries as roster
from circlekeeper.foundation import clock
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission

ACCESS = "access"  # the part of a record that says what helps


@page(needs=Permission.ACCESS_SEE, keys=True)
def index(request: HttpRequest, group_id: str) -> HttpResponse:
    """Talks that wait, and those that are answered."""
    shown = {
        "group_id": group_id,
        "group": groups.group(group_id),
        "threads": queries.threads(group_id),
        "needs": roster.who_told_needs(group_id),
    }
    return render(request, "access/index.html", shown)


@page(needs=Permission.ACCESS_SEE, methods=("GET", "POST"), keys=True)
def talk(request: HttpRequest, group_id: str, thread_id: str) -> HttpResponse:
    """One talk: read, answer, end. Each look is logged."""
    who, now = request.who, clock.now()  # type: ignore[attr-defined]
    back = reverse("access:index", args=[group_id])
    if request.method == "POST" and request.POST.get("do") == "end":
        actions.end_thread(by=who.id, group_id=group_id, thread_id=thread_id, now=now)
        return HttpResponseRedirect(back)
    found = queries.talk(by=who.id, about=thread_id, group_id=group_id, ring=who.ring, now=now)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data["words"]
        try:
            actions.answer(by=who.id, ring=who.ring, group_id=group_id, thread_id=thread_id, words=words, now=now)
            return HttpResponseRedirect(back)
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
    shown = {"group_id": group_id, "talk": found, "form": form, "back": back}
    return render(request, "access/talk.html", shown, status=422 if form.errors else 200)


@page(needs=Permission.ACCESS_SEE, methods=("GET", "POST"), keys=True)
def needs(request: HttpRequest, group_id: str, member_id: str) -> HttpResponse:
    """What one person wrote when they joined. The look is logged, and they are told."""
    who, now = request.who, clock.now()  # type: ignore[attr-defined]
    if member_id not in {each for each, _day in roster.who_told_needs(group_id)}:
        raise NotHere
    if request.method == "POST":
        sentence = gettext("To arrange what helps them take part.")
        roster_do.open_record(
            by=who.id,
            group_id=group_id,
            member_id=member_id,
            name=ACCESS,
            reason="asked",
            sentence=sentence,
            now=now,
        )
        return HttpResponseRedirect(reverse("access:needs", args=[group_id, member_id]))
    about: dict[str, Any] = {"group_id": group_id, "name": ACCESS, "by": who.id, "now": now}
    held: dict[str, Any] = {}
    if roster.live_opening(member_id=member_id, **about):
        held = roster.opened(about=member_id, ring=who.ring, **about)
    shown = {"words": held.get("needs", ""), "back": reverse("access:index", args=[group_id])}
    return render(request, "access/needs.html", shown)


@page(needs=Permission.ACCESS_SEE, methods=("GET", "POST"), keys=True)
def helpers(request: HttpRequest, group_id: str) -> HttpResponse:
    """Who interprets or writes captions, their promise, and the meetings they come to (ACC1)."""
    who, now, refused = request.who, clock.now(), ""  # type: ignore[attr-defined]
    here = reverse("access:helpers", args=[group_id])
    form = HelperForm(request.POST if request.POST.get("do") == "list" else None)
    if request.method == "POST":
        try:
            if form.is_bound and form.is_valid():
                actions.list_helper(by=who.id, group_id=group_id, now=now, **form.cleaned_data)
            elif not form.is_bound:
                _about_one(request, group_id)
            if not form.errors:
                return HttpResponseRedirect(here)
        except Refused as refusal:
            refused = refusal.sentence
    meetings = sources.meetings(group_id, now)
    shown = {
        "group_id": group_id,
        "form": form,
        "refused": refused,
        "helpers": [
            {
                "facts": each,
                "kind": KINDS[each.kind],
                "free": [m for m in meetings if m.id not in each.meetings],
                "on": [m for m in meetings if m.id in each.meetings],
            }
            for each in queries.helpers(by=who.id, about=group_id, ring=who.ring, now=now)
        ],
        "back": reverse("access:index", args=[group_id]),
    }
    status = 422 if form.errors else 409 if refused else 200
    return render(request, "access/helpers.html", shown, status=status)


def _about_one(request: HttpRequest, group_id: str) -> None:
    do, now = request.POST.get("do", ""), clock.now()
    about: dict[str, Any] = {
        "by": request.who.id,  # type: ignore[attr-defined]
        "group_id": group_id,
        "helper_id": request.POST.get("helper", ""),
        "now": now,
    }
    if do == "promise":
        actions.note_promise(**about)
    elif do == "drop":
        actions.drop_helper(**about)
    elif do == "place":
        actions.place_helper(meeting_id=request.POST.get("meeting", ""), **about)
    elif do == "off":
        actions.take_off_helper(meeting_id=request.POST.get("meeting", ""), **about)
    else:
        raise NotHere
