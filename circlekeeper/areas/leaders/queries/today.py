"""What waits for whoever keeps a group's keys."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from circlekeeper.areas.leaders.models import Taking
from circlekeeper.areas.leaders.queries import keys, passing, ways
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.permissions import Permission
from circlekeeper.foundation.todo import Todo, Urgency

_TOLD_FOR = timedelta(days=14)


def todo(who: Any, now: datetime) -> list[Todo]:
    """What a person is to do about keys, for Today."""
    if who.kind != "person":
        return []
    places = accounts.places_of(who.id)
    kept = [place for place in places if who.can(Permission.KEYS_CHANGE, place)]
    own = [*_handovers(who, list(places)), *_own_way(who.id, now)] if places else []
    if not kept:
        return own
    waiting = [*_waiting(kept, who.id), *_coming(kept, who.id, now), *_papers(kept)]
    return [*own, *_changes(kept), *_taken(kept, who.id, now), *waiting]


def _own_way(own_id: str, now: datetime) -> list[Todo]:
    """Whoever still is signed in hears first that somebody comes back in their name."""
    way = ways.way_of(own_id, now=now)
    if way is None or way.by_papers:
        return []
    return [
        Todo(
            title=_("Somebody is being let in in your name"),
            why=_("You are signed in, so it may not be you. Stop it if you did not ask for it."),
            url="/account/way-back/",
            minutes=2,
            urgency=Urgency.HARM,
            due=way.opens_at,
        )
    ]


def _papers(kept: list[str]) -> list[Todo]:
    return [
        Todo(
            title=_("Make the three papers of the group again"),
            why=_(
                "The keys were changed, so the old papers open nothing. If all keys were lost, nobody could come back."
            ),
            url=f"/groups/{group_id}/team/papers/",
            minutes=10,
            urgency=Urgency.SOON,
        )
        for group_id in ways.papers_too_old(kept)
    ]


def _coming(kept: list[str], own_id: str, now: datetime) -> list[Todo]:
    """Every leader of a group hears of whoever comes back, and can stop it."""
    found = [way for way in ways.ways_back(kept, now=now) if own_id not in (way.person_id, way.began_by)]
    names = accounts.handles(way.person_id for way in found)
    return [
        Todo(
            title=_("%(name)s is coming back without a passphrase") % {"name": names.get(way.person_id, "")},
            why=_("Call them on a way you know. If it is not they, stop it before the door opens."),
            url=f"/groups/{way.group_id}/team/{way.person_id}/way-back/",
            minutes=5,
            urgency=Urgency.HARM,
            due=way.opens_at,
        )
        for way in found
    ]


def _handovers(who: Any, places: list[str]) -> list[Todo]:
    gone = [
        Todo(
            title=_("Somebody is taking your place, because you did not answer"),
            why=_("If you are here, stop it. After a day a third person can confirm it, and your access ends."),
            url=f"/groups/{group_id}/team/handover/",
            minutes=2,
            urgency=Urgency.HARM,
        )
        for group_id in passing.thought_gone(who.id)
        if group_id in places
    ]
    return gone + [
        Todo(
            title=_("A group is handed over, and the next step is yours"),
            why=_("Until it is done, it hangs on one person whether members can be reached."),
            url=f"/groups/{group_id}/team/handover/",
            minutes=5,
            urgency=Urgency.TODAY,
        )
        for group_id in passing.handovers_of(who.id, places)
        if who.can(Permission.PEOPLE_SEE, group_id)
    ]


def _waiting(kept: list[str], own_id: str) -> list[Todo]:
    """One line for each person who waits for keys, with the page that has the button."""
    roles = [role for role in accounts.waiting_in(kept) if role.person_id != own_id]
    waiting = dict.fromkeys((role.place, role.person_id) for role in roles)
    names = accounts.handles(person_id for _place, person_id in waiting)
    return [
        Todo(
            title=_("%(name)s waits for keys") % {"name": names.get(person_id, "")},
            why=_(
                "Until you give them, they can open nothing, and the group rests on fewer people than it seems."
            ),
            url=f"/groups/{place}/team/{person_id}/keys/",
            minutes=5,
            urgency=Urgency.TODAY,
        )
        for place, person_id in waiting
    ]


def _taken(kept: list[str], own_id: str, now: datetime) -> list[Todo]:
    """The others hear of it for two weeks, the group's public links being new and one of the team locked out for a while."""
    rows = (
        Taking.objects.filter(group_id__in=kept, at__gt=now - _TOLD_FOR).exclude(person_id=own_id).order_by("at")
    )
    taken = dict(rows.values_list("group_id", "person_id"))
    names = accounts.handles(taken.values())
    return [
        Todo(
            title=_("The account of %(name)s was taken by somebody else") % {"name": names.get(person_id, "")},
            why=_(
                "Meeting links and keys are new already. Call them on a way you know. Change the address of the room, and "
                "write down what happened."
            ),
            url=f"/groups/{place}/team/",
            minutes=10,
            urgency=Urgency.HARM,
        )
        for place, person_id in taken.items()
    ]


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
