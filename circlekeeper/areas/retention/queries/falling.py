"""What is due, what belongs to it, and what is held."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.apps import apps
from django.db.models import Count, Max, Min, Model, Q

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.retention import rules
from circlekeeper.areas.retention.models import Hold, Residue
from circlekeeper.areas.retention.queries import walk
from circlekeeper.areas.retention.rules import Holds, Item
from circlekeeper.foundation import lifecycle
from circlekeeper.foundation.lifecycle import Clock, Dies, Held
from circlekeeper.foundation.playbook import durations

_FURTHEST_EAST = timedelta(hours=14)
_FURTHEST_WEST = timedelta(hours=-12)


def due(day: date) -> list[Item]:
    """Everything of ours whose date is this day or earlier; rows that share a secret are one item."""
    return [item for item, _on in _due(day)]


def due_at(moment: datetime) -> list[Item]:
    """Everything whose day has begun where its group lives, with what belongs to it."""
    coming = list(_due((moment + _FURTHEST_EAST).date()))
    days = {
        each.id: moment.astimezone(each.zone).date()
        for each in groups.groups({item.group_id for item, _on in coming})
    }
    last = (moment + _FURTHEST_WEST).date()
    found = [item for item, on in coming if on <= days.get(item.group_id, last)]
    return [*found, *belonging(found)]


def _due(day: date) -> Iterator[tuple[Item, date]]:
    swept = {(row.model, row.secret_id) for row in Residue.objects.all()}
    for model, held in walk.dated_models():
        rows = walk.rows(model).filter(due_on__lte=day)
        if held.dies is Dies.SHRED:
            shared = rows.exclude(secret_id="")
            later = _needed_later(model, shared, day)
            for item, on in _together(model, held, shared):
                if item.secret_id not in later and (item.model, item.secret_id) not in swept:
                    yield item, on
            rows = rows.filter(secret_id="")
        yield from _one_by_one(model, held, rows)


def _together(model: type[Model], held: Held, rows: Any) -> Iterator[tuple[Item, date]]:
    link = walk.owner_link(model)
    columns = ("secret_id", "group_id", *([link.column] if link else []))
    found = rows.order_by().values_list(*columns).annotate(Min("pk"), Count("pk"), Max("due_on"))
    for secret_id, group_id, *owner, row_id, count, on in found.iterator(walk.BATCH):
        yield (
            Item(
                model=model._meta.label,
                row_id=row_id,
                group_id=group_id,
                record=held.record,
                secret_id=secret_id,
                count=count,
                owner=(link.owner, owner[0]) if link else None,
            ),
            on,
        )


def _one_by_one(model: type[Model], held: Held, rows: Any) -> Iterator[tuple[Item, date]]:
    link = walk.owner_link(model)
    columns = ("pk", "group_id", "due_on", *([link.column] if link else []))
    for row_id, group_id, on, *owner in rows.values_list(*columns).iterator(walk.BATCH):
        item = Item(
            model=model._meta.label,
            row_id=row_id,
            group_id=group_id,
            record=held.record,
            secret_id="",
            owner=(link.owner, owner[0]) if link else None,
        )
        yield item, on


def _needed_later(model: type[Model], due_rows: Any, day: date) -> set[str]:
    """Secrets of due rows that also open rows of the same table which are not due: these wait for the last of them."""
    others = walk.rows(model).filter(
        Q(due_on__gt=day) | Q(due_on__isnull=True), secret_id__in=due_rows.values("secret_id")
    )
    return set(others.order_by().values_list("secret_id", flat=True).distinct())


def belonging(items: Collection[Item]) -> list[Item]:
    """What goes with these items although its own day may not have come, and is not among them.

    Parts that fall with their owner's row count 0: only their secrets are of interest. Rows of other tables count.
    """
    seen = {(each.model, each.row_id) for each in items}
    secrets = {each.secret_id for each in items}
    found: list[Item] = []
    for link in walk.links():
        owners = {each.row_id: each for each in items if each.model == link.owner}
        for item in _belonging(link, owners):
            new_secret = item.secret_id and item.secret_id not in secrets
            if (item.model, item.row_id) not in seen and (new_secret or not link.cascades):
                found.append(item)
                seen.add((item.model, item.row_id))
                secrets.add(item.secret_id)
    return found


def _belonging(link: walk.Link, owners: dict[str, Item]) -> Iterator[Item]:
    columns = ["pk", link.column, *(["secret_id"] if walk.has_secret(link.model) else [])]
    for ids in walk.batches(owners):
        for row_id, owner_id, *secret in (
            walk.rows(link.model).filter(**{f"{link.column}__in": ids}).values_list(*columns)
        ):
            yield Item(
                model=link.model._meta.label,
                row_id=row_id,
                group_id=owners[owner_id].group_id,
                record=link.held.record,
                secret_id=secret[0] if secret else "",
                count=0 if link.cascades else 1,
                owner=(link.owner, owner_id),
            )


def of_owners(kind: str, ids: Iterable[str]) -> list[Item]:
    """The rows with these ids of the dated model of that name (``member``), with everything that belongs to them."""
    found = [
        item
        for model, held in walk.dated_models()
        if model._meta.model_name == kind
        for batch in walk.batches(ids)
        for item in _as_items(model, held, walk.rows(model).filter(pk__in=batch))
    ]
    return [*found, *belonging(found)]


def of_secrets(ids: Iterable[str]) -> list[Item]:
    """The rows these secrets opened, with everything that belongs to them."""
    wanted = list(ids)
    found = [
        item
        for model, held in walk.dated_models()
        if held.dies is Dies.SHRED
        for batch in walk.batches(wanted)
        for item in _as_items(model, held, walk.rows(model).filter(secret_id__in=batch))
    ]
    return [*found, *belonging(found)]


def _as_items(model: type[Model], held: Held, rows: Any) -> list[Item]:
    sealed = rows.exclude(secret_id="") if held.dies is Dies.SHRED else rows.none()
    plain = rows.filter(secret_id="") if held.dies is Dies.SHRED else rows
    together = _together(model, held, sealed) if held.dies is Dies.SHRED else iter(())
    return [item for item, _on in (*together, *_one_by_one(model, held, plain))]


def outlived(now: datetime) -> list[tuple[type[Model], list[str]]]:
    """Rows that count their age and have passed it, by model; drafts and the like, no certificate owed."""
    aged = [(model, held) for model, held in lifecycle.declared().items() if held.clock is Clock.AGE]
    found: list[tuple[type[Model], list[str]]] = []
    for model, held in aged:
        born_before = durations.take_off(now, held.keep)
        # A row whose moment has not come yet (NULL) is not older than anything.
        rows = walk.rows(model).filter(**{f"{held.since}__lte": born_before})
        found.append((model, list(rows.values_list("pk", flat=True))))
    return [(model, ids) for model, ids in found if ids]


def live_holds(now: datetime) -> Holds:
    """Every hold in force: the rows, the secrets that open them, and the rows they would fall with."""
    rows = Hold.objects.filter(released_at__isnull=True, until__gte=now.date()).values_list("model", "row_id")
    found = frozenset((str(model), str(row_id)) for model, row_id in rows)
    needed = frozenset(above for row in found for above in _above(row))
    secrets = {each for row in found for each in secrets_of(row)}
    return Holds(found, frozenset(secrets | {each for row in needed for each in _own_secret(row)}), needed)


def _above(row: rules.Row) -> Iterator[rules.Row]:
    """The rows whose deletion would take this one along."""
    label, row_id = row
    for link in walk.links():
        if link.model._meta.label == label and link.cascades:
            for (owner_id,) in walk.rows(link.model).filter(pk=row_id).values_list(link.column):
                yield (link.owner, owner_id)
                yield from _above((link.owner, owner_id))


def _own_secret(row: rules.Row) -> list[str]:
    label, row_id = row
    model = apps.get_model(label)
    if not walk.has_secret(model):
        return []
    return [each for each in walk.rows(model).filter(pk=row_id).values_list("secret_id", flat=True) if each]


def secrets_of(row: rules.Row) -> list[str]:
    """The secrets that open a row and what belongs to it; those of parts of the row included."""
    label, row_id = row
    found = []
    for model, held in walk.dated_models():
        if model._meta.label == label:
            items = _as_items(model, held, walk.rows(model).filter(pk=row_id))
            found = [each.secret_id for each in (*items, *belonging(items)) if each.secret_id]
    return sorted(set(found))
