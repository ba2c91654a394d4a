"""Where a group stands, and whether a door may open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.safeguards import rules
from circlekeeper.areas.safeguards.queries.findings import CheckFinding, ControlFinding, look
from circlekeeper.areas.safeguards.rules import Standing, Verdict
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.permissions import Permission
from circlekeeper.foundation.todo import Todo, Urgency

_WEIGHT = {Standing.BLOCKING: 0, Standing.TODO: 1, Standing.SUGGESTED: 2, Standing.FINE: 3}
_DOOR = {"open": 0, "first-link": 1, "start": 2, "watch": 3}
_AT_MOST = 5


@dataclass(frozen=True, slots=True)
class Posture:
    """All controls of one group, most urgent first. Counts are of controls; stale ones are also in the other counts."""

    group_id: str
    level: str
    blocking: int
    todo: int
    stale: int
    findings: tuple[ControlFinding, ...]

    @property
    def may_open(self) -> bool:
        """Whether nothing keeps the group itself closed."""
        return not self.before_opening

    @property
    def before_opening(self) -> int:
        """How many controls keep the group itself closed; the others wait for a first link or a meeting."""
        return sum(any(check.gate == "open" and check.blocking for check in each.checks) for each in self.findings)

    @property
    def next_step(self) -> CheckFinding | None:
        """The one thing to do first; None when nothing is asked."""
        first = self.findings[0].worst if self.findings else None
        return first if first and first.standing in (Standing.BLOCKING, Standing.TODO) else None


def posture(group_id: str, now: datetime) -> Posture:
    """Where one group stands now.

    :raises NotHere: there is no such group.
    """
    return postures([group_id], now)[0]


def postures(group_ids: Sequence[str], now: datetime) -> list[Posture]:
    """Where each of these groups stands now, in the order asked.

    :raises NotHere: a group does not exist.
    """
    return [_summed(group_id, found) for group_id, found in look(group_ids=group_ids, now=now).items()]


def gate(group_id: str, gate: str, now: datetime, meeting_id: str | None = None) -> list[CheckFinding]:
    """The checks of one door (``open``, ``first-link``, ``start``), and whatever blocks at an earlier door.

    The door may open when none of them is ``blocking``. Fails closed: no function, an exception or an old answer is unknown.

    :raises NotHere: there is no such group. :raises ValueError: there is no such door.
    """
    return _gate(group_id, gate, now, meeting_id)


def _gate(group_id: str, door: str, now: datetime, meeting_id: str | None) -> list[CheckFinding]:
    doors = rules.doors_up_to(door)
    found = look(group_ids=[group_id], now=now, meeting_id=meeting_id)[group_id]
    checks = [check for control in found for check in control.checks if check.gate in doors]
    kept = [check for check in checks if check.gate == door or check.blocking]
    return sorted(kept, key=_urgency)


def closed_gate(*, group_id: str, gate: str, now: datetime, meeting_id: str | None = None) -> str:
    """Why a door stays closed, in one plain sentence; empty when it may open.

    :raises NotHere: there is no such group. :raises ValueError: there is no such door.
    """
    if gate != "open" and not groups.group(group_id).is_open:
        return gettext("The group is not open yet.")
    closed = [check for check in _gate(group_id, gate, now, meeting_id) if check.blocking]
    return sentence(closed)


def sentence(blocking: Sequence[CheckFinding]) -> str:
    """What is missing, as one sentence; empty when nothing is."""
    if not blocking:
        return ""
    titles = "; ".join(check.title for check in blocking[:_AT_MOST])
    more = gettext(" and more") if len(blocking) > _AT_MOST else ""
    start = ngettext(
        "%(count)d thing is not as it should be yet: ",
        "%(count)d things are not as they should be yet: ",
        len(blocking),
    ) % {"count": len(blocking)}
    return f"{start}{titles}{more}."


def todo(who: Any, now: datetime) -> list[Todo]:
    """The next step of each group that ``who`` answers for. What only the next meeting needs is its cockpit's to say."""
    mine = [place for place in accounts.places_of(who.id) if who.can(Permission.SAFETY_ATTEST, place)]
    known = [facts.id for facts in groups.groups(mine)]
    return [_todo(where.group_id, step) for where in postures(known, now) if (step := _before_any_meeting(where))]


def _before_any_meeting(where: Posture) -> CheckFinding | None:
    asked = (control.worst for control in where.findings if control.worst.gate != "start")
    return next((check for check in asked if check.standing in (Standing.BLOCKING, Standing.TODO)), None)


def _todo(group_id: str, step: CheckFinding) -> Todo:
    return Todo(
        title=step.title,
        why=step.why,
        url=reverse("safeguards:control", args=[group_id, step.control]),
        minutes=step.minutes,
        urgency=Urgency.HARM if step.blocking else Urgency.LATER,
        due=step.fresh_until,
    )


def _summed(group_id: str, found: Sequence[ControlFinding]) -> Posture:
    ordered = tuple(sorted(found, key=lambda control: _urgency(control.worst)))
    standings = [control.worst.standing for control in ordered]
    return Posture(
        group_id=group_id,
        level=groups.group(group_id).level,
        blocking=standings.count(Standing.BLOCKING),
        todo=standings.count(Standing.TODO),
        stale=sum(control.worst.verdict is Verdict.STALE for control in ordered),
        findings=ordered,
    )


def _urgency(check: CheckFinding) -> tuple[int, int, int, str]:
    return _WEIGHT[check.standing], _DOOR[check.gate], check.minutes, check.control
