"""What waits for whoever keeps a group's keys."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from circlekeeper.areas.leaders.queries import keys
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.permissions import Permission
from circlekeeper.foundation.todo import Todo, Urgency


def todo(who: Any, now: datetime) -> list[Todo]:
    """What a person is to do about keys, for Today."""
    if who.kind != "person":
        return []
    kept = [place for place in accounts.places_of(who.id) if who.can(Permission.KEYS_CHANGE, place)]
    return [*_changes(kept)] if kept else []


def _changes(kept: list[str]) -> list[Todo]:
    return [
        Todo(
            title=_("Change the keys of the group"),
            why=_(
                "Somebody who held them has gone. Until you change them, an old copy of theirs may open what is new."
            ),
            url=f"/groups/{group_id}/team/keys/",
            minutes=3,
            urgency=Urgency.HARM,
            due=since + keys.CHANGE_WITHIN,
        )
        for group_id, since in keys.due_since(kept).items()
    ]
