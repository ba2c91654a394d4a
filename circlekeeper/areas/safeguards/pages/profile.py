"""The answers behind a group's safeguards, given anew; and what an adviser said about them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from circlekeeper.areas.safeguards import actions, queries
from circlekeeper.areas.safeguards.forms import AdviserForm, AnswersForm
from circlekeeper.foundation import clock
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission


@page(needs=Permission.LEVEL_SET, methods=("GET", "POST"), step_up=True)
def answers(request: HttpRequest, group_id: str) -> HttpResponse:
    """Answer the interview again: stricter at once, looser with a second person."""
    now = clock.now()
    found = queries.profile(group_id, now)
    form = AnswersForm(request.POST or None, initial=found.answers)
    if request.method == "POST" and form.is_valid():
        try:
            fact = actions.change_answers(
                by=request.who.id,  # type: ignore[attr-defined]
                group_id=group_id,
                answers=form.answers,
                reason=form.cleaned_data["reason"],
                now=now,
            )
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        else:
            waits = _("What asks for more care holds now. What asks for less waits for a second person.")
            messages.success(request, _("It holds from now on.") if fact.in_force_at else waits)
            return HttpResponseRedirect(reverse("safeguards:posture", args=[group_id]))
    shown = {"group_id": group_id, "form": form, "profile": found}
    return render(request, "safeguards/answers.html", shown, status=422 if form.errors else 200)


@page(needs=Permission.SAFETY_ATTEST, methods=("GET", "POST"), keys=True)
def adviser(request: HttpRequest, group_id: str) -> HttpResponse:
    """What the adviser said, and writing down what they said about the answers of today."""
    form = AdviserForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _stamp(request, group_id, form)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        else:
            messages.success(request, _("Written down, with your name and today's date."))
            return HttpResponseRedirect(reverse("safeguards:posture", args=[group_id]))
    found = queries.profile(group_id, clock.now())
    shown: dict[str, Any] = {
        "group_id": group_id,
        "form": form,
        "profile": found,
        "words": _words(request, found.stamp),
    }
    return render(request, "safeguards/adviser.html", shown, status=422 if form.errors else 200)


def _stamp(request: HttpRequest, group_id: str, form: AdviserForm) -> None:
    now, given = clock.now(), form.cleaned_data
    actions.stamp_profile(
        by=request.who.id,  # type: ignore[attr-defined]
        group_id=group_id,
        stamp=actions.seal_stamp(group_id=group_id, name=given["name"], sentence=given["sentence"], now=now),
        given_on=given["given_on"],
        profile_version=queries.profile(group_id, now).version,
        now=now,
    )


def _words(request: HttpRequest, stamp: queries.StampFacts | None) -> queries.StampWords | None:
    who = request.who  # type: ignore[attr-defined]
    if stamp is None:
        return None
    try:
        return queries.stamp_words(by=who.id, about=stamp.id, now=clock.now(), ring=who.ring)
    except NotHere:
        return None
