"""A sheet of keys for people who were brought along in a list: printed, cut, handed over, never kept."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from circlekeeper.areas.roster import actions, queries
from circlekeeper.foundation import clock
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission


@page(needs=Permission.ROSTER_OPEN, methods=("GET", "POST"), keys=True, step_up=True)
def first_keys(request: HttpRequest, group_id: str) -> HttpResponse:
    """Make the next sheet; it is shown on this page only, this once."""
    who, now = request.who, clock.now()  # type: ignore[attr-defined]
    cards = []
    if request.method == "POST":
        given = actions.give_first_keys(
            by=who.id, ring=who.ring, group_id=group_id, again=request.POST.getlist("again"), now=now
        )
        names = queries.aliases_of(ring=who.ring, group_id=group_id, member_ids=list(given), now=now)
        reach = queries.contacts(by=who.id, about=group_id, now=now, ring=who.ring, only=list(given))
        cards = [
            {
                "id": pk,
                "alias": names.get(pk, ""),
                "key": key.letters,
                "whose": reach.get(pk, {}).get("address", ""),
            }
            for pk, key in given.items()
        ]
        cards.sort(key=lambda card: card["alias"].casefold())
    shown = {
        "group_id": group_id,
        "cards": cards,
        "left": queries.without_key(group_id),
        "site": settings.PUBLIC_URL,
        "at_once": actions.AT_ONCE,
    }
    return render(request, "roster/first_keys.html", shown)
