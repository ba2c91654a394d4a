"""Levels chosen, words given, controls set aside."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from circlekeeper.areas.groups.queries import GroupFacts
from circlekeeper.areas.safeguards import rules
from circlekeeper.areas.safeguards.models import Attestation, LevelDecision, Waiver
from circlekeeper.foundation import playbook


@dataclass(frozen=True, slots=True)
class LevelFact:
    """One decision about level and overlays. ``in_force_at`` None: a second person has not agreed yet."""

    id: str
    group_id: str
    level: str
    overlays: frozenset[str]
    playbook_version: str
    reason: str
    decided_by: str
    decided_at: datetime
    lowers: bool
    second_by: str
    in_force_at: datetime | None
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class AttestationFact:
    """One word given; only the newest for a check counts."""

    id: str
    control: str
    check: str
    proof: str
    attested_by: str
    attested_at: datetime
    expires_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class WaiverFact:
    """One exception. ``approved_at`` None: it does not count yet."""

    id: str
    group_id: str
    control: str
    reason: str
    asked_by: str
    asked_at: datetime
    expires_at: datetime
    approved_by: str
    approved_at: datetime | None


def level_history(group_id: str) -> list[LevelFact]:
    """Decisions in force now or once, newest first."""
    rows = LevelDecision.objects.filter(group_id=group_id, in_force_at__isnull=False)
    return [level_fact(row) for row in rows.order_by("-in_force_at", "-pk")]


def pending_level(group_id: str) -> LevelFact | None:
    """The lowering that waits for a second person, if there is one."""
    rows = LevelDecision.objects.filter(group_id=group_id, in_force_at__isnull=True, dropped_at__isnull=True)
    row = rows.order_by("-decided_at", "-pk").first()
    return level_fact(row) if row else None


def profile_version(group_id: str) -> int:
    """How many times the profile (level, overlays, answers) was decided; 0 when never."""
    return LevelDecision.objects.filter(group_id=group_id, in_force_at__isnull=False).count()


def answers(group_id: str) -> dict[str, str]:
    """The answers of the interview in force; empty for a group that was never asked."""
    rows = LevelDecision.objects.filter(group_id=group_id, in_force_at__isnull=False)
    return dict(rows.order_by("-in_force_at", "-pk").values_list("answers", flat=True).first() or {})


def suggestion(given: Mapping[str, str]) -> rules.Suggestion:
    """Where answers lead to. Anything but a clear no counts as yes (WHY3)."""
    consequences = [
        rules.Reason(question.id, question.yes.level, question.yes.overlay, question.yes.reason)
        for question in playbook.book().interview.question
    ]
    return rules.suggest(given, consequences)


def asked_by(facts: GroupFacts, given: Mapping[str, str]) -> tuple[str, frozenset[str]]:
    """The level and overlays a group would have with these answers: never below the level it chose itself.

    An overlay no question leads to stays.
    """
    led = suggestion(given)
    asked = {question.yes.overlay for question in playbook.book().interview.question}
    above = rules.climbs(before=led.level, after=facts.level)
    return facts.level if above else led.level, led.overlays | (facts.overlays - asked)


def attestations(group_id: str) -> list[AttestationFact]:
    """Every word given in this group, newest first."""
    rows = Attestation.objects.filter(group_id=group_id).order_by("-attested_at", "-pk")
    return [
        AttestationFact(
            id=row.pk,
            control=row.control,
            check=row.check_id,
            proof=row.proof,
            attested_by=row.attested_by,
            attested_at=row.attested_at,
            expires_at=row.expires_at,
            withdrawn_at=row.withdrawn_at,
        )
        for row in rows
    ]


def open_waivers(group_id: str) -> list[WaiverFact]:
    """Exceptions asked for or in force, and those that ran out and were not ended; the first to end first."""
    rows = Waiver.objects.filter(group_id=group_id, ended_at__isnull=True)
    return [waiver_fact(row) for row in rows.order_by("expires_at", "pk")]


def waivers_shown(group_id: str, now: datetime) -> list[WaiverFact]:
    """Exceptions in force now, as members see them (TEC9)."""
    return [waiver for waiver in open_waivers(group_id) if waiver.approved_at and waiver.expires_at > now]


def waiver_fact(row: Waiver) -> WaiverFact:
    """A row as other rooms see it."""
    return WaiverFact(
        id=row.pk,
        group_id=row.group_id,
        control=row.control,
        reason=row.reason,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        expires_at=row.expires_at,
        approved_by=row.approved_by,
        approved_at=row.approved_at,
    )


def level_fact(row: LevelDecision) -> LevelFact:
    """A row as other rooms see it."""
    return LevelFact(
        id=row.pk,
        group_id=row.group_id,
        level=row.level,
        overlays=frozenset(row.overlays),
        playbook_version=row.playbook_version,
        reason=row.reason,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        lowers=row.lowers,
        second_by=row.second_by,
        in_force_at=row.in_force_at,
        settled_at=row.settled_at,
    )
