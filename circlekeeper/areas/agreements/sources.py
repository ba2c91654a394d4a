"""What the policy is made from (POL1). Rooms above this one hand in what they ask and use; ``wiring.py`` connects them.

Nothing here is a text somebody typed: the same facts steer the software, so the policy cannot say something else.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation import playbook
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.permissions import ROLE_WORDS, RoleName
from circlekeeper.foundation.vault.ring import KeyRing


@dataclass(frozen=True, slots=True)
class FieldFact:
    """One thing people are asked when they join. ``why`` is the sentence shown beside the question."""

    label: str
    why: str
    required: bool


@dataclass(frozen=True, slots=True)
class KeepFact:
    """How long one class of record is kept."""

    title: str
    keep: str


@dataclass(frozen=True, slots=True)
class RoleFact:
    """A role somebody holds in the group, in one sentence."""

    words: str


@dataclass(frozen=True, slots=True)
class PlatformFact:
    """A service the group uses that sees something of its members."""

    name: str
    sees: str


class Fields(Protocol):
    """``joining.queries.intake_fields``. May return any objects with ``label``, ``why`` and ``required``."""

    def __call__(self, group_id: str) -> Sequence[FieldFact]: ...


class Retention(Protocol):
    """How long each class of record is kept, in words of the active language."""

    def __call__(self, group_id: str) -> Sequence[KeepFact]: ...


class Roles(Protocol):
    """Which roles are held in the group."""

    def __call__(self, group_id: str) -> Sequence[RoleFact]: ...


class Platforms(Protocol):
    """Which outside services the group uses."""

    def __call__(self, group_id: str) -> Sequence[PlatformFact]: ...


class Members(Protocol):
    """The ids of a group's members who may get a meeting link (``roster.queries``); for counting, never for naming."""

    def __call__(self, group_id: str) -> frozenset[str]: ...


class Names(Protocol):
    """The chosen names of these members, opened with the keys of whoever looks; one line in the log (``roster``)."""

    def __call__(
        self, *, ring: KeyRing, group_id: str, member_ids: Iterable[str], now: datetime | None = None
    ) -> Mapping[str, str]: ...


Source = TypeVar("Source", Fields, Platforms, Members, Names)


class NotConnected(Exception):
    """A source was not named in ``wiring.py``: the policy would leave something out. The text is the source's name."""


def _retention(group_id: str) -> Sequence[KeepFact]:
    return [KeepFact(str(fact.title), _period(group_id, fact)) for fact in safeguards.periods(group_id)]


def _period(group_id: str, fact: safeguards.PeriodFact) -> str:
    if fact.keep is not None:
        return duration_words(fact.keep)
    keep = duration_words(safeguards.keep_for(group_id, fact.record))
    return _("%(keep)s, until our adviser has answered") % {"keep": keep}


def _roles(group_id: str) -> Sequence[RoleFact]:
    held = {each.role for each in accounts.roles_in(group_id)}
    return [RoleFact(str(ROLE_WORDS[role])) for role in RoleName if role in held]


@dataclass(slots=True)
class _Board:
    retention: Retention = _retention
    roles: Roles = _roles
    fields: Fields | None = None
    platforms: Platforms | None = None
    members: Members | None = None
    names: Names | None = None


_board = _Board()


def install(
    *,
    fields: Fields,
    platforms: Platforms,
    members: Members,
    retention: Retention = _retention,
    roles: Roles = _roles,
    names: Names | None = None,
) -> None:
    """Connect the sources; called once from ``wiring.py``. ``retention`` and ``roles`` are read below by default."""
    _board.fields, _board.platforms, _board.members = fields, platforms, members
    _board.retention, _board.roles, _board.names = retention, roles, names


@dataclass(frozen=True, slots=True)
class Configuration:
    """Everything the policy says about this group that is not prose."""

    fields: tuple[FieldFact, ...] = ()
    retention: tuple[KeepFact, ...] = ()
    roles: tuple[RoleFact, ...] = ()
    platforms: tuple[PlatformFact, ...] = field(default=())

    @property
    def sha256(self) -> str:
        """A hash that changes whenever the policy would say something else."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()


def configuration(group_id: str, locale: str) -> Configuration:
    """What the software is set to do for a group now, in the words of a language.

    :raises NotConnected: a source is missing.
    """
    with override(locale):
        return Configuration(
            fields=tuple(
                FieldFact(str(each.label), str(each.why), bool(each.required))
                for each in _connected("fields", _board.fields)(group_id)
            ),
            retention=tuple(KeepFact(each.title, each.keep) for each in _board.retention(group_id)),
            roles=tuple(RoleFact(str(each.words)) for each in _board.roles(group_id)),
            platforms=tuple(
                PlatformFact(str(each.name), str(each.sees))
                for each in _connected("platforms", _board.platforms)(group_id)
            ),
        )


def members(group_id: str) -> frozenset[str]:
    """The members of a group.

    :raises NotConnected: nobody named the roster.
    """
    return frozenset(_connected("members", _board.members)(group_id))


def names(*, ring: KeyRing, group_id: str, member_ids: Iterable[str], now: datetime) -> Mapping[str, str]:
    """The chosen names of these members; who is not in the answer was forgotten.

    :raises NotConnected: nobody named the roster. :raises Refused: these keys do not open names.
    """
    return _connected("names", _board.names)(ring=ring, group_id=group_id, member_ids=member_ids, now=now)


def duration_words(duration: playbook.Duration) -> str:
    """A period in words: ``3 months``, ``1 year``, ``30 days``."""
    years, months = divmod(duration.months, 12)
    pieces = [
        (years, ngettext("%(n)d year", "%(n)d years", years)),
        (months, ngettext("%(n)d month", "%(n)d months", months)),
        (duration.days, ngettext("%(n)d day", "%(n)d days", duration.days)),
        (duration.seconds // 3600, ngettext("%(n)d hour", "%(n)d hours", duration.seconds // 3600)),
    ]
    return " ".join(words % {"n": n} for n, words in pieces if n) or _("not at all")


def _connected(name: str, source: Source | None) -> Source:
    if source is None:
        raise NotConnected(name)
    return source
