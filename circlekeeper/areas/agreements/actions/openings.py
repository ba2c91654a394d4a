"""Opening a signed copy: the reason first, a line in the log first, then the key, for one hour; and printing it (CNF2)."""

from datetime import datetime, timedelta

from django.db import DatabaseError
from django.utils.translation import gettext as _

from circlekeeper.areas.agreements import copies, paper
from circlekeeper.areas.agreements.models import CopyOpening, CopyPrint, CopyReason, Pledge
from circlekeeper.areas.agreements.queries.copies import CopyFacts, reason_place, signed_pledge
from circlekeeper.areas.agreements.queries.documents import document
from circlekeeper.foundation import ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.reveal import LogUnavailable
from circlekeeper.foundation.vault import groupkeys, records, shredstore
from circlekeeper.foundation.vault.groupkeys import Scope
from circlekeeper.foundation.vault.records import SealedRecord

OPEN_FOR = timedelta(hours=1)
SENTENCE = (10, 400)


def open_copy(*, by: str, group_id: str, member_id: str, reason: str, sentence: str, now: datetime) -> str:
    """Write down who opens a member's signed copy and why; it may then be read for one hour (``queries.signed_copy``).

    :raises Refused: no reason of the list, or no sentence. :raises NotHere: there is no signed copy, or it is forgotten.
    :raises LogUnavailable: nothing could be written, so nothing is opened.
    """
    if reason not in CopyReason.values:
        raise Refused(_("Choose why you open it."), field="reason")
    if not SENTENCE[0] <= len(sentence.strip()) <= SENTENCE[1]:
        raise Refused(_("Say in one sentence why you open it."), field="sentence")
    pledge = signed_pledge(group_id, member_id)
    if pledge is None:
        raise NotHere
    try:
        secret = shredstore.secret(pledge.secret_id)
    except shredstore.Shredded:
        raise NotHere from None
    opening_id = new_id()
    sealed = records.seal_for_group(
        {"sentence": sentence.strip()},
        public=groupkeys.public_key(group_id, Scope.ROSTER),
        secret=secret,
        place=reason_place(opening_id, group_id),
    )
    try:
        _begin(by=by, pledge=pledge, opening_id=opening_id, reason=reason, sealed=sealed, now=now)
    except DatabaseError as failure:
        raise LogUnavailable from failure
    return opening_id


@action("agreements.copy.begin")
def _begin(*, by: str, pledge: Pledge, opening_id: str, reason: str, sealed: SealedRecord, now: datetime) -> None:
    CopyOpening.objects.create(
        pk=opening_id,
        pledge=pledge,
        group_id=pledge.group_id,
        by=by,
        reason=reason,
        blob=sealed.blob,
        wrap=sealed.wrap,
        opened_at=now,
        expires_at=now + OPEN_FOR,
    )
    ledger.record(by=by, about=pledge.member_id, at=now, detail=sealed.blob)


def print_copy(*, by: str, copy: CopyFacts, now: datetime) -> bytes:
    """The signed copy as a tagged PDF. Its mark is remembered, so that anyone can check the file later."""
    text = document(copy.document_id)
    foot = paper.foot(version=text.version, published_at=text.published_at, mark=text.mark)
    made = copies.printed(
        text.sections, foot=foot, name=copy.name, code=copy.code, at=copy.signed_at, lang=text.locale
    )
    mark = copies.file_mark(copy.code, made)
    if not CopyPrint.objects.filter(pledge_id=copy.pledge_id, file_mark=mark).exists():
        _remember(by=by, copy=copy, mark=mark, now=now)
    return made


@action("agreements.copy.print")
def _remember(*, by: str, copy: CopyFacts, mark: bytes, now: datetime) -> None:
    CopyPrint.objects.bulk_create(
        [CopyPrint(pk=new_id(), pledge_id=copy.pledge_id, file_mark=mark)], ignore_conflicts=True
    )
    ledger.record(by=by, about=copy.member_id, at=now)
