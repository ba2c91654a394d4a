"""Which roles are still needed: a leader says so every quarter; a role nobody speaks for ends by itself (TEC12)."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from circlekeeper.foundation import clock
from circlekeeper.foundation.accounts import actions as accounts_do
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.accounts import rules
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import ROLE_WORDS, Permission


@page(needs=Permission.PEOPLE_MANAGE, methods=("GET", "POST"), step_up=True)
def roles(request: HttpRequest, group_id: str) -> HttpResponse:
    """Every role of the team, with the day it ends unless somebody speaks for it."""
    held, now = accounts.roles_in(group_id), clock.now()
    if request.method == "POST":
        role_id = request.POST.get("role", "")
        if role_id not in {role.id for role in held}:
            raise NotHere
        accounts_do.confirm_role(by=request.who.id, role_id=role_id, now=now)  # type: ignore[attr-defined]
        return HttpResponseRedirect(reverse("groups:roles", args=[group_id]))
    handles = accounts.handles({role.person_id for role in held})
    shown = {
        "rows": [_row(role, handles.get(role.person_id, ""), now) for role in held],
        "back": reverse("groups:team", args=[group_id]),
    }
    return render(request, "web/roles.html", shown)


def _row(role: accounts.RoleFacts, handle: str, now: datetime) -> dict[str, Any]:
    return {
        "id": role.id,
        "handle": handle,
        "words": ROLE_WORDS[role.role],
        "ends": role.confirmed_at + rules.CONFIRM_EVERY + rules.GRACE,
        "asked": rules.to_confirm(confirmed_at=role.confirmed_at, now=now),
        "last": accounts.is_last(role),
    }
