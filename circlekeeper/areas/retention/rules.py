"""What is due, what a hold keeps, and the digest a certificate carries. No clock, no database."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

Row = tuple[str, str]  # a model's label and a row's id


@dataclass(frozen=True, slots=True)
class Item:
    """What goes as one: a row, or the rows of one model that share a secret (then ``row_id`` is one of them).

    ``count``: how many rows a certificate counts for it; 0 for a part of a row that is counted. ``owner``: the row it
    belongs to, which takes it along and whose hold keeps it.
    """

    model: str
    row_id: str
    group_id: str
    record: str
    secret_id: str
    count: int = 1
    owner: Row | None = None


@dataclass(frozen=True, slots=True)
class Holds:
    """What may not go: rows with all that belongs to them, and the secrets that open them.

    ``needed``: rows that stay only because a held one would fall with them.
    """

    rows: frozenset[Row] = frozenset()
    secrets: frozenset[str] = frozenset()
    needed: frozenset[Row] = frozenset()


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run will do: what goes, which secrets go with it, and what stays on hold."""

    go: tuple[Item, ...]
    stay: tuple[Item, ...]
    secrets: frozenset[str] = field(default_factory=frozenset)

    @property
    def going(self) -> int:
        """How many rows go."""
        return sum(each.count for each in self.go)

    @property
    def staying(self) -> int:
        """How many rows stay."""
        return sum(each.count for each in self.stay)


def plan(due: Iterable[Item], held: Holds) -> Plan:
    """Split what is due into what goes and what is held.

    Rows that share a secret go or stay together: the key opens them all, and a row without a certificate is better than a
    certificate that is not true. A hold on a row keeps what belongs to it.
    """
    items = tuple(due)
    rows = held.rows | held.needed

    def named(each: Item) -> bool:
        return (each.model, each.row_id) in rows or each.owner in held.rows

    kept = held.secrets | {each.secret_id for each in items if each.secret_id and named(each)}
    return _split(items, stay=frozenset(each for each in items if named(each) or each.secret_id in kept))


def without(whole: Plan, alive: Iterable[str]) -> Plan:
    """The same plan after the shred store kept some secrets (a hold was placed meanwhile): what they open stays too."""
    left = frozenset(alive)
    if not left:
        return whole
    owners = {(each.model, each.row_id) for each in whole.go if each.secret_id in left}
    owners |= {each.owner for each in whole.go if each.secret_id in left and each.owner}

    def stays(each: Item) -> bool:
        return each.secret_id in left or (each.model, each.row_id) in owners or each.owner in owners

    now_held = frozenset(each for each in whole.go if stays(each))
    return replace(
        _split(whole.go, stay=now_held), stay=(*whole.stay, *(each for each in whole.go if stays(each)))
    )


def _split(items: tuple[Item, ...], *, stay: frozenset[Item]) -> Plan:
    go = tuple(each for each in items if each not in stay)
    return Plan(
        go=go,
        stay=tuple(each for each in items if each in stay),
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


def sooner(
    before: Iterable[tuple[date | None, int]], after: Iterable[tuple[date | None, int]], *, day: date
) -> int:
    """How many more rows are due by a day after their dates were changed; (date, how many rows) before and after."""
    return max(0, _by(after, day) - _by(before, day))


def _by(dates: Iterable[tuple[date | None, int]], day: date) -> int:
    return sum(count for on, count in dates if on is not None and on <= day)
