"""Rules that hurt: what was said, until when it is answered, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from circlekeeper.areas.access.models import RuleReview, Verdict
from circlekeeper.areas.access.rules import RuleKind
from circlekeeper.areas.agreements import queries as agreements
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.reveal import reveal
from circlekeeper.foundation.vault import records, shredstore
from circlekeeper.foundation.vault.envelope import Place
from circlekeeper.foundation.vault.groupkeys import Scope
from circlekeeper.foundation.vault.ring import KeyRing


@dataclass(frozen=True, slots=True)
class ReviewFacts:
    """One rule that hurts. ``verdict``: open, changed or kept; ``note``: what the group is told."""

    id: str
    kind: str
    answer_by: date
    verdict: str
    note: str
    decided_on: date | None


@dataclass(frozen=True, slots=True)
class RulePart:
    """A part of a text that may be reworded: a norm of the group's own, a section of the policy."""

    id: str
    words: str


def review_place(review_id: str, group_id: str) -> Place:
    """Where sealed words about a rule belong."""
    return Place("access_rulereview", review_id, "blob", group_id)


def open_reviews(group_ids: Sequence[str]) -> dict[str, list[ReviewFacts]]:
    """What waits for an answer in each of these groups, the oldest promise first."""
    found: dict[str, list[ReviewFacts]] = {}
    rows = RuleReview.objects.filter(group_id__in=group_ids, verdict=Verdict.OPEN)
    for row in rows.order_by("answer_by", "pk"):
        found.setdefault(row.group_id, []).append(_facts(row))
    return found


def decided_reviews(group_id: str) -> list[ReviewFacts]:
    """What was answered, newest first, as long as it is kept."""
    rows = RuleReview.objects.filter(group_id=group_id).exclude(verdict=Verdict.OPEN)
    return [_facts(row) for row in rows.order_by("-decided_on", "pk")[:20]]


def open_review(group_id: str, review_id: str) -> ReviewFacts:
    """One that waits for an answer.

    :raises NotHere: there is none of this id.
    """
    row = RuleReview.objects.filter(group_id=group_id, pk=review_id, verdict=Verdict.OPEN).first()
    if row is None:
        raise NotHere
    return _facts(row)


@reveal("access.rule.open")
def review_words(*, by: str, about: str, group_id: str, ring: KeyRing, now: datetime) -> str:
    """What somebody said about a rule (``about``: the review).

    :raises NotHere: there is none. :raises NoGrant: the ring lacks the group's roster key.
    """
    del by, now
    row = RuleReview.objects.filter(group_id=group_id, pk=about).first()
    secrets = shredstore.secrets([row.secret_id]) if row else {}
    if row is None or row.secret_id not in secrets:
        raise NotHere
    opened = records.open_for_group(
        bytes(row.blob),
        bytes(row.wrap),
        key=ring.scope_key(group_id, Scope.ROSTER),
        secret=secrets[row.secret_id],
        place=review_place(row.pk, group_id),
    )
    return str(opened["words"])


def parts(group_id: str, kind: str) -> list[RulePart]:
    """What may be reworded in that text; norms that protect everyone may not."""
    if kind != RuleKind.POLICY:
        return [RulePart(each.id, each.words) for each in agreements.norm_texts(group_id) if not each.fixed]
    found = agreements.current(group_id, "policy")
    if found is None:
        return []
    return [RulePart(name, words) for name, words in agreements.words_of("policy", found.body).items()]


def _facts(row: RuleReview) -> ReviewFacts:
    return ReviewFacts(row.pk, row.kind, row.answer_by, row.verdict, row.note, row.decided_on)
