"""The access lead's side. Nobody without the role reaches it, whatever else they may do in the group."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from circlekeeper.areas.access import actions, queries
from circlekeeper.areas.access.forms import AnswerForm
from circlekeeper.areas.groups import queries as groups
from circlekeeper.foundation import clock
from circlekeeper.foundation.errors import Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission


@page(needs=Permission.ACCESS_SEE, keys=True)
def index(request: HttpRequest, group_id: str) -> HttpResponse:
    """Talks that wait, and those that are answered."""
    shown = {
        "group_id": group_id,
        "group": groups.group(group_id),
        "threads": queries.threads(group_id),
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
