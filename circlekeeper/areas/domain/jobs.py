"""Due work: the daily look at every group's domain."""

import contextlib
from datetime import datetime

from circlekeeper.areas.domain import actions, lookup, queries
from circlekeeper.foundation.errors import NotHere


def look_at_all(now: datetime) -> None:
    """Look at each domain and write it down. A domain that was changed meanwhile waits for tomorrow."""
    for each in queries.domains():
        look_at(each, by="system", now=now)


def look_at(each: queries.DomainFacts, *, by: str, now: datetime) -> None:
    """Look at one domain; the questions are asked before anything is written."""
    found = lookup.look(lookup.Asked(each.name, each.selector, each.told), now=now)
    with contextlib.suppress(NotHere):
        actions.note_look(by=by, group_id=each.group_id, name=each.name, found=found, now=now)
