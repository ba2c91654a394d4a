"""Letters to members: neutral ones, to whoever said yes, resting on the answer that stands (CNF2, CON5, WHY1).

At lower levels the worker reminds those who asked to be. At higher ones nothing stands ready: when a key holder comes in,
what is due in the next two weeks is made ready, and only that.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.roster import occasions, queries, reaching, rules
from circlekeeper.areas.roster.actions import rows
from circlekeeper.areas.roster.models import Reach, State, Supply
from circlekeeper.areas.roster.occasions import Occasion
from circlekeeper.areas.roster.rules import SafeContact, Verdict
from circlekeeper.foundation import ledger
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.accounts.who import Who
from circlekeeper.foundation.action import action
from circlekeeper.foundation.permissions import Permission
from circlekeeper.foundation.post import outbox, sealing
from circlekeeper.foundation.vault.groupkeys import Scope
from circlekeeper.foundation.vault.ring import KeyRing

AHEAD = timedelta(days=1)
SUPPLY = timedelta(days=14)
_A_DAY = timedelta(days=1)
_SILENT = (State.INVITED, State.PAUSED, State.LEFT)


@dataclass(frozen=True, slots=True)
class Told:
    """Who is told how: by a letter of ours, by a person's hand (member -> channel), or not at all."""

    by_letter: frozenset[str]
    by_hand: Mapping[str, str]
    not_at_all: frozenset[str]


def tell(
    *, by: str, ring: KeyRing, group_id: str, member_ids: Iterable[str], occasion: str, now: datetime
) -> Told:
    """Tell members that there is something to read, each by the way they like best, one letter for each ``occasion``.

    ``occasion`` is made of opaque ids. Whoever chose another way than mail is for a person of the team to reach: a list of
    calls to make, never a mail instead. One line in the log for the look at how they may be reached.

    :raises NoGrant: the ring does not hold the roster's key.
    """
    wanted = frozenset(member_ids)
    stands = _stand(group_id, wanted)
    said = queries.contacts_of(by=by, about=group_id, now=now, ring=ring, member_ids=stands.keys())
    mailed = {member: contact for member, contact in said.items() if contact.channel == outbox.MAIL}
    when = Occasion(occasion, now, now + outbox.USELESS_AFTER, wanted)
    reached = _queue(by=by, group_id=group_id, contacts=mailed, wanted=[when], now=now)
    by_hand = {
        member: contact.channel
        for member, contact in said.items()
        if contact.channel != outbox.MAIL
        and rules.may_send(contact, contact.channel, now).verdict is not Verdict.NEVER
    }
    return Told(reached, by_hand, wanted - reached - by_hand.keys())


def _stand(group_id: str, member_ids: Iterable[str]) -> dict[str, str]:
    """The answers letters to these people may rest on, by person."""
    found = Reach.objects.filter(group_id=group_id, member_id__in=list(member_ids))
    return dict(found.exclude(member__state__in=_SILENT).values_list("member_id", "pk"))


def remind(*, now: datetime) -> None:
    """What the worker does: queue what is due within a day, in each open group where its answers stand ready."""
    for facts in groups.groups(groups.all_ids()):
        if not facts.is_open:
            continue
        if not reaching.kept_ready(facts.id):
            _keep_nothing(by="system", group_id=facts.id, now=now)
            continue
        wanted = occasions.between(group_id=facts.id, begin=now, until=now + AHEAD)
        if wanted:
            _queue(by="system", group_id=facts.id, contacts=_standing(facts.id), wanted=wanted, now=now)


def _standing(group_id: str) -> dict[str, SafeContact]:
    """The answers that stand ready for the worker; only of those who asked to be reminded."""
    standing = Reach.objects.filter(group_id=group_id, member__state=State.MEMBER)
    opened = {}
    for reach, member, sealed in standing.values_list("pk", "member_id", "sealed"):
        try:
            contact = sealing.open_sealed(bytes(sealed), place=reach)
        except sealing.Unreadable:
            continue
        if contact.remind:
            opened[member] = contact
    return opened


