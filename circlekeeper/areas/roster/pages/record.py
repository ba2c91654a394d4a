"""What we hold about a member: to read here, to print, to take along."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.roster import copies, ownpage, queries, words
from circlekeeper.areas.roster.models import State
from circlekeeper.foundation import clock
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission

_TO_ADD = {"contact": "roster-contact", "emergency": "roster-emergency", "access": "roster-help"}


@page(needs=Permission.OWN)
def record(request: HttpRequest) -> HttpResponse:
    """Every piece with its purpose, who can see it and when it goes; and where to change it."""
    return render(request, "roster/record.html", _shown(request))


@page(needs=Permission.OWN)
def copy(request: HttpRequest) -> HttpResponse:
    """The same as one file that reads and prints by itself. Its name says nothing."""
    response = render(request, "roster/copy.html", _shown(request))
    response.headers["Content-Disposition"] = 'attachment; filename="page.html"'
    return response


@page(needs=Permission.OWN)
def copy_json(request: HttpRequest) -> HttpResponse:
    """The same for another program (``copies.schema``)."""
    shown = _shown(request)
    body = copies.as_json(shown["pieces"], closed=shown["closed_names"], made_on=shown["made_on"])
    return _file(body, "page.json")


@page(needs=Permission.OWN)
def schema(request: HttpRequest) -> HttpResponse:
    """What the parts of the other file mean, for whoever reads it with a program."""
    return _file(copies.schema(), "schema.json")


def _file(body: str, name: str) -> HttpResponse:
    return HttpResponse(
        body,
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _shown(request: HttpRequest) -> dict[str, Any]:
    who, now = request.who, clock.now()  # type: ignore[attr-defined]
    own = queries.own_record(member_id=who.id, group_id=who.group_id, holder=who.member_key)
    gone = own.facts.state in (State.LEFT, State.DECLINED)
    held, zone = {*own.parts, *own.closed}, groups.group(who.group_id).zone
    return {
        "pieces": ownpage.pieces(group_id=who.group_id, member_id=who.id, holder=who.member_key, now=now),
        "closed_names": own.closed,
        "closed": [words.PARTS[name] for name in own.closed],
        "to_add": [] if gone else [(words.PARTS[name], url) for name, url in _TO_ADD.items() if name not in held],
        "made_on": now.astimezone(zone).date(),
        "made_at": words.moment(now, zone),
    }
