"""Opening a sealed part of someone's record: reason first, line in the log first, then the key, for one hour."""

from datetime import date, datetime, timedelta

from django.db import DatabaseError
from django.utils.translation import gettext as _

from circlekeeper.areas.roster import events, sealing
from circlekeeper.areas.roster.actions import rows
from circlekeeper.areas.roster.models import Member, Name, Opening, OpeningReason
from circlekeeper.foundation import announce, ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.reveal import LogUnavailable
from circlekeeper.foundation.vault import groupkeys, records, shredstore
from circlekeeper.foundation.vault.groupkeys import Scope
from circlekeeper.foundation.vault.records import SealedRecord

OPEN_FOR = timedelta(hours=1)
SENTENCE = (10, 400)
LONGEST_SILENCE = timedelta(days=90)
_OPENABLE = (Name.CONTACT, Name.EMERGENCY, Name.INTAKE, Name.ACCESS)


def open_record(
    *, by: str, group_id: str, member_id: str, name: str, reason: str, sentence: str, now: datetime
) -> str:
    """Write down who opens what and why; the record may then be read for one hour (``queries.opened``).

    The sentence is sealed for the group under the member's secret, so that it dies with the member's record.

    :raises Refused: no reason of the list, or a sentence too short to mean anything or too long to be one.
    :raises LogUnavailable: nothing could be written, so nothing is opened; the paper kit is the way then.
    :raises NotHere: no such member.
    """
    _check(name, reason, sentence)
    member = Member.objects.filter(pk=member_id, group_id=group_id).first()
    if member is None:
        raise NotHere
    opening_id = new_id()
    try:
        secret = shredstore.secret(member.secret_id)
    except shredstore.Shredded:
        raise NotHere from None
    sealed_reason = records.seal_for_group(
        {"reason": reason, "sentence": sentence.strip()},
        public=groupkeys.public_key(group_id, Scope.ROSTER),
        secret=secret,
        place=sealing.reason_place(opening_id, group_id),
    )
    told = _told(member, secret, opening_id, reason)
    try:
        _begin(
            by=by,
            group_id=group_id,
            member_id=member_id,
            opening_id=opening_id,
            name=name,
            reason=sealed_reason,
            told=told,
            now=now,
        )
    except DatabaseError as failure:
        raise LogUnavailable from failure
    return opening_id


def _check(name: str, reason: str, sentence: str) -> None:
    if name not in _OPENABLE:
        raise NotHere
    if reason not in OpeningReason.values:
        raise Refused(_("Choose why you open it."), field="reason")
    if not SENTENCE[0] <= len(sentence.strip()) <= SENTENCE[1]:
        raise Refused(_("Say in one sentence why you open it."), field="sentence")


def _told(member: Member, secret: bytes, opening_id: str, reason: str) -> SealedRecord:
    """What the member reads about it: the reason from the list, not the sentence, which may speak of others."""
    if not member.letterbox:
        return SealedRecord(b"", b"")
    return sealing.tell(
        letterbox=bytes(member.letterbox),
        secret=secret,
        opening_id=opening_id,
        group_id=member.group_id,
        fields={"reason": reason},
    )


@action("roster.opening.begin")
def _begin(
    *,
    by: str,
    group_id: str,
    member_id: str,
    opening_id: str,
    name: str,
    reason: SealedRecord,
    told: SealedRecord,
    now: datetime,
) -> None:
    Opening.objects.create(
        pk=opening_id,
        member_id=member_id,
        group_id=group_id,
        name=name,
        by=by,
        opened_at=now,
        expires_at=now + OPEN_FOR,
        reason_blob=reason.blob,
        reason_wrap=reason.wrap,
        told_blob=told.blob,
        told_wrap=told.wrap,
    )
    announce.announce(events.RecordOpened(group_id, member_id, opening_id, by), now=now)
    ledger.record(by=by, about=member_id, at=now, detail=reason.blob)


@action("roster.silence.ask")
def ask_silence(*, by: str, group_id: str, opening_id: str, until: date, now: datetime) -> None:
    """Ask that the member is not told of an opening before a day, because telling would endanger someone.

    It counts only when a second person agrees; until then the member is told.

    :raises Refused: the day is past, or more than ninety days away.
    """
    found = _opening(group_id, opening_id)
    today = rows.local_day(group_id, now)
    if not today < until <= today + LONGEST_SILENCE:
        raise Refused(_("Choose a day within the next ninety days."), field="until")
    found.silence_asked_by, found.silent_until, found.silence_agreed_by = by, until, ""
    found.save(update_fields=["silence_asked_by", "silent_until", "silence_agreed_by"])
    ledger.record(by=by, about=found.member_id, at=now)


@action("roster.silence.agree")
def agree_silence(*, by: str, group_id: str, opening_id: str, now: datetime) -> None:
    """A second person agrees that telling the member would endanger someone until that day.

    :raises Refused: nobody asked, or the one who asked is this person.
    """
    found = _opening(group_id, opening_id)
    if not found.silence_asked_by:
        raise Refused(_("Nobody has asked for this."))
    if by in (found.silence_asked_by, found.by):
        raise Refused(
            _("Another person has to agree: not the one who asked, and not the one who opened the record.")
        )
    found.silence_agreed_by = by
    found.save(update_fields=["silence_agreed_by"])
    ledger.record(by=by, about=found.member_id, at=now)


@action("roster.opening.seen")
def mark_seen(*, by: str, group_id: str, opening_ids: list[str], now: datetime) -> None:
    """The member has read on their own page that these were opened. ``by`` is the member."""
    rows.member(group_id, by)
    Opening.objects.filter(pk__in=opening_ids, member_id=by, seen_on__isnull=True).update(
        seen_on=rows.local_day(group_id, now)
    )
    ledger.record(by=by, about=by, at=now)


def _opening(group_id: str, opening_id: str) -> Opening:
    found = Opening.objects.select_for_update().filter(pk=opening_id, group_id=group_id).first()
    if found is None:
        raise NotHere
    return found
