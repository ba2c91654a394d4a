"""Writing groups. Whether something may be done is decided in ``safeguards``; here it is only done."""

from collections.abc import Iterable
from datetime import datetime

from circlekeeper.areas.groups.models import Group, Level, State
from circlekeeper.areas.groups.queries import GroupFacts, group
from circlekeeper.foundation import clock, ledger
from circlekeeper.foundation.accounts import actions as accounts
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.permissions import RoleName
from circlekeeper.foundation.vault import groupkeys


@action("groups.group.create")
def create_group(
    *,
    by: str,
    public_name: str,
    purpose: str,
    time_zone: str,
    level: str,
    overlays: Iterable[str],
    playbook_version: str,
    now: datetime,
    about: str = "",
    region: str = "",
) -> GroupFacts:
    """Make a draft group; its maker becomes leader and first key holder.

    :raises Refused: the time zone or the level is unknown, or the name is empty.
    """
    if time_zone not in clock.time_zones():
        raise Refused("Choose a time zone from the list.", field="time_zone")
    if level not in Level.values:
        raise Refused("Choose one of the five levels.", field="level")
    if not public_name.strip():
        raise Refused("Give the group a name that says little to a passer-by.", field="public_name")
    made = Group.objects.create(
        pk=new_id(),
        public_name=public_name.strip(),
        about=about.strip(),
        purpose=purpose,
        level=level,
        overlays=sorted(set(overlays)),
        playbook_version=playbook_version,
        time_zone=time_zone,
        region=region,
        made_at=now,
    )
    ledger.record(by=by, about=made.pk, at=now)
    accounts.grant_role(by=by, person_id=by, place=made.pk, role=RoleName.LEADER, now=now)
    groupkeys.create_group_keys(by=by, group_id=made.pk, now=now)
    return group(made.pk)


@action("groups.level.set")
def set_level(
    *, by: str, group_id: str, level: str, overlays: Iterable[str], playbook_version: str, now: datetime
) -> GroupFacts:
    """Write down a level that ``safeguards`` has decided."""
    _change(group_id, level=level, overlays=sorted(set(overlays)), playbook_version=playbook_version)
    ledger.record(by=by, about=group_id, at=now)
    return group(group_id)


@action("groups.group.describe")
def describe_group(*, by: str, group_id: str, public_name: str, about: str, now: datetime) -> GroupFacts:
    """Change the words a passer-by reads."""
    _change(group_id, public_name=public_name.strip(), about=about.strip())
    ledger.record(by=by, about=group_id, at=now)
    return group(group_id)


@action("groups.group.open")
def open_group(*, by: str, group_id: str, now: datetime) -> GroupFacts:
    """Open the group. Only ``safeguards`` calls this, when nothing blocks."""
    _change(group_id, state=State.OPEN, opened_at=now, closed_at=None)
    ledger.record(by=by, about=group_id, at=now)
    return group(group_id)


@action("groups.group.close")
def close_group(*, by: str, group_id: str, now: datetime) -> GroupFacts:
    """Close the group: no joining, no meetings; what it holds runs out on its dates."""
    _change(group_id, state=State.CLOSED, closed_at=now)
    ledger.record(by=by, about=group_id, at=now)
    return group(group_id)


def _change(group_id: str, **values: object) -> None:
    if not Group.objects.filter(pk=group_id).update(**values):
        raise NotHere
