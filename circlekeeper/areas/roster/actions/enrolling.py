"""Coming in: applied, decided, or brought along and then confirmed by the person themselves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from circlekeeper.areas.roster import events, reaching, rules, sealing
from circlekeeper.areas.roster.actions import rows
from circlekeeper.areas.roster.models import Compartment, Member, Name, Reach, State
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation import announce, ledger, planned
from circlekeeper.foundation.action import action
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.vault import memberkeys, shredstore
from circlekeeper.foundation.vault.groupkeys import Scope
from circlekeeper.foundation.vault.records import ScopeKey
from circlekeeper.foundation.vault.ring import KeyRing, NoGrant


@dataclass(frozen=True, slots=True)
class Prepared:
    """A record sealed and ready to be saved; its secrets already stand in the shred store."""

    member: Member
    compartments: tuple[Compartment, ...]
    reach: Reach | None


def prepare(
    *,
    group_id: str,
    fields: Mapping[str, dict[str, Any]],
    holder: bytes | None,
    now: datetime,
    check_again: Mapping[str, date] | None = None,
    state: str = State.APPLIED,
    reachable: bool = True,
) -> Prepared:
    """Seal a new record. Call it before the action; nothing is saved but the secrets.

    ``fields``: compartment name -> what it holds; alias and contact at least. ``holder``: the member's raw key.
    ``check_again``: by compartment, the day its answers are to be asked again. ``reachable``: whether they agreed that what
    they said about being reached is used; without it no letter can rest on it.
    """
    member_id, on = new_id(), rows.local_day(group_id, now)
    due = safeguards.due_on(group_id=group_id, record=sealing.ROSTER, start=on)
    secrets = _secrets(group_id, fields, now)
    publics = sealing.publics(group_id, fields)
    compartments = tuple(
        sealing.sealed(
            member_id=member_id,
            group_id=group_id,
            name=name,
            fields=held,
            public=publics[sealing.SCOPES[name]],
            secret=secrets.of(name),
            holder=holder,
            on=on,
            check_again_on=_check_again(name, held, (check_again or {}).get(name), on),
            # Until somebody decides, an application lives no longer than a member's record would.
            due_on=due if name in sealing.OWN_SECRET else None,
        )
        for name, held in fields.items()
    )
    said = rules.SafeContact.from_fields(fields.get(Name.CONTACT, {}))
    return Prepared(
        _member(member_id, group_id, state, holder, secrets.member.id, on, due),
        compartments,
        reaching.made(member_id=member_id, group_id=group_id, contact=said) if reachable else None,
    )


def _check_again(name: str, held: dict[str, Any], again: date | None, on: date) -> date | None:
    """The day a part is asked again. An emergency record that would not help tonight gets none, so it counts as missing."""
    if name != Name.EMERGENCY:
        return again
    said = {key: str(value) for key, value in held.items()}
    return again if rules.emergency_usable(said, check_again_on=again, today=on) else None


def _secrets(group_id: str, names: Mapping[str, object], now: datetime) -> sealing.Secrets:
    apart = [name for name in names if name in sealing.SECRETS]
    member = shredstore.new_secret(record=sealing.ROSTER, group_id=group_id, now=now)
    return sealing.Secrets(
        member,
        {name: shredstore.new_secret(record=sealing.SECRETS[name], group_id=group_id, now=now) for name in apart},
    )


def _member(
    member_id: str, group_id: str, state: str, holder: bytes | None, secret_id: str, on: date, due: date
) -> Member:
    return Member(
        pk=member_id,
        group_id=group_id,
        state=state,
        key_lookup=memberkeys.lookup(holder) if holder else None,
        letterbox=sealing.letterbox_of(holder) if holder else None,
        secret_id=secret_id,
        applied_on=on,
        due_on=due,
    )


@action("roster.member.enrol")
def enrol(*, by: str, prepared: Prepared, now: datetime) -> str:
    """Save a prepared record; returns the member's id."""
    planned.insert([prepared.member])
    planned.insert(prepared.compartments)
    if prepared.reach is not None:
        planned.insert([prepared.reach])
    ledger.record(by=by, about=prepared.member.pk, at=now)
    return prepared.member.pk


