"""Bringing along a list of people: choose a file, choose columns, look, confirm, destroy the file."""

import csv
import io
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.roster import actions, queries, words
from circlekeeper.areas.roster.forms import ColumnsForm, ListForm
from circlekeeper.areas.roster.rules import lists
from circlekeeper.areas.roster.rules.lists import ListFault, Table, Target
from circlekeeper.areas.roster.rules.lists.layouts import TEMPLATE_HEADERS
from circlekeeper.foundation import clock
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission

_SHOWN = 5


@page(needs=Permission.ROSTER_IMPORT, methods=("GET", "POST"), keys=True, step_up=True, files=True)
def choose_file(request: HttpRequest, group_id: str) -> HttpResponse:
    """Read a file in memory and keep what it says sealed until it is confirmed."""
    form = ListForm(request.POST, request.FILES) if request.method == "POST" else ListForm()
    if request.method == "POST":
        table = _read(request, form)
        if table is not None:
            goes = {column.at: column.goes for column in lists.columns_of(table)}
            _keep(request, group_id, table, goes)
            return HttpResponseRedirect(reverse("roster:list-columns", args=[group_id]))
    return render(
        request, "roster/list_file.html", {"form": form, "group_id": group_id}, status=422 if form.errors else 200
    )


def _read(request: HttpRequest, form: ListForm) -> Table | None:
    """The table of an uploaded file; what is wrong with it stands in the form."""
    if not request.FILES and int(request.META.get("CONTENT_LENGTH") or 0) > lists.MOST_BYTES:
        # Django gives up files that are too large before they reach us, so that they touch no disk.
        form.full_clean()
        form.errors.pop("file", None)
        form.add_error("file", words.LIST_FAULTS[ListFault.TOO_BIG])
        return None
    if not form.is_valid():
        return None
    try:
        table = lists.find_table(lists.read_rows(form.cleaned_data["file"].read()))
    except lists.Unreadable as fault:
        form.add_error("file", words.LIST_FAULTS[fault.fault])
        return None
    if table is None:
        form.add_error("file", words.NO_PEOPLE)
    elif len(table.rows) > lists.MOST_ROWS:
        form.add_error("file", words.LIST_FAULTS[ListFault.TOO_MANY])
        table = None
    return table


def _keep(request: HttpRequest, group_id: str, table: Table, goes: Mapping[int, Target]) -> None:
    who = request.who  # type: ignore[attr-defined]
    content = {
        "layout": table.layout,
        "headers": table.headers,
        "rows": table.rows,
        "goes": {str(at): target for at, target in goes.items()},
    }
    actions.keep_draft(by=who.id, ring=who.ring, group_id=group_id, content=content, now=clock.now())


@page(needs=Permission.ROSTER_IMPORT, methods=("GET", "POST"), keys=True)
def choose_columns(request: HttpRequest, group_id: str) -> HttpResponse:
    """What of the list comes along. Everything else is left behind for good."""
    who = request.who  # type: ignore[attr-defined]
    draft = queries.draft_table(ring=who.ring, group_id=group_id)
    form = ColumnsForm(request.POST or None, columns=lists.columns_of(draft.table), goes=draft.goes)
    if request.method == "POST" and form.is_valid():
        _keep(request, group_id, draft.table, form.goes())
        return HttpResponseRedirect(reverse("roster:list-look", args=[group_id]))
    shown = {"form": form, "group_id": group_id, "count": len(draft.table.rows)}
    return render(request, "roster/list_columns.html", shown, status=422 if form.errors else 200)


@page(needs=Permission.ROSTER_IMPORT, methods=("GET", "POST"), keys=True, step_up=True)
def look(request: HttpRequest, group_id: str) -> HttpResponse:
    """Look at what would come in; confirm once."""
    who, now = request.who, clock.now()  # type: ignore[attr-defined]
    draft = queries.draft_table(ring=who.ring, group_id=group_id)
    picked = lists.pick_people(draft.table, draft.goes)
    if request.method == "POST":
        if request.POST.get("do") == "drop":
            actions.drop_draft(by=who.id, group_id=group_id, now=now)
            return HttpResponseRedirect(reverse("roster:people", args=[group_id]))
        actions.bring_list(
            by=who.id,
            ring=who.ring,
            group_id=group_id,
            draft_id=draft.id,
            people=picked.people,
            taken=queries.skeletons(ring=who.ring, group_id=group_id, now=now),
            layout=draft.table.layout,
            now=now,
        )
        return HttpResponseRedirect(reverse("roster:lists", args=[group_id]))
    return render(request, "roster/list_look.html", _look_shown(group_id, draft, picked))


def _look_shown(group_id: str, draft: Any, picked: lists.Picked) -> dict[str, Any]:
    left = [header for at, header in enumerate(draft.table.headers) if draft.goes.get(at) in (None, Target.DROP)]
    return {
        "group_id": group_id,
        "count": len(picked.people),
        "repeated": picked.repeated,
        "unusable": picked.unusable,
        "named": sum(bool(person.name) for person in picked.people),
        "reachable": sum(bool(person.address) for person in picked.people),
        "first": [(person.name, person.address) for person in picked.people[:_SHOWN]],
        "left_behind": left,
    }


@page(needs=Permission.ROSTER_IMPORT, methods=("GET", "POST"))
def brought(request: HttpRequest, group_id: str) -> HttpResponse:
    """Lists brought in, and whether their files are gone."""
    if request.method == "POST":
        actions.say_file_gone(
            by=request.who.id,  # type: ignore[attr-defined]
            group_id=group_id,
            list_id=request.POST.get("list", ""),
            now=clock.now(),
        )
        return HttpResponseRedirect(request.path)
    found = queries.brought_lists(group_id)
    names = accounts.handles({each.by for each in found} | {each.file_gone_by for each in found})
    zone = groups.group(group_id).zone
    rows = [
        {
            "id": each.id,
            "people": each.people,
            "at": each.at.astimezone(zone),
            "by": names.get(each.by, ""),
            "gone_by": names.get(each.file_gone_by, ""),
            "gone_at": each.file_gone_at.astimezone(zone) if each.file_gone_at else None,
        }
        for each in found
    ]
    return render(request, "roster/lists.html", {"group_id": group_id, "rows": rows})


@page(needs=Permission.ROSTER_IMPORT)
def template(request: HttpRequest, group_id: str) -> HttpResponse:
    """An empty list to fill in; its name says nothing."""
    out = io.StringIO()
    csv.writer(out).writerow(TEMPLATE_HEADERS)
    return HttpResponse(
        "\ufeff" + out.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="list.csv"'},
    )
