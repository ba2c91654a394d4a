"""Reading what is sealed about others, and reading who read it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from circlekeeper.areas.roster import sealing
from circlekeeper.areas.roster.models import Compartment, Member, Name, Opening, State
from circlekeeper.areas.roster.rules import SafeContact
from circlekeeper.foundation import ledger, reveal
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.ledger import queries as log
from circlekeeper.foundation.vault import records, shredstore
from circlekeeper.foundation.vault.envelope import SealBroken
from circlekeeper.foundation.vault.groupkeys import Scope
from circlekeeper.foundation.vault.ring import KeyRing

_LOOKS = tuple(f"roster.{name}.open" for name in Name.values)
_BEGIN = "roster.opening.begin"
_VERBS = (
    "agreements.signature.open",
    *_LOOKS,
    _BEGIN,
    "roster.export.take",
    *(f"{verb}.denied" for verb in _LOOKS),
)


@dataclass(frozen=True, slots=True)
class OpeningFacts:
    """One opening as staff see it; the reason stays sealed unless ``reason`` was opened with it."""

    id: str
    member_id: str
    name: str
    by: str
    opened_at: datetime
    expires_at: datetime
    silent_until: date | None
    silence_asked_by: str
    silence_agreed_by: str
    seen_on: date | None


@dataclass(frozen=True, slots=True)
class OpenedLine:
    """One line a member reads about their own record: its number in the log, when, what, and the reason if told.

    ``begun``: the line in which the reason was given; the others are looks under it. ``fresh``: it belongs to an opening
    they have not said they read about.
    """

    number: int
    at: datetime
    by: str
    name: str
    refused: bool
    reason: str
    opening_id: str
    fresh: bool
    begun: bool = False


def live_opening(*, by: str, group_id: str, member_id: str, name: str, now: datetime) -> OpeningFacts | None:
    """The opening under which this person may read this part now, if there is one."""
    rows = Opening.objects.filter(
        group_id=group_id, member_id=member_id, name=name, by=by, opened_at__lte=now, expires_at__gt=now
    )
    found = rows.order_by("-opened_at").first()
    return None if found is None else _facts(found)


def opened(*, by: str, about: str, now: datetime, ring: KeyRing, group_id: str, name: str) -> dict[str, Any]:
    """One part of one member's record (``about``), under a live opening. Every call is a line in the log.

    :raises Refused: no live opening, or the ring lacks the key; the refusal is logged.
    :raises LogUnavailable: the line could not be written. :raises NotHere: there is no such part, or it is forgotten.
    """
    verb = f"roster.{name}.open"
    if live_opening(by=by, group_id=group_id, member_id=about, name=name, now=now) is None:
        reveal.denied(verb, by=by, about=about, at=now)
        raise Refused("Say first why you open it. An opening lasts one hour.")
    if not ring.can(group_id, sealing.SCOPES[name]):
        reveal.denied(verb, by=by, about=about, at=now)
        raise Refused("Your keys do not open this. Ask someone who holds the keys of this group.")
    look = reveal.reveal(verb)(_part)
    return look(by=by, about=about, now=now, ring=ring, group_id=group_id, name=name)


def _part(*, by: str, about: str, now: datetime, ring: KeyRing, group_id: str, name: str) -> dict[str, Any]:
    row = Compartment.objects.filter(member_id=about, group_id=group_id, name=name).first()
    if row is None:
        raise NotHere
    secrets = shredstore.secrets([row.secret_id])
    if row.secret_id not in secrets:
        raise NotHere
    return sealing.opened(row, ring=ring, secret=secrets[row.secret_id])


def check_again_on(*, group_id: str, member_id: str, name: str) -> date | None:
    """Until when a part of a record counts as right; None when it never did. A date, nothing of what it says."""
    rows = Compartment.objects.filter(member_id=member_id, group_id=group_id, name=name)
    return rows.values_list("check_again_on", flat=True).first()


def who_told_needs(group_id: str) -> list[tuple[str, date]]:
    """The members who wrote down what helps them, by id, each with the day; for the access lead's page alone."""
    states = (State.APPLIED, State.MEMBER, State.PAUSED)
    rows = Compartment.objects.filter(group_id=group_id, name=Name.ACCESS, member__state__in=states)
    return list(rows.order_by("updated_on", "pk").values_list("member_id", "updated_on"))


@reveal.reveal("roster.contacts.open")
def contacts(
    *, by: str, about: str, now: datetime, ring: KeyRing, only: Collection[str] | None = None
) -> dict[str, dict[str, Any]]:
    """How each active member of a group (``about``) may be reached, in three queries. One line in the log.

    ``only``: these people instead, whatever their state.

    :raises NoGrant: the ring does not hold the roster's key.
    """
    rows = Compartment.objects.filter(member__state=State.MEMBER)
    if only is not None:
        rows = Compartment.objects.filter(member_id__in=list(only))
    return _contacts(about, ring, rows)


