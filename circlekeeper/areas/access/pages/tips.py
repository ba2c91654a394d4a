"""What hosts may know of how people like to be treated."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from circlekeeper.areas.access import queries
from circlekeeper.areas.access.words import CARD_ANSWERS, CARD_QUESTIONS
from circlekeeper.foundation import clock
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission


@page(needs=Permission.MEETING_HOST, keys=True)
def tips(request: HttpRequest, group_id: str) -> HttpResponse:
    """General tips, and what many share; nothing that points at one person (ACC4)."""
    who, now = request.who, clock.now()  # type: ignore[attr-defined]
    sums = queries.card_sums(by=who.id, about=group_id, ring=who.ring, now=now)
    many = [(CARD_QUESTIONS[name], CARD_ANSWERS[name][answer], count) for (name, answer), count in sums.items()]
    shown = {"many": many, "back": reverse("groups:home", args=[group_id])}
    return render(request, "access/tips.html", shown)
