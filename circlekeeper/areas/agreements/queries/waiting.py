"""Who must still answer, and what that means at the next meeting (CON2, CNF1, CNF2). Ids only; names come from elsewhere."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from circlekeeper.areas.agreements import rules, sources
from circlekeeper.areas.agreements.models import Consent, Kind, Pledge
from circlekeeper.areas.agreements.queries import consents, documents
from circlekeeper.areas.agreements.rules import Made, Promise
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation import playbook


@dataclass(frozen=True, slots=True)
class Waiting:
    """One member who has something to answer.

    ``lapsed_at``: when their promise ran out; ``links_until``: when links stop because of it. ``needs``: the consent that
    is needed to take part is open. ``again``: other purposes they once agreed to whose words changed or whose time is up.
    """

    member_id: str
    promise: Promise
    needs: bool
    again: tuple[str, ...]
    lapsed_at: datetime | None
    links_until: datetime | None

    @property
    def blocked(self) -> bool:
        """Whether they get no personal link until they answer."""
        return self.promise.blocks or self.needs


def waiting(*, group_id: str, now: datetime, member_ids: Iterable[str] | None = None) -> list[Waiting]:
    """Members with something to answer, those who get no link first; four queries however many they are.

    Without ``member_ids``, all who take part now; who is on a pause is not chased.
    """
    members = sources.members(group_id) if member_ids is None else frozenset(member_ids)
    asked, needed = documents.asked_from(group_id), documents.pledge_strength(group_id)
    made, grace = newest_made(group_id, members), documents.pledge_grace(group_id)
    answers: dict[str, dict[str, Consent]] = {member: {} for member in members}
    for (member, purpose), row in consents.newest(members).items():
        answers[member][purpose] = row
    found = []
    for member, own in answers.items():
        mine = made.get(member)
        lapses = mine.lapses_at if mine else None
        ends = playbook.add_duration(lapses, grace) if lapses else None
        stands = rules.promise(
            mine, asked_from=asked.get((Kind.PLEDGE, needed), 1), needed=needed, now=now, grace_ends=ends
        )
        gone = stands in (Promise.LAPSED, Promise.IN_GRACE)
        each = Waiting(
            member_id=member,
            promise=stands,
            needs=consents.lacks(own.get, asked, now),
            again=_again(own, asked, now),
            lapsed_at=lapses if gone else None,
            links_until=ends if gone else None,
        )
        if each.blocked or each.again or each.promise is not Promise.STANDS:
            found.append(each)
    return sorted(found, key=lambda each: (not each.blocked, each.member_id))


def _again(own: dict[str, Consent], asked: dict[tuple[str, str], int], now: datetime) -> tuple[str, ...]:
    return tuple(
        purpose
        for purpose, row in own.items()
        if rules.must_ask_again(consents.given(row), asked_from=asked.get((Kind.CONSENT, purpose), 1), now=now)
    )


def no_link(*, group_id: str, member_ids: Iterable[str], now: datetime) -> frozenset[str]:
    """Those of these members who get no personal link until they make the promise; a lapse counts after its grace."""
    return frozenset(
        each.member_id
        for each in waiting(group_id=group_id, now=now, member_ids=member_ids)
        if each.promise.blocks
    )


def newest_made(group_id: str, members: frozenset[str]) -> dict[str, Made]:
    """The newest promise of each of these members. Taking one back ends them all: an older one does not come to life."""
    standing = Pledge.objects.filter(group_id=group_id, member_id__in=members, withdrawn_at__isnull=True)
    rows = standing.order_by("signed_at", "pk")
    return {
        member: Made(version, strength, lapses)
        for member, version, strength, lapses in rows.values_list(
            "member_id", "document__version", "strength", "lapses_at"
        )
    }


def reminders(*, group_id: str, begin: datetime, until: datetime) -> dict[datetime, frozenset[str]]:
    """Who is reminded of a promise that stands, and when, from ``begin`` until ``until`` (CNF2).

    As often as the group's level says, counted from the day each made it; two queries beside those of ``waiting``.
    """
    every = safeguards.settings_for(group_id).span("pledge-reminder")
    asked = waiting(group_id=group_id, now=begin)
    members = sources.members(group_id) - {each.member_id for each in asked if each.promise is not Promise.STANDS}
    standing = Pledge.objects.filter(group_id=group_id, member_id__in=members, withdrawn_at__isnull=True)
    rows = standing.order_by("signed_at", "pk").values_list("member_id", "signed_at", "lapses_at")
    found: dict[datetime, set[str]] = {}
    for member, (signed, lapses) in {member: when for member, *when in rows}.items():
        moment = playbook.add_duration(signed, every)
        while moment < begin:
            moment = playbook.add_duration(moment, every)
        # From then on it is asked for again, which is another letter.
        if moment <= until and moment < lapses:
            found.setdefault(moment, set()).add(member)
    return {moment: frozenset(who) for moment, who in found.items()}