def admit(*, by: str, ring: KeyRing, group_id: str, member_id: str, now: datetime) -> None:
    """Make an applicant a member and their record quick to open.

    :raises NotHere: nobody of this id is waiting here.
    """
    wraps = _settled_wraps(ring, group_id, member_id)
    _admit(by=by, group_id=group_id, member_id=member_id, wraps=wraps, now=now)


def _settled_wraps(ring: KeyRing, group_id: str, member_id: str) -> dict[str, bytes]:
    """New wraps by compartment id, for the scopes this ring opens; the others stay as they are."""
    found = list(Compartment.objects.filter(member_id=member_id, group_id=group_id))
    secrets = shredstore.secrets({row.secret_id for row in found})
    wraps = {}
    for row in found:
        key = _scope_key(ring, group_id, sealing.SCOPES[row.name])
        if key is not None and row.secret_id in secrets:
            sealing.settled(row, key=key, secret=secrets[row.secret_id])
            wraps[row.pk] = bytes(row.wrap)
    return wraps


def _scope_key(ring: KeyRing, group_id: str, scope: Scope) -> ScopeKey | None:
    try:
        return ring.scope_key(group_id, scope)
    except NoGrant:
        return None


@action("roster.member.admit")
def _admit(*, by: str, group_id: str, member_id: str, wraps: Mapping[str, bytes], now: datetime) -> None:
    found = rows.member(group_id, member_id, states=(State.APPLIED,))
    on = rows.local_day(group_id, now)
    found.state, found.joined_on, found.due_on = State.MEMBER, on, None
    found.save(update_fields=["state", "joined_on", "due_on"])
    for pk, wrap in wraps.items():
        Compartment.objects.filter(pk=pk).update(wrap=wrap)
    rows.date_compartments(member_id, group_id, None)
    _date_intake(member_id, group_id, on)
    announce.announce(events.MemberJoined(group_id, member_id), now=now)
    ledger.record(by=by, about=member_id, at=now)


def _date_intake(member_id: str, group_id: str, decided_on: date) -> None:
    """Answers from joining have served their purpose once it is decided (REG7)."""
    due = safeguards.due_on(group_id=group_id, record="intake", start=decided_on)
    Compartment.objects.filter(member_id=member_id, name=Name.INTAKE).update(due_on=due)


@action("roster.member.decline")
def decline(*, by: str, group_id: str, member_id: str, now: datetime) -> None:
    """Turn an applicant down; the whole record dies on the short clock of applications."""
    found = rows.member(group_id, member_id, states=(State.APPLIED,))
    on = rows.local_day(group_id, now)
    due = safeguards.due_on(group_id=group_id, record="intake", start=on)
    found.state, found.left_on, found.due_on = State.DECLINED, on, due
    found.save(update_fields=["state", "left_on", "due_on"])
    Compartment.objects.filter(member_id=member_id, name__in=list(sealing.OWN_SECRET)).update(due_on=due)
    ledger.record(by=by, about=member_id, at=now)


@action("roster.member.confirm")
def confirm_invited(*, by: str, group_id: str, now: datetime) -> None:
    """Someone who was brought along in a list said yes themselves. ``by`` is the member.

    :raises NotHere: they are not waiting to be asked.
    """
    found = rows.member(group_id, by, states=(State.INVITED,))
    found.state, found.joined_on, found.due_on = State.MEMBER, rows.local_day(group_id, now), None
    found.save(update_fields=["state", "joined_on", "due_on"])
    rows.date_compartments(by, group_id, None)
    announce.announce(events.MemberJoined(group_id, by), now=now)
    ledger.record(by=by, about=by, at=now)
