"""Who must still answer: by chosen name only, with what happens at the next meeting (CON2, CNF2)."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from circlekeeper.areas.agreements import queries, sources, words
from circlekeeper.areas.agreements.queries import Waiting
from circlekeeper.areas.agreements.rules import Promise
from circlekeeper.areas.groups import queries as groups
from circlekeeper.foundation import clock
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission


@page(needs=Permission.ROSTER_SEE, keys=True)
def answers(request: HttpRequest, group_id: str) -> HttpResponse:
    """Everyone who has something to answer, those who get no link first."""
    who, now = request.who, clock.now()  # type: ignore[attr-defined]
    group = groups.group(group_id)
    found = queries.waiting(group_id=group_id, now=now)
    ids = [each.member_id for each in found]
    names = sources.names(ring=who.ring, group_id=group_id, member_ids=ids, now=now) if found else {}
    titles = {each.id: each.title for each in queries.defaults().purposes}
    rows = [_row(each, names.get(each.member_id, _("Someone")), titles, group.zone) for each in found]
    shown = {
        "group": group,
        "rows": rows,
        "members": len(sources.members(group_id)),
        "blocked": sum(each.blocked for each in found),
        "free": sum(not each.blocked for each in found),
        "overdue": sum(each.lapsed_at is not None for each in found),
    }
    return render(request, "agreements/answers.html", shown)


def _row(each: Waiting, alias: str, titles: dict[str, str], zone: ZoneInfo) -> dict[str, Any]:
    open_things: list[str] = []
    if each.promise is not Promise.STANDS:
        open_things.append(str(words.PROMISES[each.promise]))
    if each.needs:
        open_things.append(_("has not agreed to the words that are needed to take part"))
    open_things += [
        _("keeps what the earlier words allowed, and nothing new: %(what)s") % {"what": titles.get(name, name)}
        for name in each.again
    ]
    return {
        "alias": alias,
        "open": open_things,
        "blocked": each.blocked,
        "since": _day(each.lapsed_at, zone),
        "until": "" if each.blocked else _day(each.links_until, zone),
    }


def _day(moment: datetime | None, zone: ZoneInfo) -> str:
    return date_format(moment.astimezone(zone), "j F Y") if moment else ""
