"""Signed copies: opening one with a reason, and checking whether one was changed (CNF2)."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from circlekeeper.areas.agreements import actions, queries, sources
from circlekeeper.areas.agreements.forms import CheckForm, OpenCopyForm
from circlekeeper.areas.agreements.queries import Checked
from circlekeeper.areas.groups import queries as groups
from circlekeeper.foundation import clock
from circlekeeper.foundation.accounts import throttle
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission

LARGEST = 2 * 1024 * 1024
_TRIES = "30/h/ip"


@page(needs=Permission.ROSTER_OPEN, keys=True)
def shelf(request: HttpRequest, group_id: str) -> HttpResponse:
    """Whose copies there are, by chosen name."""
    who, ids = request.who, queries.with_copies(group_id)  # type: ignore[attr-defined]
    names = sources.names(ring=who.ring, group_id=group_id, member_ids=ids, now=clock.now()) if ids else {}
    rows = sorted(
        ({"id": each, "alias": names.get(each, _("Someone"))} for each in ids),
        key=lambda row: row["alias"].casefold(),
    )
    back = reverse("agreements:shelf", args=[group_id])
    return render(request, "agreements/copies.html", {"group_id": group_id, "rows": rows, "back": back})


@page(needs=Permission.ROSTER_OPEN, methods=("GET", "POST"), keys=True, step_up=True)
def opened(request: HttpRequest, group_id: str, member_id: str) -> HttpResponse:
    """The reason first; then, for an hour, the name under the copy and the copy."""
    who, now = request.who, clock.now()  # type: ignore[attr-defined]
    if member_id not in queries.with_copies(group_id):
        raise NotHere
    form = OpenCopyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.open_copy(by=who.id, group_id=group_id, member_id=member_id, now=now, **form.cleaned_data)
            return HttpResponseRedirect(request.path)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
    live = queries.live_copy_opening(by=who.id, group_id=group_id, member_id=member_id, now=now)
    shown = _common(request, group_id, member_id)
    if request.method == "POST" or live is None:
        status = 422 if form.errors else 200
        return render(request, "agreements/copy_reason.html", shown | {"form": form}, status=status)
    found = queries.signed_copy(by=who.id, about=member_id, now=now, ring=who.ring, group_id=group_id)
    zone = groups.group(group_id).zone
    shown |= {
        "pairs": [
            (_("Signed as"), found.name),
            (_("Signed on"), date_format(found.signed_at.astimezone(zone), "j F Y")),
        ],
        "until": live.expires_at.astimezone(zone),
    }
    return render(request, "agreements/copy.html", shown)


@page(needs=Permission.ROSTER_OPEN, keys=True, step_up=True)
def file(request: HttpRequest, group_id: str, member_id: str) -> HttpResponse:
    """The copy itself, under a live opening."""
    who, now = request.who, clock.now()  # type: ignore[attr-defined]
    if queries.live_copy_opening(by=who.id, group_id=group_id, member_id=member_id, now=now) is None:
        return HttpResponseRedirect(reverse("agreements:copy", args=[group_id, member_id]))
    found = queries.signed_copy(by=who.id, about=member_id, now=now, ring=who.ring, group_id=group_id)
    return as_file(actions.print_copy(by=who.id, copy=found, now=now))


def as_file(made: bytes) -> HttpResponse:
    """A copy to save; its name says nothing."""
    answer = HttpResponse(made, content_type="application/pdf")
    answer.headers["Content-Disposition"] = 'attachment; filename="receipt.pdf"'
    return answer


def _common(request: HttpRequest, group_id: str, member_id: str) -> dict[str, Any]:
    who = request.who  # type: ignore[attr-defined]
    names = sources.names(ring=who.ring, group_id=group_id, member_ids=[member_id], now=clock.now())
    return {
        "group_id": group_id,
        "member_id": member_id,
        "alias": names.get(member_id, _("Someone")),
        "back": reverse("agreements:copies", args=[group_id]),
    }


@page(needs=Permission.ANYONE, methods=("GET", "POST"), files=True)
def check(request: HttpRequest) -> HttpResponse:
    """Whoever holds a copy and its code learns whether the file was changed, and nothing else."""
    if request.method != "POST":
        return render(request, "agreements/check.html", {"form": CheckForm()})
    form, shown = CheckForm(request.POST, request.FILES), {}
    if form.is_valid():
        given = form.cleaned_data["file"]
        if not throttle.allowed(request, action="agreements.copy", rate=_TRIES):
            form.add_error(None, _("Too many tries. Please wait an hour."))
        elif given.size > LARGEST:
            form.add_error("file", _("This file is too large to be one of our copies."))
        else:
            shown = _said(queries.check_copy(code=form.cleaned_data["code"], file=given.read()))
            form = CheckForm()
    status = 422 if form.errors else 200
    return render(request, "agreements/check.html", {"form": form, **shown}, status=status)


def _said(found: Checked) -> dict[str, str]:
    said = {
        Checked.SAME: _("This is the copy that was signed. Nothing in it was changed."),
        Checked.CHANGED: _("This is not the file that was signed. Something in it was changed."),
        Checked.UNKNOWN: _(
            "We know no copy with this code. Look at the code again; or the copy has reached its date and was destroyed."
        ),
    }
    return {"said": said[found], "tone": "done" if found is Checked.SAME else "harm"}
