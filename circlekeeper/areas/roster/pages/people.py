"""The team's view of members: names for those who keep the door, everything else one logged step away."""

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.roster import actions, queries, rules, words
from circlekeeper.areas.roster.forms import FindForm
from circlekeeper.areas.roster.models import State
from circlekeeper.areas.roster.pages import pacing
from circlekeeper.foundation import clock
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission

_ON_A_PAGE = 50
_HERE = (State.MEMBER, State.PAUSED, State.INVITED)


@page(needs=Permission.ROSTER_SEE, methods=("GET", "POST"), keys=True)
def people(request: HttpRequest, group_id: str) -> HttpResponse:
    """Members by the name they chose, fifty at a time, or those whose name holds a text. Looks are counted (DAT2)."""
    who, now = request.who, clock.now()  # type: ignore[attr-defined]
    stop = pacing.too_many(request, group_id, now)
    if stop is not None:
        return stop
    form = FindForm(request.POST or None)
    aliases = queries.aliases(ring=who.ring, group_id=group_id, now=now)
    today = now.astimezone(groups.group(group_id).zone).date()
    may_open = who.can(Permission.ROSTER_OPEN, group_id)
    # Who is missing an emergency record is for those who may ask; everyone else reads a number (KIT9).
    missing = queries.emergency_missing(group_id=group_id, on=today)
    alike = _alike(aliases)
    rows = sorted(
        (
            {
                "id": each.id,
                "alias": aliases.get(each.id, _("Someone")),
                "state": words.STATES[State(each.state)],
                "is_member": each.is_active,
                "alike": each.id in alike,
                "missing": may_open and each.id in missing,
            }
            for each in queries.members(group_id, states=_HERE)
        ),
        key=lambda row: (str(row["alias"]).casefold(), str(row["id"])),
    )
    if request.method == "POST" and form.is_valid():
        found = queries.find(ring=who.ring, group_id=group_id, text=form.cleaned_data["name"], now=now)
        order = {member: at for at, (member, _alias) in enumerate(found)}
        rows = sorted((row for row in rows if row["id"] in order), key=lambda row: order[str(row["id"])])
    pages = Paginator(rows, _ON_A_PAGE)
    shown = {
        "group_id": group_id,
        "form": form,
        "page": pages.get_page(request.GET.get("page", "1")),
        "found": request.method == "POST",
        "missing": len(missing),
        "without_key": queries.without_key(group_id),
        "may_open": may_open,
        "may_import": who.can(Permission.ROSTER_IMPORT, group_id),
    }
    return render(request, "roster/people.html", shown)


def _alike(aliases: Mapping[str, str]) -> frozenset[str]:
    """Members whose names a quick eye takes for one another (REG1). They chose them themselves; hosts talk to them."""
    found: dict[str, list[str]] = {}
    for member_id, alias in aliases.items():
        found.setdefault(rules.skeleton(alias), []).append(member_id)
    return frozenset(member_id for same in found.values() if len(same) > 1 for member_id in same)


def _alias(request: HttpRequest, group_id: str, member_id: str) -> str:
    who = request.who  # type: ignore[attr-defined]
    found = queries.aliases_of(ring=who.ring, group_id=group_id, member_ids=[member_id], now=clock.now())
    return found.get(member_id, _("Someone"))


@page(needs=Permission.ROSTER_SEE, keys=True)
def person(request: HttpRequest, group_id: str, member_id: str) -> HttpResponse:
    """One member: days, and what may be done."""
    who = request.who  # type: ignore[attr-defined]
    stop = pacing.too_many(request, group_id, clock.now())
    if stop is not None:
        return stop
    facts = queries.member(group_id=group_id, member_id=member_id)
    shown = {
        "group_id": group_id,
        "member": facts,
        "alias": _alias(request, group_id, member_id),
        "state": words.STATES[State(facts.state)],
        "may_open": who.can(Permission.ROSTER_OPEN, group_id),
        "may_emergency": who.can(Permission.EMERGENCY_OPEN, group_id),
        "unreached": member_id in queries.unreached_ids(group_id),
        "may_leave": facts.state not in (State.LEFT, State.DECLINED),
    }
    return render(request, "roster/person.html", shown)


@page(needs=Permission.ROSTER_OPEN, methods=("GET", "POST"), keys=True)
def ask_to_leave(request: HttpRequest, group_id: str, member_id: str) -> HttpResponse:
    """Note that somebody has left, or has to."""
    if request.method == "POST":
        by = request.who.id  # type: ignore[attr-defined]
        actions.leave(by=by, group_id=group_id, member_id=member_id, now=clock.now())
        return HttpResponseRedirect(reverse("roster:people", args=[group_id]))
    shown: dict[str, Any] = {
        "question": _("Has %(name)s left?") % {"name": _alias(request, group_id, member_id)},
        "what": _(
            "Their links stop at once. Their record is destroyed on its date. They read on their page that they left."
        ),
        "undo": _("They can ask to join again."),
        "button": _("They have left"),
        "cancel_url": reverse("roster:person", args=[group_id, member_id]),
    }
    return render(request, "web/confirm.html", shown)


@page(needs=Permission.ROSTER_OPEN, methods=("GET", "POST"), keys=True, step_up=True)
def new_key(request: HttpRequest, group_id: str, member_id: str) -> HttpResponse:
    """A new key for somebody one knows to be that person; shown once, on this page."""
    who = request.who  # type: ignore[attr-defined]
    back = reverse("roster:person", args=[group_id, member_id])
    if request.method == "POST":
        key = actions.give_new_key(
            by=who.id, ring=who.ring, group_id=group_id, member_id=member_id, now=clock.now()
        )
        return render(request, "roster/key.html", {"key": key.letters, "words": key.words.split(), "back": back})
    shown = {
        "question": _("Make a new key for %(name)s?") % {"name": _alias(request, group_id, member_id)},
        "what": _(
            "Be sure that it is them: meet them, or call them. The old key stops at once. "
            "The new one is shown once, to hand over on paper or to read out."
        ),
        "button": _("Make a new key"),
        "cancel_url": back,
    }
    return render(request, "web/confirm.html", shown)
