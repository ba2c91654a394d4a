"""Walking the lifecycle declarations: which tables have dates, and what belongs to what. Knows no room by name."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.apps import apps
from django.db.models import Model, QuerySet

from circlekeeper.foundation import lifecycle
from circlekeeper.foundation.lifecycle import Clock, Held

BATCH = 5000
SECRET = "secret_id"  # noqa: S105


@dataclass(frozen=True, slots=True)
class Link:
    """A column through which rows of ``model`` belong to rows of ``owner``.

    ``cascades``: a foreign key, so the rows go with their owner's row. Otherwise it is a plain ``<owner>_id`` column, whose
    rows this room has to delete itself.
    """

    model: type[Model]
    held: Held
    column: str
    owner: str
    cascades: bool


def dated_models() -> list[tuple[type[Model], Held]]:
    """Every model whose rows carry their own date, children of a foreign key before their parents."""
    found = [(model, held) for model, held in lifecycle.declared().items() if held.clock is Clock.DUE_ON]
    return sorted(found, key=lambda pair: (-len(_parents(pair[0])), pair[0]._meta.label))


def _parents(model: type[Model]) -> set[str]:
    owners = (field.related_model for field in model._meta.get_fields() if field.many_to_one)
    ours = {owner._meta.label for owner in owners if isinstance(owner, type)}
    return ours | {label for each in ours - {model._meta.label} for label in _parents(apps.get_model(each))}


def links() -> list[Link]:
    """Every way in which rows belong to a dated row of another table; a table's special cases (proxies) before itself.

    A foreign key says so itself. A plain text column does by its name: ``member_id`` is the id of a dated model ``Member``.
    """
    owners = {model._meta.model_name: model._meta.label for model, _ in dated_models() if not model._meta.proxy}
    found = [
        link
        for model, held in lifecycle.declared().items()
        for link in _links_of(model, held, owners)
        if link.owner != model._meta.concrete_model._meta.label  # type: ignore[union-attr]
    ]
    return sorted(found, key=lambda link: (not link.model._meta.proxy, link.model._meta.label))


def _links_of(model: type[Model], held: Held, owners: dict[str | None, str]) -> Iterator[Link]:
    for column in model._meta.concrete_fields:
        owner = owners.get(column.attname.removesuffix("_id"))
        if column.is_relation:
            related = column.related_model
            if isinstance(related, type) and related._meta.label in owners.values():
                yield Link(model, held, column.attname, related._meta.label, cascades=True)
        elif owner and column.attname.endswith("_id"):
            yield Link(model, held, column.attname, owner, cascades=False)


def owner_link(model: type[Model]) -> Link | None:
    """The first way in which rows of this model belong to something dated."""
    return next((link for link in links() if link.model is model), None)


def has_secret(model: type[Model]) -> bool:
    """Whether rows of this model have a secret in the shred store."""
    return any(column.name == SECRET for column in model._meta.concrete_fields)


def rows(model: type[Model]) -> "QuerySet[Any]":
    """The rows of a model, or of a proxy's share of its table."""
    return model._default_manager.all()


def batches(ids: Iterable[str]) -> Iterator[Sequence[str]]:
    """Ids in portions a query can take."""
    waiting = iter(ids)
    while batch := list(islice(waiting, BATCH)):
        yield batch