@reveal.reveal("roster.contacts.lend")
def contacts_of(
    *, by: str, about: str, now: datetime, ring: KeyRing, member_ids: Iterable[str] | None = None
) -> dict[str, SafeContact]:
    """The words of these people of a group (``about``) on being reached, for letters; without ids, of whoever takes part.

    No person sees them: they go from one seal into another. One line in the log.

    :raises NoGrant: the ring does not hold the roster's key.
    """
    rows = Compartment.objects.filter(member__state=State.MEMBER)
    if member_ids is not None:
        rows = Compartment.objects.filter(member_id__in=list(member_ids))
    return {member: SafeContact.from_fields(held) for member, held in _contacts(about, ring, rows).items()}


def _contacts(group_id: str, ring: KeyRing, rows: QuerySet[Compartment]) -> dict[str, dict[str, Any]]:
    key = ring.scope_key(group_id, Scope.ROSTER)
    found = list(
        rows.filter(group_id=group_id, name=Name.CONTACT).values_list("member_id", "secret_id", "blob", "wrap")
    )
    secrets = shredstore.secrets({secret for _, secret, _, _ in found})
    opened_now = {}
    for member, secret, blob, wrap in found:
        if secret in secrets:
            place = sealing.place(member, Name.CONTACT, group_id)
            opened_now[member] = records.open_for_group(
                bytes(blob), bytes(wrap), key=key, secret=secrets[secret], place=place
            )
    return opened_now


def openings_of_group(group_id: str, *, limit: int = 50) -> list[OpeningFacts]:
    """The latest openings in a group, newest first; for the other leaders."""
    return [_facts(row) for row in Opening.objects.filter(group_id=group_id).order_by("-opened_at", "pk")[:limit]]


def who_opened(*, member_id: str, group_id: str, holder: bytes, now: datetime) -> list[OpenedLine]:
    """Who opened this member's record, newest first, as far as the member may know it now."""
    secret_id = Member.objects.filter(pk=member_id, group_id=group_id).values_list("secret_id", flat=True).first()
    if secret_id is None:
        raise NotHere
    rows = list(Opening.objects.filter(member_id=member_id).order_by("opened_at"))
    secret = shredstore.secrets([secret_id]).get(secret_id, b"")
    reasons = {row.pk: _reason(row, holder, secret) for row in rows}
    found = []
    for line in log.entries_about(member_id, verbs=_VERBS):
        row = _opening_behind(rows, line)
        if row is not None and _silent(row, now):
            continue
        refused = line.verb.endswith(".denied")
        # Where a line belongs to no opening, the verb still says which part was asked for.
        name = row.name if row is not None else line.verb.split(".")[1]
        reason = reasons[row.pk] if row is not None and not refused else ""
        fresh = row is not None and row.seen_on is None and not refused
        opening_id = row.pk if row is not None else ""
        begun = line.verb == _BEGIN
        found.append(OpenedLine(line.number, line.at, line.by, name, refused, reason, opening_id, fresh, begun))
    return found


def proof_of_opening(
    *, member_id: str, group_id: str, holder: bytes, number: int, now: datetime
) -> ledger.Line | dict[str, object]:
    """The proof that one line of ``who_opened`` stands in the log; a document anybody can check offline.

    :raises NotHere: this is no line this member may see.
    """
    lines = who_opened(member_id=member_id, group_id=group_id, holder=holder, now=now)
    if number not in {line.number for line in lines}:
        raise NotHere
    return ledger.proof_document(number, now=now)


def _silent(row: Opening, now: datetime) -> bool:
    return bool(row.silence_agreed_by) and row.silent_until is not None and now.date() < row.silent_until


def _opening_behind(rows: Iterable[Opening], line: log.LedgerLine) -> Opening | None:
    fitting = [row for row in rows if row.by == line.by and row.opened_at <= line.at <= row.expires_at]
    part = line.verb.split(".")[1]
    named = [row for row in fitting if row.name == part]
    behind = named or (fitting if part == "opening" else [])
    return behind[-1] if behind else None


def _reason(row: Opening, holder: bytes, secret: bytes) -> str:
    if not row.told_blob or not secret:
        return ""
    try:
        told = sealing.told(
            holder=holder,
            secret=secret,
            opening_id=row.pk,
            group_id=row.group_id,
            blob=bytes(row.told_blob),
            wrap=bytes(row.told_wrap),
        )
    except SealBroken:
        return ""
    return str(told.get("reason", ""))


def _facts(row: Opening) -> OpeningFacts:
    return OpeningFacts(
        id=row.pk,
        member_id=row.member_id,
        name=row.name,
        by=row.by,
        opened_at=row.opened_at,
        expires_at=row.expires_at,
        silent_until=row.silent_until,
        silence_asked_by=row.silence_asked_by,
        silence_agreed_by=row.silence_agreed_by,
        seen_on=row.seen_on,
    )
