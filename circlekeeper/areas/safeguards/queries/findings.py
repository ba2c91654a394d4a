"""One answer for each check of a group, from functions, attestations and waivers."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.safeguards import registry, rules
from circlekeeper.areas.safeguards.evidence import EVIDENCE_WORDS, Evidence, Finding, Question
from circlekeeper.areas.safeguards.models import Attestation, Waiver
from circlekeeper.areas.safeguards.queries import settings
from circlekeeper.areas.safeguards.rules import Standing, Verdict
from circlekeeper.foundation import playbook
from circlekeeper.foundation.playbook.schemas import Check


@dataclass(frozen=True, slots=True)
class CheckFinding:
    """One check, judged now. Texts are translated and name nobody."""

    control: str
    check: str
    title: str
    why: str
    do: str
    minutes: int
    gate: str
    mode: str
    attested: bool
    verdict: Verdict
    standing: Standing
    detail: str
    evidence: Evidence
    checked_at: datetime | None
    fresh_until: datetime | None
    waived_until: datetime | None

    @property
    def met(self) -> bool:
        """Whether it is as it should be."""
        return self.verdict is Verdict.MET

    @property
    def blocking(self) -> bool:
        """Whether it keeps its door closed."""
        return self.standing is Standing.BLOCKING

    @property
    def evidence_words(self) -> str:
        """How we know, in plain words."""
        return str(EVIDENCE_WORDS[self.evidence])


@dataclass(frozen=True, slots=True)
class ControlFinding:
    """One control: its worst check decides."""

    worst: CheckFinding
    checks: tuple[CheckFinding, ...]

    @property
    def control(self) -> str:
        """The control's id."""
        return self.worst.control


@dataclass(frozen=True, slots=True)
class _Known:
    """What people have said about a group."""

    words: Mapping[tuple[str, str], Attestation]
    waivers: Mapping[str, datetime]


def look(
    *, group_ids: Sequence[str], now: datetime, meeting_id: str | None = None
) -> dict[str, list[ControlFinding]]:
    """Every control that is not off, for each group. Two queries for what people said, however many groups.

    :raises NotHere: a group does not exist.
    """
    known = _known(group_ids, now)
    return {
        group_id: _look_at_group(Question(group_id, now, meeting_id), known[group_id]) for group_id in group_ids
    }


def by_control(findings: Iterable[CheckFinding]) -> list[ControlFinding]:
    """Group the checks of each control, the worst first."""
    together: dict[str, list[CheckFinding]] = defaultdict(list)
    for finding in findings:
        together[finding.control].append(finding)
    return [ControlFinding(max(checks, key=_badness), tuple(checks)) for checks in together.values()]


def _badness(finding: CheckFinding) -> tuple[int, int]:
    order = (Standing.FINE, Standing.SUGGESTED, Standing.TODO, Standing.BLOCKING)
    verdicts = (Verdict.MET, Verdict.STALE, Verdict.UNKNOWN, Verdict.NOT_MET)
    return order.index(finding.standing), verdicts.index(finding.verdict)


def _look_at_group(question: Question, known: _Known) -> list[ControlFinding]:
    answer, level = settings.settings_for(question.group_id), groups.group(question.group_id).level
    found = [
        _judged(control, check, answer.mode(control.id), question, _in_force(control, level, answer, known))
        for control in playbook.book().controls.values()
        if answer.mode(control.id) is not playbook.Mode.OFF
        for check in control.check
    ]
    return by_control(found)


def _in_force(control: playbook.Control, level: str, answer: playbook.Answer, known: _Known) -> _Known:
    """Without the exceptions that the level in force (or an overlay) no longer allows."""
    if control.id in known.waivers and not waivable(control, level, answer):
        return _Known(known.words, {})
    return known


def waivable(control: playbook.Control, level: str, answer: playbook.Answer) -> bool:
    """Whether a control may be set aside in a group of this level and answer."""
    if level not in list(playbook.Level) or control.waiver is None:
        return False
    return rules.may_be_set_aside(
        level=level,
        own_mode=control.mode.at(playbook.Level(level)),
        mode=answer.mode(control.id),
        waivable_at=control.waiver.levels,
    )


def _judged(
    control: playbook.Control, check: Check, mode: playbook.Mode, question: Question, known: _Known
) -> CheckFinding:
    attested = check.kind is playbook.CheckKind.ATTEST
    finding = (
        _word(known.words.get((control.id, check.id)), question.now)
        if attested
        else registry.ask(control.id, check.id, question)
    )
    verdict = _verdict(finding, check, question.now)
    waived_until = known.waivers.get(control.id)
    in_force = rules.effective_mode(mode=mode, waived=waived_until is not None)
    standing = rules.standing(mode=in_force, verdict=verdict, closes_a_door=check.gate != playbook.Gate.WATCH)
    return CheckFinding(
        control=control.id,
        check=check.id,
        title=gettext(control.title),
        why=gettext(control.why),
        do=gettext(control.do),
        minutes=control.minutes,
        gate=check.gate,
        mode=in_force,
        attested=attested,
        verdict=verdict,
        standing=standing,
        detail=gettext("This was right when it was last looked at, but that is too long ago.")
        if verdict is Verdict.STALE
        else finding.detail,
        evidence=finding.evidence_word,
        checked_at=finding.checked_at,
        fresh_until=finding.fresh_until,
        waived_until=waived_until if in_force != mode else None,
    )


def _verdict(finding: Finding, check: Check, now: datetime) -> Verdict:
    checked_at = finding.checked_at or now
    lasts_until = playbook.add_duration(checked_at, check.fresh_for)
    return rules.judge(
        finding.verdict, checked_at=checked_at, fresh_until=finding.fresh_until, lasts_until=lasts_until, now=now
    )


def _word(word: Attestation | None, now: datetime) -> Finding:
    """The finding behind the newest word given for a check."""
    if word is None:
        return Finding.unknown(gettext("Nobody has confirmed this yet."), evidence=Evidence.ATTESTED)
    if word.withdrawn_at is not None and word.withdrawn_at <= now:
        return Finding.unknown(gettext("This has to be confirmed again."), evidence=Evidence.ATTESTED)
    return Finding.met(
        gettext("Someone on the team has confirmed it."),
        evidence=Evidence.ATTESTED,
        checked_at=word.attested_at,
        fresh_until=word.expires_at,
    )


def _known(group_ids: Sequence[str], now: datetime) -> dict[str, _Known]:
    words: dict[str, dict[tuple[str, str], Attestation]] = {group_id: {} for group_id in group_ids}
    for word in Attestation.objects.filter(group_id__in=group_ids).order_by("attested_at", "pk"):
        words[word.group_id][word.control, word.check_id] = word
    waivers: dict[str, dict[str, datetime]] = {group_id: {} for group_id in group_ids}
    in_force = Waiver.objects.filter(
        group_id__in=group_ids, approved_at__isnull=False, ended_at__isnull=True, expires_at__gt=now
    )
    for waiver in in_force.order_by("expires_at"):
        waivers[waiver.group_id][waiver.control] = waiver.expires_at
    return {group_id: _Known(words[group_id], waivers[group_id]) for group_id in group_ids}
