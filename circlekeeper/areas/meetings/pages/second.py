"""The second place of a series, and what to do when a service closes for good (FMT14)."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.meetings import actions, queries
from circlekeeper.areas.meetings.forms import SecondForm, service_choices
from circlekeeper.areas.roster import actions as roster_do
from circlekeeper.areas.roster import queries as roster
from circlekeeper.foundation import clock
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.errors import Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission
from circlekeeper.foundation.vault.groupkeys import Scope

_AT_MOST = 60


def shown(series: queries.SeriesFacts) -> dict[str, Any]:
    """What the page of a series says about its second place."""
    found = queries.second_place(series.id)
    if found is None or found.tried_at is None:
        return {"second": found}
    return {
        "second": found,
        "tried": found.tried_at.astimezone(groups.group(series.group_id).zone).date(),
        "tried_by": accounts.handles([found.tried_by]).get(found.tried_by, ""),
    }


@page(needs=Permission.MEETING_PLAN, methods=("GET", "POST"))
def second(request: HttpRequest, group_id: str, series_id: str) -> HttpResponse:
    """Where to meet if the service is gone."""
    found, now = queries.series(group_id=group_id, series_id=series_id), clock.now()
    back = reverse("meetings:series", args=[group_id, series_id])
    others = [each for each in queries.services_for(group_id, now=now) if each.name != found.provider]
    form = SecondForm(
        request.POST if request.method == "POST" else None,
        offers=service_choices(others),
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.choose_second(
                by=request.who.id,  # type: ignore[attr-defined]
                group_id=group_id,
                series_id=series_id,
                now=now,
                **form.cleaned_data,
            )
            return HttpResponseRedirect(back)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
    return render(
        request,
        "meetings/second.html",
        {"form": form, "back": back, "series": found},
        status=422 if form.errors else 200,
    )


@page(needs=Permission.MEETING_PLAN, methods=("POST",))
def rehearse(request: HttpRequest, group_id: str, series_id: str) -> HttpResponse:
    """Try the second place now."""
    who = request.who  # type: ignore[attr-defined]
    actions.try_second(by=who.id, group_id=group_id, series_id=series_id, now=clock.now())
    return HttpResponseRedirect(reverse("meetings:series", args=[group_id, series_id]))


@page(needs=Permission.MEETING_PLAN)
def dates(request: HttpRequest, group_id: str, series_id: str) -> HttpResponse:
    """The coming dates as plain text, to take along to another service: when, and nothing else."""
    found = queries.series(group_id=group_id, series_id=series_id)
    planned = queries.coming(group_ids=[group_id], now=clock.now(), limit=_AT_MOST)
    mine = [each for each in planned if each.series_id == found.id]
    text = "".join(f"{each.local_on} {each.starts}-{each.ends} {each.time_zone}\n" for each in mine)
    answer = HttpResponse(text, content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="dates.txt"'
    return answer


@page(needs=Permission.MEETING_HOST, methods=("GET", "POST"), keys=True)
def move(request: HttpRequest, group_id: str, meeting_id: str) -> HttpResponse:
    """What moving one meeting to its second place does, and doing it."""
    meeting = queries.meeting(group_id=group_id, meeting_id=meeting_id)
    back, refused = reverse("meetings:cockpit", args=[group_id, meeting_id]), ""
    if request.method == "POST":
        who = request.who  # type: ignore[attr-defined]
        try:
            actions.move_meeting(by=who.id, group_id=group_id, meeting_id=meeting_id, now=clock.now())
            _write_to_members(who, group_id, meeting_id)
            return HttpResponseRedirect(back)
        except Refused as refusal:
            refused = refusal.sentence
    place = queries.second_place(meeting.series_id)
    shown_ = {"meeting": meeting, "second": place, "back": back, "refused": refused}
    return render(request, "meetings/move.html", shown_, status=409 if refused else 200)


def _write_to_members(who: Any, group_id: str, meeting_id: str) -> None:
    """A letter to everybody who takes part, by the way each likes best, if the host's keys can open those (FMT14)."""
    if who.ring is not None and who.ring.can(group_id, Scope.ROSTER):
        roster_do.tell(
            by=who.id,
            ring=who.ring,
            group_id=group_id,
            member_ids=roster.active_ids(group_id),
            occasion=f"moved:{meeting_id}",
            now=clock.now(),
        )
