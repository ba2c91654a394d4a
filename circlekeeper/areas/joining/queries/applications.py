"""Applications as those who decide see them."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q

from circlekeeper.areas.joining import rules
from circlekeeper.areas.joining.models import Application, State
from circlekeeper.areas.joining.queries.ways import Way, way
from circlekeeper.areas.roster import queries as roster
from circlekeeper.areas.roster import rules as roster_rules
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation import planned
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.vault.ring import KeyRing


@dataclass(frozen=True, slots=True)
class ApplicationFacts:
    """One open application. ``path`` and ``deciders`` are those of the group now; ``lacking`` is what comes before a yes."""

    id: str
    member_id: str
    path: str
    answer_by: date
    proven: bool
    referred: bool
    vouched: bool
    call: str
    yes_votes: int
    voters: frozenset[str]
    deciders: int
    lacking: rules.Lacking | None


@dataclass(frozen=True, slots=True)
class Funnel:
    """How many asked, were called, were answered and joined, and how long they waited; None where a number would point at
    someone."""

    asked: int | None
    called: int | None
    decided: int | None
    joined: int | None
    waited_days: int | None


def waiting(group_id: str) -> list[ApplicationFacts]:
    """Open applications, the one promised an answer first comes first."""
    here = way(group_id)
    rows = Application.objects.filter(group_id=group_id, state=State.OPEN).prefetch_related("votes")
    return [_facts(each, here) for each in rows.order_by("answer_by", "pk")]


def application(*, group_id: str, application_id: str) -> ApplicationFacts:
    """One open application.

    :raises NotHere: this group has none of that id that is still open.
    """
    rows = Application.objects.filter(group_id=group_id, pk=application_id, state=State.OPEN)
    found = rows.prefetch_related("votes").first()
    if found is None:
        raise NotHere
    return _facts(found, way(group_id))


def _facts(found: Application, here: Way) -> ApplicationFacts:
    votes = list(found.votes.all())
    yes_votes, proven = sum(each.yes for each in votes), found.proven_at is not None
    return ApplicationFacts(
        id=found.pk,
        member_id=found.member_id,
        path=here.path,
        answer_by=found.answer_by,
        proven=proven,
        referred=found.referred,
        vouched=found.referred and here.referral_stands,
        call=found.call,
        yes_votes=yes_votes,
        voters=frozenset(each.person_id for each in votes),
        deciders=here.deciders,
        lacking=rules.may_approve(
            path=here.path,
            proven=proven or found.referred,
            call=found.call,
            yes_votes=yes_votes,
            deciders=here.deciders,
            vouched=found.referred and here.referral_stands,
        ),
    )


def alias_warnings(*, ring: KeyRing, group_id: str, member_id: str) -> list[str]:
    """What to talk about before this name is used: it looks like another one, or like a legal name (REG1)."""
    aliases = roster.aliases(ring=ring, group_id=group_id)
    mine = aliases.pop(member_id, "")
    return [each.value for each in roster_rules.alias_warnings(mine, others=aliases.values())] if mine else []


def by_form(form_hash: bytes) -> date | None:
    """Whether this form was sent before: the day by which it is answered."""
    if not planned.there(Application, "form_hash", form_hash):
        return None
    return Application.objects.filter(form_hash=form_hash).values_list("answer_by", flat=True).first()


def has_code(member_id: str, now: datetime) -> bool:
    """Whether a code waits to be typed by this member."""
    return Application.objects.filter(
        member_id=member_id, state=State.OPEN, code_hash__isnull=False, code_until__gt=now
    ).exists()


def funnel(group_id: str) -> Funnel:
    """The way of those who asked, in numbers, among the applications that are still held (REG6)."""
    smallest = safeguards.settings_for(group_id).number("small-number")
    rows = Application.objects.filter(group_id=group_id)
    tally = rows.aggregate(
        asked=Count("pk"),
        called=Count("pk", filter=Q(call__in=("yes", "no"))),
        decided=Count("pk", filter=Q(decided_on__isnull=False)),
        joined=Count("pk", filter=Q(state=State.APPROVED)),
    )
    dated = rows.filter(decided_on__isnull=False).values_list("applied_on", "decided_on")
    waited = [(decided - applied).days for applied, decided in dated if decided is not None]
    steps = ("asked", "joined", "decided", "called")
    shown = dict(zip(steps, rules.shown_counts([tally[each] for each in steps], smallest), strict=True))
    return Funnel(**shown, waited_days=rules.middle(waited, smallest))
