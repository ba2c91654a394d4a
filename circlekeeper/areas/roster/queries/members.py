"""Members as ids, states and days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from circlekeeper.areas.agreements import queries as agreements
from circlekeeper.areas.roster.models import BroughtList, Compartment, Member, Name, Opening, State
from circlekeeper.areas.roster.queries.reach import reach_todo
from circlekeeper.foundation import clock
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.accounts.who import Who
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.permissions import Permission
from circlekeeper.foundation.todo import Todo, Urgency
from circlekeeper.foundation.vault import memberkeys

_COLUMNS = ("pk", "group_id", "state", "applied_on", "joined_on", "left_on", "last_attended_on", "due_on")


TOLD_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """One member without anything about the person."""

    id: str
    group_id: str
    state: str
    applied_on: date
    joined_on: date | None
    left_on: date | None
    last_attended_on: date | None
    due_on: date | None

    @property
    def is_active(self) -> bool:
        """Whether they take part now."""
        return self.state == State.MEMBER


def member(*, group_id: str, member_id: str) -> MemberFacts:
    """One member of this group.

    :raises NotHere: there is none.
    """
    found = Member.objects.filter(pk=member_id, group_id=group_id).values_list(*_COLUMNS).first()
    if found is None:
        raise NotHere
    return MemberFacts(*found)


def members(group_id: str, *, states: Iterable[str] = ()) -> list[MemberFacts]:
    """The members of a group, in these states if any are given; in an order that says nothing."""
    rows = Member.objects.filter(group_id=group_id)
    if states:
        rows = rows.filter(state__in=list(states))
    return [MemberFacts(*row) for row in rows.order_by("pk").values_list(*_COLUMNS)]


def active_ids(group_id: str) -> frozenset[str]:
    """Ids of those who take part now."""
    return frozenset(Member.objects.filter(group_id=group_id, state=State.MEMBER).values_list("pk", flat=True))


def active_count(group_id: str) -> int:
    """How many take part now."""
    return Member.objects.filter(group_id=group_id, state=State.MEMBER).count()


def by_key(raw: bytes) -> MemberFacts | None:
    """The member whose key this is, also one who was turned down: they read it there. The caller limits the tries."""
    found = Member.objects.filter(key_lookup=memberkeys.lookup(raw)).values_list(*_COLUMNS).first()
    return None if found is None else MemberFacts(*found)


def counts(group_id: str) -> dict[str, int]:
    """How many members are in each state."""
    rows = (
        Member.objects.filter(group_id=group_id).values_list("state").annotate(count=Count("pk")).order_by("state")
    )
    return dict(rows)


def unsealed_ids(group_id: str) -> frozenset[str]:
    """Members without a sealed name, or with any part that is not sealed (REG2); there should be none."""
    open_part = Q(compartments__wrap=b"") | Q(compartments__blob=b"")
    rows = Member.objects.filter(group_id=group_id).annotate(
        names=Count("compartments", filter=Q(compartments__name=Name.ALIAS)),
        open_parts=Count("compartments", filter=open_part),
    )
    return frozenset(rows.exclude(names=1, open_parts=0, secret_id__gt="").values_list("pk", flat=True))


def emergency_missing(*, group_id: str, on: date) -> frozenset[str]:
    """Active members without an emergency record that would help on this day (KIT9); details stay sealed."""
    fresh = Compartment.objects.filter(
        group_id=group_id, name=Name.EMERGENCY, check_again_on__gt=on, member__state=State.MEMBER
    )
    return active_ids(group_id) - frozenset(fresh.values_list("member_id", flat=True))


def why_no_link(*, group_id: str, member_id: str) -> str:
    """Why this member gets no meeting link, in one sentence; empty when they may have one (CNF1, CNF2, MED1)."""
    found = Member.objects.filter(pk=member_id, group_id=group_id).values_list("state", flat=True).first()
    if found == State.PAUSED:
        return _("You are on a pause. Come back on your page first.")
    if found == State.INVITED:
        return _("Read and answer what the group asks of its members first. You find it on your page.")
    if found != State.MEMBER:
        return _("There is no link for you now.")
    now, only = clock.now(), frozenset({member_id})
    if agreements.no_link(group_id=group_id, now=now, member_ids=only):
        return _("Make the promise to keep things private first. You find it on your page.")
    if agreements.not_agreed(group_id=group_id, member_ids=only, now=now):
        return _("Answer the questions of consent first. You find them on your page.")
    return ""


def without_key(group_id: str) -> int:
    """How many people of a list have no key yet, so cannot come in."""
    return Member.objects.filter(group_id=group_id, state=State.INVITED, key_lookup=None).count()


def todo(who: Who, now: datetime) -> list[Todo]:
    """What waits for this person in the roster: files to destroy, silences to agree to."""
    found: list[Todo] = []
    places = list(accounts.places_of(who.id))
    for group_id in places:
        if who.can(Permission.ROSTER_IMPORT, group_id):
            found.extend(_files(group_id))
        if who.can(Permission.ROSTER_OPEN, group_id):
            found.extend(_keyless(group_id))
            found.extend(_silences(group_id, who.id, now))
            found.extend(_opened_by_others(group_id, who.id, now))
    return found + reach_todo([each for each in places if who.can(Permission.ROSTER_OPEN, each)], now)


def _files(group_id: str) -> list[Todo]:
    waiting = BroughtList.objects.filter(group_id=group_id, file_gone_by="").count()
    if not waiting:
        return []
    return [
        Todo(
            title=ngettext(
                "Destroy the file you brought people in from",
                "Destroy the %(n)d files you brought people in from",
                waiting,
            )
            % {"n": waiting},
            why=_("The copy on your computer is not protected, and it says who is here."),
            url=reverse("roster:lists", args=[group_id]),
            minutes=5,
            urgency=Urgency.TODAY,
        )
    ]


def _keyless(group_id: str) -> list[Todo]:
    waiting = without_key(group_id)
    if not waiting:
        return []
    return [
        Todo(
            title=ngettext("Hand out a key", "Hand out %(n)d keys", waiting) % {"n": waiting},
            why=_("Whoever was on a list cannot come in without one."),
            url=reverse("roster:first-keys", args=[group_id]),
            minutes=5 + waiting // 10,
            urgency=Urgency.SOON,
        )
    ]


def _silences(group_id: str, person_id: str, now: datetime) -> list[Todo]:
    asked = Opening.objects.filter(group_id=group_id, silence_agreed_by="", silent_until__gt=now.date())
    waiting = asked.exclude(silence_asked_by=person_id).exclude(by=person_id).exclude(silence_asked_by="").count()
    if not waiting:
        return []
    return [
        Todo(
            title=_("Decide whether telling someone would endanger them"),
            why=_("A record was opened. Unless two people agree, the member reads it on their page."),
            url=reverse("roster:openings", args=[group_id]),
            minutes=5,
            urgency=Urgency.TODAY,
        )
    ]


def _opened_by_others(group_id: str, person_id: str, now: datetime) -> list[Todo]:
    """Whoever answers for the records hears when somebody else opened one (REG2)."""
    lately = Opening.objects.filter(group_id=group_id, opened_at__gt=now - TOLD_FOR).exclude(by=person_id).count()
    if not lately:
        return []
    return [
        Todo(
            title=ngettext("A record was opened", "%(n)d records were opened", lately) % {"n": lately},
            why=_("Each look has a reason. Members trust that somebody checks."),
            url=reverse("roster:openings", args=[group_id]),
            minutes=3,
            urgency=Urgency.SOON,
        )
    ]
