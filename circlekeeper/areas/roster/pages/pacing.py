"""How much of a list one person may look through in an hour (DAT2): enough to work, too little to copy it."""

from datetime import datetime

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from circlekeeper.areas.roster import actions
from circlekeeper.foundation.accounts import throttle

LOOKS_AN_HOUR = 90
_HOUR = 60 * 60


def too_many(request: HttpRequest, group_id: str, now: datetime) -> HttpResponse | None:
    """Count one look at this group's people; the page that says stop once it was too many, and a line for the privacy lead.

    What is counted lies in the cache under a hash that changes every day, and is gone within two hours.
    """
    person = request.who.id  # type: ignore[attr-defined]
    name = f"circlekeeper:roster:looks:{throttle.fingerprint(f'{person}:{group_id}:{now:%H}')}"
    cache.add(name, 0, timeout=2 * _HOUR)
    looks = cache.incr(name)
    if looks <= LOOKS_AN_HOUR:
        return None
    if looks == LOOKS_AN_HOUR + 1:
        actions.note_paging(by=person, group_id=group_id, now=now)
    response = render(request, "roster/too_many.html", {"group_id": group_id}, status=429)
    response.headers["Retry-After"] = str(_HOUR - now.minute * 60 - now.second)
    return response
