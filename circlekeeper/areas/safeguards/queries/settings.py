"""What the playbook asks of one group, and how long it keeps things."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.safeguards.models import LevelDecision, Period
from circlekeeper.foundation import playbook
from circlekeeper.foundation.memo import remembered
from circlekeeper.foundation.playbook import merge


@dataclass(frozen=True, slots=True)
class PeriodFact:
    """One class of record in one group: ``keep`` None means that somebody still has to answer (``waits_for``)."""

    record: str
    title: str
    about: str
    keep: playbook.Duration | None
    limit: playbook.Duration | None
    waits_for: frozenset[str]
    chosen: bool


@remembered("groups_group", "safeguards_leveldecision", across_pages=True)
def settings_for(group_id: str) -> playbook.Answer:
    """The merged answer of the playbook for a group: modes, settings, periods.

    While members have not been asked again after a lowering, the old answer holds too (LVL0). A level or an overlay that
    cannot be read counts as the strictest there is (TIP1).

    :raises NotHere: there is no such group.
    """
    facts = groups.group(group_id)
    answer = merged(facts.level, facts.overlays)
    for level, overlays in _promised_before(group_id):
        answer = merge.join(answer, merged(level, frozenset(overlays)))
    return answer


def admin_cap(group_id: str) -> int:
    """How many people may be leader or privacy lead of a group (TEC12).

    :raises NotHere: there is no such group.
    """
    return settings_for(group_id).number("admin-cap")


def idle_minutes(group_ids: Iterable[str]) -> int | None:
    """After how many quiet minutes the strictest of these groups locks a page; None if there are none. One query."""
    found = groups.groups(group_ids)
    return min((merged(each.level, each.overlays).number("idle-minutes") for each in found), default=None)


@lru_cache(maxsize=64)
def merged(level: str, overlays: frozenset[str]) -> playbook.Answer:
    """The answer for a level and overlays; the strictest of all if either is unknown."""
    try:
        return playbook.book().answer(playbook.Level(level), overlays)
    except (KeyError, ValueError):
        return playbook.book().strictest()


@remembered("groups_group", "safeguards_leveldecision", "safeguards_period", across_pages=True)
def keep_for(group_id: str, record: str) -> playbook.Duration:
    """How long a group keeps a class of record now; the strictest period while nobody has answered.

    :raises KeyError: the playbook has no such class.
    """
    rule = settings_for(group_id).retention[record]
    chosen = _chosen(group_id).get(record)
    if chosen and _allowed(chosen, rule):
        return playbook.parse_duration(chosen.keep)
    if rule.keep:
        return rule.keep
    strictest = playbook.book().strictest().retention[record].keep
    if strictest is None:  # a class nobody gave any period: nothing may be kept
        return playbook.parse_duration("P0D")
    return strictest


def due_on(*, group_id: str, record: str, start: date) -> date:
    """The day a record is destroyed whose clock started on this local day. Month ends clamp (RET1).

    :raises KeyError: the playbook has no such class.
    """
    return playbook.add_duration(start, keep_for(group_id, record))


def periods(group_id: str) -> list[PeriodFact]:
    """Every class of record with its period, in the playbook's order."""
    book, answer, chosen = playbook.book(), settings_for(group_id), _chosen(group_id)
    return [
        _period_fact(row.id, row.title, row.about, answer.retention[row.id], chosen.get(row.id))
        for row in book.retention.values()
    ]


def unset_periods(group_id: str) -> list[str]:
    """Classes of record whose period an adviser or a project still has to give (RET4, RET5)."""
    return [fact.record for fact in periods(group_id) if fact.waits_for]


def _period_fact(
    record: str, title: str, about: str, rule: playbook.KeepRule, chosen: Period | None
) -> PeriodFact:
    allowed = chosen is not None and _allowed(chosen, rule)
    answered = allowed and chosen is not None and chosen.answered_by in rule.set_by
    keep = playbook.parse_duration(chosen.keep) if allowed and chosen else rule.keep
    waits_for = frozenset() if answered or not rule.set_by else frozenset(str(who) for who in rule.set_by)
    return PeriodFact(record, title, about, None if waits_for else keep, rule.limit, waits_for, allowed)


def _allowed(chosen: Period, rule: playbook.KeepRule) -> bool:
    """Whether a chosen period still lies under the ceiling; a level raised later may have lowered it."""
    keep = playbook.parse_duration(chosen.keep)
    answered = not rule.set_by or chosen.answered_by in rule.set_by
    return answered and (rule.limit is None or keep.length <= rule.limit.length)


def _chosen(group_id: str) -> dict[str, Period]:
    rows = Period.objects.filter(group_id=group_id).order_by("set_at", "pk")
    return {row.record: row for row in rows}


def _promised_before(group_id: str) -> list[tuple[str, list[str]]]:
    """Levels that earlier members were promised and have not been asked about again."""
    decisions = list(
        LevelDecision.objects.filter(group_id=group_id, in_force_at__isnull=False).order_by("-in_force_at", "-pk")
    )
    kept: list[tuple[str, list[str]]] = []
    for newer, older in zip(decisions, decisions[1:], strict=False):
        if newer.settled_at is not None:
            break
        kept.append((older.level, older.overlays))
    return kept
