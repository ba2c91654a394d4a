"""Cards for hard moments, for those who answer for their words."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from circlekeeper.areas.meetings import actions, queries
from circlekeeper.areas.meetings.forms import CardForm
from circlekeeper.areas.meetings.models import Format
from circlekeeper.foundation import clock
from circlekeeper.foundation.errors import Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission


@page(needs=Permission.MEETING_PLAN)
def cards(request: HttpRequest, group_id: str) -> HttpResponse:
    """Every card, and whether it helps, once it was used often enough."""
    shown = {"group_id": group_id, "cards": queries.cards(group_id, Format.ONLINE)}
    return render(request, "meetings/cards.html", shown)


@page(needs=Permission.MEETING_PLAN, methods=("GET", "POST"))
def card(request: HttpRequest, group_id: str, card: str) -> HttpResponse:
    """Find better words for one card."""
    found = queries.card(group_id, card, Format.ONLINE)
    back = reverse("meetings:cards", args=[group_id])
    form = CardForm(request.POST if request.method == "POST" else None, initial={"words": found.calm})
    if request.method == "POST" and form.is_valid():
        by, words = request.who.id, form.cleaned_data["words"]  # type: ignore[attr-defined]
        try:
            actions.reword_card(by=by, group_id=group_id, card=card, words=words, now=clock.now())
            return HttpResponseRedirect(back)
        except Refused as refusal:
            form.add_error("words", refusal.sentence)
    shown = {"found": found, "form": form, "back": back}
    return render(request, "meetings/card.html", shown, status=422 if form.errors else 200)
