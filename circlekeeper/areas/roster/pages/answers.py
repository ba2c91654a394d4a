"""Who must still read and answer before the next meeting: names they chose, and nothing about what they said."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from circlekeeper.areas.agreements import queries as agreements
from circlekeeper.areas.roster import queries
from circlekeeper.areas.roster.models import State
from circlekeeper.foundation import clock
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission


@page(needs=Permission.ROSTER_SEE, keys=True)
def answers(request: HttpRequest, group_id: str) -> HttpResponse:
    """Everyone who gets no link until they have answered, and why (CON2, CNF2)."""
    who, now = request.who, clock.now()  # type: ignore[attr-defined]
    here = {each.id: each for each in queries.members(group_id, states=(State.MEMBER, State.INVITED))}
    promise = agreements.still_to_sign(group_id=group_id, now=now, member_ids=here)
    consent = agreements.not_agreed(group_id=group_id, member_ids=frozenset(here), now=now)
    aliases = queries.aliases(ring=who.ring, group_id=group_id, now=now)
    rows = [
        {
            "id": member_id,
            "alias": aliases.get(member_id, ""),
            "new": here[member_id].state == State.INVITED,
            "promise": member_id in promise,
            "consent": member_id in consent,
        }
        for member_id in promise | consent
    ]
    rows.sort(key=lambda row: str(row["alias"]).casefold())
    return render(request, "roster/answers.html", {"group_id": group_id, "rows": rows, "all": len(here)})
