"""The team's side: who asked to join, and deciding together."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.joining import actions, queries, rules
from circlekeeper.areas.joining.forms import PATH_WORDS, VETTING_WORDS, VoteForm
from circlekeeper.areas.roster import queries as roster
from circlekeeper.foundation import clock
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission

_WARNINGS = {
    "looks like another name in the group": _("This name looks like another one in the group."),
    "same as the mail address": _("This name is in their mail address."),
    "looks like a full legal name": _("This looks like a full legal name. Ask whether they meant that."),
}


@page(needs=Permission.JOINING_SEE, keys=True)
def applications(request: HttpRequest, group_id: str) -> HttpResponse:
    """Who waits for an answer, by the name they chose; how people come in; how many did."""
    who, now = request.who, clock.now()  # type: ignore[attr-defined]
    aliases = roster.aliases(ring=who.ring, group_id=group_id)
    facts, way = groups.group(group_id), queries.way(group_id)
    today = now.astimezone(facts.zone).date()
    shown = {
        "group_id": group_id,
        "group": facts,
        "waiting": [
            {
                "id": each.id,
                "alias": aliases[each.member_id],
                "answer_by": each.answer_by,
                "late": each.answer_by < today,
                "votes": each.yes_votes,
                "mine": who.id in each.voters,
            }
            for each in queries.waiting(group_id)
            # Whoever has left meanwhile is on their way out of here as well.
            if each.member_id in aliases
        ],
        "funnel": queries.funnel(group_id),
        "way": way,
        "way_words": PATH_WORDS[way.path],
        "way_reason": VETTING_WORDS.get(way.reason, ""),
        "calls_first": rules.calls_first(way.path),
        "may_decide": who.can(Permission.JOINING_DECIDE, group_id),
        "may_set": who.can(Permission.LEVEL_SET, group_id),
    }
    return render(request, "joining/applications.html", shown)


@page(needs=Permission.JOINING_DECIDE, methods=("GET", "POST"), keys=True)
def application(request: HttpRequest, group_id: str, application_id: str) -> HttpResponse:
    """One application: what is still needed, and your word."""
    found = queries.application(group_id=group_id, application_id=application_id)
    form, code = VoteForm(), ""
    if request.method == "POST":
        do, now = request.POST.get("do", ""), clock.now()
        if do == "vote":
            form = VoteForm(request.POST)
            if form.is_valid() and _vote(request, form, group_id, application_id, now):
                return HttpResponseRedirect(reverse("joining:applications", args=[group_id]))
        elif do == "code":
            by = request.who.id  # type: ignore[attr-defined]
            code = actions.make_code(by=by, group_id=group_id, application_id=application_id, now=now)
        else:
            _note_call(request, do, group_id, application_id, now)
            return HttpResponseRedirect(reverse("joining:application", args=[group_id, application_id]))
    return _application(request, group_id, found, form, code)


def _vote(request: HttpRequest, form: VoteForm, group_id: str, application_id: str, now: datetime) -> bool:
    who = request.who  # type: ignore[attr-defined]
    try:
        actions.vote(
            by=who.id,
            ring=who.ring,
            group_id=group_id,
            application_id=application_id,
            yes=form.cleaned_data["yes"] == "yes",
            reason=form.cleaned_data["reason"],
            now=now,
        )
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        return False
    return True


def _note_call(request: HttpRequest, do: str, group_id: str, application_id: str, now: datetime) -> None:
    if not do.startswith("call-"):
        raise NotHere
    actions.note_call(
        by=request.who.id,  # type: ignore[attr-defined]
        group_id=group_id,
        application_id=application_id,
        outcome=do.removeprefix("call-"),
        now=now,
    )


def _application(
    request: HttpRequest, group_id: str, found: queries.ApplicationFacts, form: VoteForm, code: str
) -> HttpResponse:
    who = request.who  # type: ignore[attr-defined]
    alias = roster.aliases(ring=who.ring, group_id=group_id).get(found.member_id)
    if alias is None:
        raise NotHere
    warnings = queries.alias_warnings(ring=who.ring, group_id=group_id, member_id=found.member_id)
    shown: dict[str, Any] = {
        "group_id": group_id,
        "found": found,
        "alias": alias,
        "warnings": [_WARNINGS[each] for each in warnings],
        "form": form,
        "code": code,
        "asks_more": bool(queries.asked_fields(group_id)),
        "slot": _slot(group_id, found.id),
        "notes_allowed": queries.notes_allowed(group_id),
        "mine": who.id in found.voters,
        "back": reverse("joining:applications", args=[group_id]),
    }
    return render(request, "joining/application.html", shown, status=422 if form.errors else 200)


def _slot(group_id: str, application_id: str) -> queries.SlotFacts | None:
    times = queries.slots(group_id, clock.now())
    return next((each for each in times if each.application_id == application_id), None)
