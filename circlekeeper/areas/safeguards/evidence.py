"""How a room answers a control: a function that looks and reports a finding. Never assume; say how you know."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from django.utils.translation import gettext_lazy as _

from circlekeeper.areas.safeguards.rules import Verdict

__all__ = ["EVIDENCE_WORDS", "Evidence", "Finding", "Question", "Verdict", "evidence"]


class Evidence(StrEnum):
    """How we know, strongest first. Screens never say "verified" for the last four."""

    LOCKED = "locked"
    READ_BACK = "read_back"
    TOKEN_ENFORCED = "token_enforced"  # noqa: S105
    SELF_ENFORCED = "self_enforced"
    OWN_RECORD = "own_record"
    OBSERVED = "observed"
    SERVED_CONFIG = "served_config"
    WRITTEN_UNVERIFIED = "written_unverified"
    ATTESTED = "attested"
    IMPOSSIBLE = "impossible"


EVIDENCE_WORDS = {
    Evidence.LOCKED: _("read back, and locked by an administrator"),
    Evidence.READ_BACK: _("set and read back"),
    Evidence.TOKEN_ENFORCED: _("carried by a signed link"),
    Evidence.SELF_ENFORCED: _("enforced here"),
    Evidence.OWN_RECORD: _("from our own records"),
    Evidence.OBSERVED: _("seen while it happened"),
    Evidence.SERVED_CONFIG: _("read from the service's own settings page"),
    Evidence.WRITTEN_UNVERIFIED: _("asked for, not confirmed"),
    Evidence.ATTESTED: _("a person's word"),
    Evidence.IMPOSSIBLE: _("this service cannot do it"),
}


@dataclass(frozen=True, slots=True)
class Question:
    """What a check is asked. Without ``meeting_id``, a check about meetings speaks of the next one planned."""

    group_id: str
    now: datetime
    meeting_id: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer to one check.

    ``detail`` is one plain sentence for staff; counts, never names. ``fresh_until`` None leaves the end to the control.
    """

    verdict: Verdict
    detail: str
    evidence_word: Evidence
    checked_at: datetime | None = None
    fresh_until: datetime | None = None

    @classmethod
    def met(
        cls,
        detail: str,
        *,
        evidence: Evidence | str = Evidence.OWN_RECORD,
        checked_at: datetime | None = None,
        fresh_until: datetime | None = None,
    ) -> "Finding":
        """It is as it should be. ``checked_at`` None means: looked at just now."""
        return cls(Verdict.MET, detail, Evidence(evidence), checked_at, fresh_until)

    @classmethod
    def not_met(
        cls, detail: str, *, evidence: Evidence | str = Evidence.OWN_RECORD, checked_at: datetime | None = None
    ) -> "Finding":
        """It is not as it should be; ``detail`` says what is missing."""
        return cls(Verdict.NOT_MET, detail, Evidence(evidence), checked_at)

    @classmethod
    def unknown(cls, detail: str, *, evidence: Evidence | str = Evidence.OWN_RECORD) -> "Finding":
        """Nobody could tell. Counts as failed."""
        return cls(Verdict.UNKNOWN, detail, Evidence(evidence))


Answer = Callable[[Question], Finding]
F = TypeVar("F", bound=Answer)

MARK = "answers_control"


def evidence(control: str) -> Callable[[F], F]:
    """Mark a function as the answer to a control (``"policy-published"``) or to one of its checks
    (``"policy-published/fact"``). Nothing is connected until ``registry.install`` is given the module.
    """

    def mark(function: F) -> F:
        setattr(function, MARK, (*getattr(function, MARK, ()), control))
        return function

    return mark
