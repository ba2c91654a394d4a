"""Telling a domain, and writing down how it stands."""

from collections.abc import Iterable
from datetime import date, datetime

from django.utils.translation import gettext as _

from circlekeeper.areas.domain import events, rules
from circlekeeper.areas.domain.models import Domain, Look
from circlekeeper.areas.groups import queries as groups
from circlekeeper.foundation import ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.announce import announce
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.ids import new_id


@action("domain.domain.tell")
def tell_domain(
    *, by: str, group_id: str, name: str, selector: str, paid_until: date | None, locked: bool, now: datetime
) -> None:
    """Say which domain is the group's own, and what only its owner knows. Another domain starts from nothing known.

    :raises NotHere: there is no such group. :raises Refused: it is no domain, or no selector.
    """
    groups.group(group_id)
    tidy = rules.tidy_domain(name)
    if not tidy:
        raise Refused(_("Write it as in our-group.example, without anything before or after."), field="name")
    if selector.strip() and not rules.is_selector(selector.strip()):
        raise Refused(
            _("This is no selector. Your mail service calls it so; it is one short word."), field="selector"
        )
    before = Domain.objects.filter(pk=group_id).values_list("name", flat=True).first()
    if before != tidy:
        Look.objects.filter(group_id=group_id).delete()
    Domain.objects.update_or_create(
        pk=group_id,
        defaults={
            "name": tidy,
            "selector": selector.strip().casefold(),
            "paid_until": paid_until,
            "locked": locked,
            "told_by": by,
            "told_on": now.date(),
        },
    )
    ledger.record(by=by, about=group_id, at=now)


@action("domain.domain.forget")
def forget_domain(*, by: str, group_id: str, now: datetime) -> None:
    """The group has no domain of its own any more.

    :raises NotHere: it had none.
    """
    if not Domain.objects.filter(pk=group_id).delete()[0]:
        raise NotHere
    Look.objects.filter(group_id=group_id).delete()
    ledger.record(by=by, about=group_id, at=now)


@action("domain.look.note")
def note_look(*, by: str, group_id: str, name: str, found: Iterable[rules.Look], now: datetime) -> list[str]:
    """Write down how the parts stand; returns those that fell since they were last known.

    :raises NotHere: the domain was changed or forgotten while it was looked at.
    """
    if not Domain.objects.select_for_update().filter(pk=group_id, name=name).exists():
        raise NotHere
    before = {row.part: row for row in Look.objects.filter(group_id=group_id)}
    rows = [_row(before.get(each.part), each, group_id, now) for each in found]
    Look.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["group_id", "part"],
        update_fields=["state", "why", "until", "looked_at", "known_at", "known_state", "fell_at"],
    )
    ledger.record(by=by, about=group_id, at=now)
    fallen = [row.part for row in rows if row.fell_at == now]
    for part in fallen:
        announce(events.DomainFell(group_id, part), now=now)
    return fallen


def _row(before: Look | None, found: rules.Look, group_id: str, now: datetime) -> Look:
    known = found.state is not rules.State.UNKNOWN
    last = rules.State(before.known_state) if before and before.known_state else None
    fell_at = before.fell_at if before and found.state is not rules.State.GOOD else None
    return Look(
        pk=before.pk if before else new_id(),
        group_id=group_id,
        part=found.part,
        state=found.state,
        why=found.why,
        until=found.until,
        looked_at=now,
        known_at=now if known else (before.known_at if before else None),
        known_state=found.state if known else (last or ""),
        fell_at=now if rules.fell(last, found.state) else fell_at,
    )
