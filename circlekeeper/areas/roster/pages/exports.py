"""Taking out a list: asking, agreeing, taking it once, and saying that it is destroyed."""

from collections.abc import Callable
from datetime import datetime, time
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.roster import actions, queries, words
from circlekeeper.areas.roster.forms import ExportForm
from circlekeeper.areas.roster.queries import ExportFacts
from circlekeeper.foundation import clock
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission


@page(needs=Permission.ROSTER_OPEN, methods=("GET", "POST"), keys=True, step_up=True)
def exports(request: HttpRequest, group_id: str) -> HttpResponse:
    """What was asked for and taken; and the form to ask."""
    form = ExportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        zone = groups.group(group_id).zone
        try:
            actions.ask_export(
                by=request.who.id,  # type: ignore[attr-defined]
                group_id=group_id,
                purpose=form.cleaned_data["purpose"],
                columns=form.columns,
                recipient=form.cleaned_data["recipient"],
                expires_at=datetime.combine(form.cleaned_data["until"], time(23, 59), zone),
                now=clock.now(),
            )
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        else:
            return HttpResponseRedirect(request.path)
    shown = {
        "group_id": group_id,
        "rows": _rows(request, group_id),
        "stops": _stops(request, group_id),
        "form": form if queries.may_export(group_id) else None,
    }
    return render(request, "roster/exports.html", shown, status=422 if form.errors else 200)


@page(needs=Permission.ROSTER_OPEN, methods=("POST",), keys=True, step_up=True)
def decide_export(request: HttpRequest, group_id: str) -> HttpResponse:
    """Agree as the second person, drop a request, or give one's word that a copy is destroyed."""
    acts: dict[str, Callable[..., None]] = {
        "agree": actions.agree_export,
        "drop": actions.drop_export,
        "gone": actions.say_export_gone,
    }
    act = acts.get(request.POST.get("do", ""))
    if act is None:
        raise NotHere
    who = request.who.id  # type: ignore[attr-defined]
    act(by=who, group_id=group_id, export_id=request.POST.get("list", ""), now=clock.now())
    return HttpResponseRedirect(reverse("roster:exports", args=[group_id]))


@page(needs=Permission.ROSTER_OPEN, methods=("POST",), keys=True, step_up=True)
def take_export(request: HttpRequest, group_id: str) -> HttpResponse:
    """The file, once. Its name says nothing, and it opens with the recipient's key only."""
    who, now, export_id = request.who, clock.now(), request.POST.get("list", "")  # type: ignore[attr-defined]
    actions.begin_taking(by=who.id, group_id=group_id, export_id=export_id, now=now)
    held = queries.export_file(by=who.id, about=export_id, now=now, ring=who.ring)
    return HttpResponse(
        held,
        content_type="application/octet-stream",
        headers={"Content-Disposition": 'attachment; filename="list.csv.age"', "Cache-Control": "no-store"},
    )


def _stops(request: HttpRequest, group_id: str) -> list[tuple[str, datetime]]:
    if not request.who.can(Permission.SAFETY_WAIVE, group_id):  # type: ignore[attr-defined]
        return []
    found = queries.stops(group_id)
    names = accounts.handles(sorted({by for by, _at in found}))
    return [(names.get(by, ""), at) for by, at in found]


def _rows(request: HttpRequest, group_id: str) -> list[dict[str, Any]]:
    found, who, now = queries.export_requests(group_id), request.who.id, clock.now()  # type: ignore[attr-defined]
    people = (
        {each.asked_by for each in found} | {each.agreed_by for each in found} | {each.gone_by for each in found}
    )
    names = accounts.handles(sorted(people - {""}))
    return [_row(each, names, who, now) for each in found]


def _row(each: ExportFacts, names: dict[str, str], who: str, now: datetime) -> dict[str, Any]:
    waits = not (each.taken_at or each.dropped_at) and each.expires_at > now
    return {
        "export": each,
        "purpose": words.EXPORT_PURPOSES[each.purpose],
        "columns": [
            (words.EXPORT_COLUMNS[column], words.EXPORT_REASONS[reason]) for column, reason in each.columns.items()
        ],
        "asked_by": names.get(each.asked_by, ""),
        "agreed_by": names.get(each.agreed_by, ""),
        "gone_by": names.get(each.gone_by, ""),
        "waits": waits,
        "may_agree": waits and not each.agreed_at and each.asked_by != who,
        "may_take": waits and each.agreed_at and each.asked_by == who,
        "over": not waits and not each.taken_at and not each.dropped_at,
    }
