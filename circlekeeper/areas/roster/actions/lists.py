"""Bringing along a list of people: a sealed draft, then everyone at once or nobody."""

import json
import secrets
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from circlekeeper.areas.roster import events, rules, sealing
from circlekeeper.areas.roster.actions import rows
from circlekeeper.areas.roster.models import BroughtList, Compartment, ListDraft, Member, Name, State
from circlekeeper.areas.roster.rules import SafeContact
from circlekeeper.areas.roster.rules.lists import Listed
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation import announce, ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.vault import envelope, shredstore
from circlekeeper.foundation.vault.ring import KeyRing

_AT_ONCE = 500


def keep_draft(*, by: str, ring: KeyRing, group_id: str, content: dict[str, Any], now: datetime) -> str:
    """Keep a list between two pages, sealed; the uploader's earlier drafts go. Returns the draft's id."""
    draft_id = new_id()
    plain = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    sealed = envelope.seal(sealing.draft_key(ring, draft_id), plain, sealing.draft_place(draft_id, group_id))
    _keep(by=by, group_id=group_id, draft_id=draft_id, sealed=sealed, now=now)
    return draft_id


@action("roster.list.draft")
def _keep(*, by: str, group_id: str, draft_id: str, sealed: bytes, now: datetime) -> None:
    ListDraft.objects.filter(person_id=by, group_id=group_id).delete()
    ListDraft.objects.create(pk=draft_id, group_id=group_id, person_id=by, sealed=sealed, made_at=now)
    ledger.record(by=by, about=group_id, at=now)


@action("roster.list.drop")
def drop_draft(*, by: str, group_id: str, now: datetime) -> None:
    """Throw a draft away."""
    ListDraft.objects.filter(person_id=by, group_id=group_id).delete()
    ledger.record(by=by, about=group_id, at=now)


def bring_list(
    *,
    by: str,
    ring: KeyRing,
    group_id: str,
    draft_id: str,
    people: Sequence[Listed],
    taken: frozenset[str],
    layout: str,
    now: datetime,
) -> str:
    """Make every person of a list an invited member, all or nobody; returns the list's id.

    Nobody is contacted: their contact says "not asked". ``taken``: skeletons of names in use (``rules.skeleton``).

    :raises NotHere: the draft is gone; the list was brought in already, perhaps by a second press of the button.
    """
    sealed = _Sealer(ring, group_id, len(people), now)
    used = set(taken)
    made = [sealed.record(_named(each, used), each) for each in people]
    return _bring(
        by=by,
        group_id=group_id,
        draft_id=draft_id,
        members=[member for member, _ in made],
        compartments=[part for _, parts in made for part in parts],
        layout=layout,
        now=now,
    )


def _named(person: Listed, used: set[str]) -> str:
    name = person.name
    if not name or rules.skeleton(name) in used:
        name = rules.fresh_alias(used, pick=secrets.choice)
    used.add(rules.skeleton(name))
    return name


class _Sealer:
    """Seals the records of one list, with one look at keys and one write of secrets."""

    def __init__(self, ring: KeyRing, group_id: str, count: int, now: datetime) -> None:
        self.group_id = group_id
        self.on = rows.local_day(group_id, now)
        self.due: date = safeguards.due_on(group_id=group_id, record=sealing.ROSTER, start=self.on)
        self.secrets = iter(shredstore.new_secrets(2 * count, record=sealing.ROSTER, group_id=group_id, now=now))
        self.keys = {name: ring.scope_key(group_id, sealing.SCOPES[name]) for name in (Name.ALIAS, Name.CONTACT)}

    def record(self, alias: str, person: Listed) -> tuple[Member, list[Compartment]]:
        """One invited member with alias and contact."""
        secret, apart, member_id = next(self.secrets), next(self.secrets), new_id()
        contact = SafeContact(channel=person.channel, address=person.address).as_fields()
        member = Member(
            pk=member_id,
            group_id=self.group_id,
            state=State.INVITED,
            secret_id=secret.id,
            applied_on=self.on,
            due_on=self.due,
        )
        parts = [
            self._part(member_id, Name.ALIAS, {"alias": alias}, secret),
            self._part(member_id, Name.CONTACT, contact, apart),
        ]
        return member, parts

    def _part(
        self, member_id: str, name: str, fields: dict[str, Any], secret: shredstore.NewSecret
    ) -> Compartment:
        return sealing.sealed_by(
            self.keys[Name(name)],
            member_id=member_id,
            group_id=self.group_id,
            name=name,
            fields=fields,
            secret=secret,
            on=self.on,
        )


@action("roster.list.bring")
def _bring(
    *,
    by: str,
    group_id: str,
    draft_id: str,
    members: Sequence[Member],
    compartments: Sequence[Compartment],
    layout: str,
    now: datetime,
) -> str:
    # Deleting the draft is the lock: of two presses of one button, one finds it gone.
    if not ListDraft.objects.filter(pk=draft_id, person_id=by, group_id=group_id).delete()[0]:
        raise NotHere
    Member.objects.bulk_create(members, batch_size=_AT_ONCE)
    Compartment.objects.bulk_create(compartments, batch_size=_AT_ONCE)
    made = BroughtList.objects.create(
        pk=new_id(), group_id=group_id, layout=layout, people=len(members), by=by, at=now
    )
    announce.announce(events.ListBrought(group_id, made.pk), now=now)
    ledger.record_many(
        [
            ledger.Line(by, made.pk, now, "roster.list.bring"),
            *(ledger.Line(by, member.pk, now, "roster.member.enrol") for member in members),
        ]
    )
    return made.pk


@action("roster.list.file-gone")
def say_file_gone(*, by: str, group_id: str, list_id: str, now: datetime) -> None:
    """A person says that the file a list came from is destroyed, everywhere they had it (an attestation)."""
    found = BroughtList.objects.select_for_update().filter(pk=list_id, group_id=group_id).first()
    if found is None:
        raise NotHere
    if not found.file_gone_by:
        found.file_gone_by, found.file_gone_at = by, now
        found.save(update_fields=["file_gone_by", "file_gone_at"])
    ledger.record(by=by, about=list_id, at=now)