def arrive(who: Who, now: datetime) -> None:
    """Somebody came in: if their keys are open, make ready what may only be made ready now."""
    ring = who.ring
    if ring is None:
        return
    for group_id in accounts.places_of(who.id):
        if who.can(Permission.ROSTER_OPEN, group_id) and groups.group(group_id).is_open:
            make_ready(by=who.id, ring=ring, group_id=group_id, now=now)


def make_ready(*, by: str, ring: KeyRing, group_id: str, now: datetime) -> bool:
    """Make the letters of the next two weeks ready, where none of it may stand ready otherwise; at most once a day.

    Returns whether it was done. Somebody who holds the roster's key is here and lends it for a moment.
    """
    if not ring.can(group_id, Scope.ROSTER) or reaching.kept_ready(group_id):
        return False
    before = Supply.objects.filter(group_id=group_id).first()
    if before is not None and now < before.made_at + _A_DAY:
        return False
    said = queries.contacts_of(by=by, about=group_id, now=now, ring=ring)
    asked = {member: contact for member, contact in said.items() if contact.remind}
    wanted = occasions.between(group_id=group_id, begin=now, until=now + SUPPLY) if asked else []
    _supply(by=by, group_id=group_id, contacts=asked, wanted=wanted, now=now)
    return True


@action("roster.letters.supply")
def _supply(
    *, by: str, group_id: str, contacts: Mapping[str, SafeContact], wanted: list[Occasion], now: datetime
) -> None:
    Supply.objects.update_or_create(group_id=group_id, defaults={"made_at": now, "people": len(contacts)})
    _queue(by=by, group_id=group_id, contacts=contacts, wanted=wanted, now=now)
    ledger.record(by=by, about=group_id, at=now)


@action("roster.letters.queue")
def _queue(
    *, by: str, group_id: str, contacts: Mapping[str, SafeContact], wanted: list[Occasion], now: datetime
) -> frozenset[str]:
    """Queue one letter for each person and occasion; returns whom a letter is or was on its way to."""
    rests_on = _stand(group_id, contacts)
    letters = {
        f"{occasion.key}:{member}": (member, _wanted(rests_on[member], contacts[member], occasion, member, now))
        for occasion in wanted
        for member in (occasion.members or contacts.keys()) & rests_on.keys()
    }
    queued = outbox.queue_many([letter for _member, letter in letters.values()], now=now)
    ledger.record(by=by, about=group_id, at=now)
    return frozenset(letters[once][0] for once in queued)


def _wanted(reach_id: str, contact: SafeContact, occasion: Occasion, member: str, now: datetime) -> outbox.Wanted:
    return outbox.Wanted(
        reach_id=reach_id,
        contact=contact,
        once=f"{occasion.key}:{member}",
        due_at=max(occasion.due_at, now),
        useless_at=occasion.useless_at,
    )


@action("roster.reach.empty")
def _empty(*, by: str, group_id: str, now: datetime) -> None:
    Reach.objects.filter(group_id=group_id).update(sealed=b"")
    ledger.record(by=by, about=group_id, at=now)


def _keep_nothing(*, by: str, group_id: str, now: datetime) -> None:
    """A group whose level was raised keeps nothing ready any more."""
    if Reach.objects.filter(group_id=group_id).exclude(sealed=b"").exists():
        _empty(by=by, group_id=group_id, now=now)


def keep_nothing_if_raised(*, group_id: str, now: datetime) -> None:
    """The same at once, when the level is raised; the worker's run is the second net."""
    if not reaching.kept_ready(group_id):
        _keep_nothing(by="system", group_id=group_id, now=now)


@action("roster.reach.end")
def end_reach(*, by: str, group_id: str, member_id: str, now: datetime) -> None:
    """Nothing rests on this member's answer any more: they took back that it is used. The record keeps what they wrote."""
    rows.member(group_id, member_id)
    reaching.end(member_id)
    ledger.record(by=by, about=member_id, at=now)
