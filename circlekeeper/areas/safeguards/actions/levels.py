"""Choosing a level: up by one person, down by two, and then members are asked again."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from circlekeeper.areas.groups import actions as group_actions
from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.safeguards import events, rules
from circlekeeper.areas.safeguards.actions.advisers import void_stamps
from circlekeeper.areas.safeguards.actions.attestations import end_words_bound_to_profile
from circlekeeper.areas.safeguards.actions.pairs import two_people
from circlekeeper.areas.safeguards.models import LevelDecision, LevelReason
from circlekeeper.areas.safeguards.queries import decisions, settings
from circlekeeper.areas.safeguards.queries.decisions import LevelFact
from circlekeeper.foundation import ledger, playbook
from circlekeeper.foundation.action import action
from circlekeeper.foundation.announce import announce
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.playbook import merge


@action("safeguards.level.decide")
def decide_first_level(
    *, by: str, group_id: str, now: datetime, answers: Mapping[str, str] | None = None
) -> LevelFact:
    """Write down the level a new group was made with, as its first decision, and the answers that led to it.

    :raises Refused: the group has one already.
    """
    facts = groups.group(group_id)
    if LevelDecision.objects.filter(group_id=group_id).exists():
        raise Refused(_("This group has its level already."))
    row = _decision(
        by=by, group_id=group_id, level=facts.level, overlays=facts.overlays, reason=LevelReason.SET_UP, now=now
    )
    row.answers = dict(answers or {})
    _put_in_force(row, by=by, now=now, settled=True)
    return decisions.level_fact(row)


@action("safeguards.level.set")
def set_level(
    *,
    by: str,
    group_id: str,
    level: str,
    overlays: Iterable[str],
    reason: str,
    now: datetime,
    answers: Mapping[str, str] | None = None,
) -> LevelFact:
    """Change a group's level or overlays; ``answers`` None keeps those of the interview as they are.

    Nothing becomes looser: in force at once. Something does: the decision waits (``in_force_at`` is None) until a second
    person agrees through ``approve_level``. A group still being set up has promised nothing and changes freely.

    :raises Refused: the level, an overlay or the reason is unknown, or nothing would change.
    """
    facts = groups.group(group_id)
    wanted = _known(level, overlays)
    if reason not in LevelReason.values:
        raise Refused(_("Choose a reason from the list."), field="reason")
    if (level, wanted) == (facts.level, facts.overlays) and facts.playbook_version == playbook.book().version:
        raise Refused(_("This is the level the group has now."), field="level")
    LevelDecision.objects.filter(group_id=group_id, in_force_at__isnull=True, dropped_at__isnull=True).update(
        dropped_at=now
    )
    row = _decision(by=by, group_id=group_id, level=level, overlays=wanted, reason=reason, now=now)
    row.answers = dict(decisions.answers(group_id) if answers is None else answers)
    row.lowers = facts.state != "draft" and bool(_looser(facts, level, wanted))
    if row.lowers:
        row.save()
        ledger.record(by=by, about=row.pk, at=now)
    else:
        _put_in_force(row, by=by, now=now, settled=True)
        announce(events.LevelRaised(group_id, row.pk), now=now)
    return decisions.level_fact(row)


@action("safeguards.profile.answer")
def change_answers(*, by: str, group_id: str, answers: Mapping[str, str], reason: str, now: datetime) -> LevelFact:
    """Answer the interview anew (WHY3). What gets stricter holds at once; what gets looser waits for a second person.

    A level above the one the answers lead to stays. Returns the decision in force, or the one that waits.

    :raises Refused: an answer or the reason is unknown, or nothing would change.
    """
    facts, before = groups.group(group_id), decisions.answers(group_id)
    given = {**before, **_known_answers(answers)}
    level, overlays = decisions.asked_by(facts, given)
    ledger.record(by=by, about=group_id, at=now)
    first = (level if rules.climbs(before=facts.level, after=level) else facts.level, facts.overlays | overlays)
    waits = facts.state != "draft" and bool(_looser(facts, level, overlays))
    if waits and first not in ((facts.level, facts.overlays), (level, overlays)):
        kept = {name: old for name, old in before.items() if given[name] == "no"}
        set_level(
            by=by,
            group_id=group_id,
            level=first[0],
            overlays=first[1],
            reason=reason,
            now=now,
            answers={**given, **kept},
        )
    if (level, overlays) == (facts.level, facts.overlays) and given != before:
        return _same_rules(by=by, facts=facts, answers=given, reason=reason, now=now)
    return set_level(
        by=by, group_id=group_id, level=level, overlays=overlays, reason=reason, now=now, answers=given
    )


def _same_rules(
    *, by: str, facts: groups.GroupFacts, answers: Mapping[str, str], reason: str, now: datetime
) -> LevelFact:
    """Another answer with the same outcome is still another profile."""
    if reason not in LevelReason.values:
        raise Refused(_("Choose a reason from the list."), field="reason")
    row = _decision(by=by, group_id=facts.id, level=facts.level, overlays=facts.overlays, reason=reason, now=now)
    row.answers = dict(answers)
    _put_in_force(row, by=by, now=now, settled=True)
    return decisions.level_fact(row)


@action("safeguards.level.approve")
def approve_level(*, by: str, decision_id: str, now: datetime) -> LevelFact:
    """Agree, as the second person, to asking less; members are asked again (``LevelLowered``).

    :raises NotHere: nothing waits under this id.
    :raises Refused: the same person asked, or neither of the two is a privacy lead.
    """
    row = _waiting(decision_id)
    two_people(first=row.decided_by, second=by, group_id=row.group_id)
    row.second_by, row.second_at = by, now
    _put_in_force(row, by=by, now=now, settled=False)
    announce(events.LevelLowered(row.group_id, row.pk), now=now)
    return decisions.level_fact(row)


@action("safeguards.level.drop")
def drop_level(*, by: str, decision_id: str, now: datetime) -> None:
    """Take back, or say no to, a lowering that waits.

    :raises NotHere: nothing waits under this id.
    """
    row = _waiting(decision_id)
    row.dropped_at = now
    row.save(update_fields=["dropped_at"])
    ledger.record(by=by, about=row.pk, at=now)


@action("safeguards.level.settle")
def settle_level(*, by: str, group_id: str, now: datetime) -> None:
    """Members have been asked again: from now on only the level in force counts. Called by ``agreements``.

    :raises NotHere: nothing waits to be settled.
    """
    waiting = LevelDecision.objects.filter(group_id=group_id, in_force_at__isnull=False, settled_at__isnull=True)
    ids = list(waiting.values_list("pk", flat=True))
    if not ids:
        raise NotHere
    LevelDecision.objects.filter(pk__in=ids).update(settled_at=now)
    for decision_id in ids:
        ledger.record(by=by, about=decision_id, at=now)


def _known(level: str, overlays: Iterable[str]) -> frozenset[str]:
    wanted = frozenset(overlays)
    if level not in list(playbook.Level):
        raise Refused(_("Choose one of the five levels."), field="level")
    if wanted - set(playbook.book().overlays):
        raise Refused(_("Choose from the list."), field="overlays")
    return wanted


def _known_answers(answers: Mapping[str, str]) -> Mapping[str, str]:
    asked = {question.id for question in playbook.book().interview.question}
    if set(answers) - asked or set(answers.values()) - set(rules.ANSWERS):
        raise Refused(_("Choose from the list."))
    return answers


def _looser(facts: groups.GroupFacts, level: str, overlays: frozenset[str]) -> tuple[str, ...]:
    """What would be asked less. Periods may grow when the level climbs the guide's own ladder; nothing else may."""
    before, after = settings.merged(facts.level, facts.overlays), settings.merged(level, overlays)
    if rules.climbs(before=facts.level, after=level) and facts.overlays <= overlays:
        return merge.loosened(before=before, after=after)
    return merge.weakened(before=before, after=after)


def _decision(
    *, by: str, group_id: str, level: str, overlays: Iterable[str], reason: str, now: datetime
) -> LevelDecision:
    return LevelDecision(
        group_id=group_id,
        level=level,
        overlays=sorted(overlays),
        playbook_version=playbook.book().version,
        reason=reason,
        decided_by=by,
        decided_at=now,
    )


def _put_in_force(row: LevelDecision, *, by: str, now: datetime, settled: bool) -> None:
    row.in_force_at, row.settled_at = now, now if settled else None
    row.save()
    ledger.record(by=by, about=row.pk, at=now)
    group_actions.set_level(
        by=by,
        group_id=row.group_id,
        level=row.level,
        overlays=row.overlays,
        playbook_version=row.playbook_version,
        now=now,
    )
    end_words_bound_to_profile(by=by, group_id=row.group_id, now=now)
    void_stamps(by=by, group_id=row.group_id, now=now)


def _waiting(decision_id: str) -> LevelDecision:
    row = LevelDecision.objects.filter(pk=decision_id, in_force_at__isnull=True, dropped_at__isnull=True).first()
    if row is None:
        raise NotHere
    return row
