"""Aliases, for those who keep the door: one query for the rows, one for the secrets."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from circlekeeper.areas.roster import rules, sealing
from circlekeeper.areas.roster.models import Compartment, Name, State
from circlekeeper.foundation import clock
from circlekeeper.foundation.errors import Refused
from circlekeeper.foundation.ledger import queries as ledger
from circlekeeper.foundation.reveal import reveal
from circlekeeper.foundation.vault import records, shredstore
from circlekeeper.foundation.vault.envelope import SealBroken
from circlekeeper.foundation.vault.groupkeys import Scope
from circlekeeper.foundation.vault.ring import KeyRing, NoGrant

_SHOWN = (State.MEMBER, State.PAUSED, State.INVITED, State.APPLIED)
_VERB = "roster.aliases.open"
# A cockpit asks every few seconds; one line for each person and hour says as much as hundreds.
_SAID_FOR = timedelta(hours=1)


class NoKeys(Refused):
    """This person's keys do not open the names of this group yet."""

    def __init__(self) -> None:
        super().__init__("Someone who holds the keys of this group has to pass them on to you first.")


def aliases(
    *, ring: KeyRing, group_id: str, states: Iterable[str] = _SHOWN, now: datetime | None = None
) -> dict[str, str]:
    """The alias of each member by id; those whose record is forgotten are left out.

    The log gets a line for each person, group and hour.

    :raises NoKeys: the ring does not hold the door's key.
    """
    at = now or clock.now()
    if not _said_lately(ring.person_id, group_id, at):
        return _logged(by=ring.person_id, about=group_id, now=at, ring=ring, states=tuple(states))
    return _open(ring, group_id, tuple(states))


def aliases_of(
    *, ring: KeyRing, group_id: str, member_ids: Iterable[str], now: datetime | None = None
) -> dict[str, str]:
    """The aliases of these members, whatever their state."""
    wanted = frozenset(member_ids)
    found = aliases(ring=ring, group_id=group_id, states=tuple(State.values), now=now)
    return {member: alias for member, alias in found.items() if member in wanted}


def find(*, ring: KeyRing, group_id: str, text: str, now: datetime | None = None) -> list[tuple[str, str]]:
    """Members of one group whose alias holds this text, as (id, alias); exact matches first. Aliases only (DAT2).

    A name that looks the same in another script is found too.
    """
    wanted, looks = text.strip().casefold(), rules.skeleton(text)
    found = [
        (member, alias)
        for member, alias in aliases(ring=ring, group_id=group_id, now=now).items()
        if wanted and (wanted in alias.casefold() or rules.skeleton(alias) == looks)
    ]
    return sorted(found, key=lambda each: (each[1].casefold() != wanted, each[1].casefold(), each[0]))


def skeletons(*, ring: KeyRing, group_id: str, but: str = "", now: datetime | None = None) -> frozenset[str]:
    """Skeletons of every name in use, except one member's, for telling names apart."""
    found = aliases(ring=ring, group_id=group_id, now=now)
    return frozenset(rules.skeleton(alias) for member, alias in found.items() if member != but)


@reveal(_VERB)
def _logged(*, by: str, about: str, now: datetime, ring: KeyRing, states: tuple[str, ...]) -> dict[str, str]:
    return _open(ring, about, states)


def _said_lately(person_id: str, group_id: str, now: datetime) -> bool:
    lines = ledger.entries_about(group_id, verbs=(_VERB,), limit=20)
    return any(line.by == person_id and now - line.at < _SAID_FOR for line in lines)


def _open(ring: KeyRing, group_id: str, states: tuple[str, ...]) -> dict[str, str]:
    try:
        key = ring.scope_key(group_id, Scope.DOOR)
    except NoGrant:
        raise NoKeys from None
    rows = Compartment.objects.filter(group_id=group_id, name=Name.ALIAS, member__state__in=states)
    found = list(rows.values_list("member_id", "secret_id", "blob", "wrap"))
    values = shredstore.secrets({secret for _, secret, _, _ in found})
    names = {}
    for member, secret, blob, wrap in found:
        if secret in values:
            try:
                place = sealing.place(member, Name.ALIAS, group_id)
                held = records.open_for_group(
                    bytes(blob), bytes(wrap), key=key, secret=values[secret], place=place
                )
            except SealBroken:
                continue
            names[member] = str(held["alias"])
    return names
