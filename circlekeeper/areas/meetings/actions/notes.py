"""A private note to a member whose behaviour broke what was agreed: the step it is, and words, for their eyes."""

from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext as _

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.meetings import rules, sealing
from circlekeeper.areas.meetings.models import NormNote
from circlekeeper.areas.roster import actions as roster_do
from circlekeeper.areas.roster import queries as roster
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation import ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.vault import groupkeys, records, shredstore
from circlekeeper.foundation.vault.groupkeys import Scope
from circlekeeper.foundation.vault.ring import KeyRing

RECORD = "messages"
_HERE = ("member", "paused")


class Reached(StrEnum):
    """How the member learns that there is something to read."""

    LETTER = "letter"  # a neutral letter, in the way they chose
    BY_HAND = "by-hand"  # they chose another way: a person of the team reaches them
    OWN_PAGE = "own-page"  # when they next open their own page


def send_note(
    *, by: str, ring: KeyRing, group_id: str, member_id: str, step: str, words: str, now: datetime
) -> Reached:
    """Put a note on a member's own page: one of ``rules.STEPS`` and words, sealed for them and for those who lead (KIT3).

    Where the ring holds the roster's key they are told in their safe way that there is something to read; that letter says
    nothing of it.

    :raises NotHere: no such member or step. :raises Refused: no words, too many, or the member has no page of their own.
    """
    if step not in rules.STEPS or roster.member(group_id=group_id, member_id=member_id).state not in _HERE:
        raise NotHere
    said = words.strip()
    if not said or len(said) > rules.LONGEST_NOTE:
        raise Refused(_("Write a few sentences."), field="words")
    letterbox = roster.letterbox(group_id=group_id, member_id=member_id)
    if letterbox is None:
        raise Refused(_("This person has no key to a page of their own yet. Speak with them."), field="member_id")
    row = _sealed(group_id, member_id, {"step": step, "words": said}, letterbox, now)
    _send(by=by, row=row, now=now)
    if not ring.can(group_id, Scope.ROSTER):
        return Reached.OWN_PAGE
    told = roster_do.tell(
        by=by, ring=ring, group_id=group_id, member_ids=[member_id], occasion=f"note:{row.pk}", now=now
    )
    if member_id in told.by_letter:
        return Reached.LETTER
    return Reached.BY_HAND if member_id in told.by_hand else Reached.OWN_PAGE


def _sealed(group_id: str, member_id: str, fields: dict[str, str], letterbox: bytes, now: datetime) -> NormNote:
    note_id = new_id()
    secret = shredstore.new_secret(record=RECORD, group_id=group_id, now=now)
    place = sealing.note_place(note_id, group_id)
    public = groupkeys.public_key(group_id, Scope.ROSTER)
    ours = records.seal_for_group(fields, public=public, secret=secret.value, place=place)
    theirs = records.seal_for_group(
        fields, public=letterbox, secret=secret.value, place=sealing.told_place(note_id, group_id)
    )
    return NormNote(
        pk=note_id,
        group_id=group_id,
        member_id=member_id,
        secret_id=secret.id,
        blob=ours.blob,
        wrap=ours.wrap,
        told_blob=theirs.blob,
        told_wrap=theirs.wrap,
    )


@action("meetings.note.send")
def _send(*, by: str, row: NormNote, now: datetime) -> None:
    row.sent_on = now.astimezone(groups.group(row.group_id).zone).date()
    row.due_on = safeguards.due_on(group_id=row.group_id, record=RECORD, start=row.sent_on)
    row.save(force_insert=True)
    ledger.record(by=by, about=row.pk, at=now)
