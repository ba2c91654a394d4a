"""What is due, and the digest a certificate carries. No clock, no database."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Item:
    """One row whose day has come."""

    model: str
    row_id: str
    group_id: str
    record: str
    secret_id: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run will do: which rows go, which secrets go with them, and what stays on hold."""

    go: tuple[Item, ...]
    stay: tuple[Item, ...]
    secrets: frozenset[str] = field(default_factory=frozenset)


def plan(due: Iterable[Item], held: frozenset[tuple[str, str]]) -> Plan:
    """Split what is due into what goes and what is held.

    Several rows may share one secret (a day's attendance). If one of them is held, the others stay too: the key opens
    them all, and a row without a certificate is better than a certificate that is not true.
    """
    items = tuple(due)
    kept_secrets = {each.secret_id for each in items if (each.model, each.row_id) in held and each.secret_id}

    def stays(each: Item) -> bool:
        return (each.model, each.row_id) in held or each.secret_id in kept_secrets

    go = tuple(each for each in items if not stays(each))
    return Plan(
        go=go,
        stay=tuple(each for each in items if stays(each)),
        secrets=frozenset(each.secret_id for each in go if each.secret_id),
    )


def by_group_and_record(items: Iterable[Item]) -> dict[tuple[str, str], list[Item]]:
    """Sort items for their certificates."""
    sorted_out: dict[tuple[str, str], list[Item]] = defaultdict(list)
    for each in items:
        sorted_out[(each.group_id, each.record)].append(each)
    return dict(sorted_out)


def digest(secret_ids: Iterable[str]) -> str:
    """SHA-256 over the sorted ids, one per line, in hexadecimal: anyone with the ids can check it, nobody can read them."""
    return hashlib.sha256("\n".join(sorted(secret_ids)).encode()).hexdigest()
