"""Taking out a list (DAT2): off unless the level allows it; a purpose, the fewest columns, two people, an end, once."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from circlekeeper.areas.roster.models import Export, ExportColumn, ExportPurpose, ExportReason, Member
from circlekeeper.areas.roster.queries.exports import IN_A_LIST, may_export
from circlekeeper.areas.safeguards.actions.pairs import two_people
from circlekeeper.foundation import ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.backup import faults, identity
from circlekeeper.foundation.errors import NotHere, Refused

LONGEST = timedelta(days=14)
TAKEN = "roster.export.take"


@action("roster.export.ask")
def ask_export(
    *,
    by: str,
    group_id: str,
    purpose: str,
    columns: Mapping[str, str],
    recipient: str,
    expires_at: datetime,
    now: datetime,
) -> str:
    """Ask to take out a list: what for, which columns and why each, for whose age key, until when. Returns its id.

    :raises Refused: this level takes out no lists, or something of it is missing or unknown.
    """
    if not may_export(group_id):
        raise Refused(_("At this level no list is taken out."))
    if purpose not in ExportPurpose.values:
        raise Refused(_("Choose what it is for."), field="purpose")
    if not columns or set(columns) - set(ExportColumn.values) or set(columns.values()) - set(ExportReason.values):
        raise Refused(_("Choose at least one column, and for each why it is needed."), field="")
    if not now < expires_at <= now + LONGEST:
        raise Refused(_("Choose a day within the next two weeks."), field="until")
    try:
        identity.recipient(recipient)
    except faults.BackupFailed:
        raise Refused(_("This is no age public key. It begins with age1."), field="recipient") from None
    row = Export.objects.create(
        group_id=group_id,
        purpose=purpose,
        columns=dict(columns),
        recipient=recipient.strip(),
        asked_by=by,
        asked_at=now,
        expires_at=expires_at,
    )
    ledger.record(by=by, about=row.pk, at=now)
    return row.pk


@action("roster.export.agree")
def agree_export(*, by: str, group_id: str, export_id: str, now: datetime) -> None:
    """Agree, as the second person, that this list is taken out.

    :raises Refused: the same person asked, neither is the privacy lead, or it is over. :raises NotHere: nothing waits.
    """
    row = _open(group_id, export_id, now)
    two_people(first=row.asked_by, second=by, group_id=group_id)
    row.agreed_by, row.agreed_at = by, now
    row.save(update_fields=["agreed_by", "agreed_at"])
    ledger.record(by=by, about=row.pk, at=now)


@action("roster.export.drop")
def drop_export(*, by: str, group_id: str, export_id: str, now: datetime) -> None:
    """Take the request back, or say no to it; anyone who may ask may do it.

    :raises NotHere: nothing waits.
    """
    row = _open(group_id, export_id, now)
    row.dropped_at = now
    row.save(update_fields=["dropped_at"])
    ledger.record(by=by, about=row.pk, at=now)


@action(TAKEN)
def begin_taking(*, by: str, group_id: str, export_id: str, now: datetime) -> None:
    """Use up the permission: from here on it was taken, whatever happens next. A line about each member in the list first.

    :raises Refused: nobody agreed, it is over, it was taken, another person asked, or the level changed since.
    """
    row = _open(group_id, export_id, now)
    if not may_export(group_id):
        raise Refused(_("At this level no list is taken out."))
    if row.asked_by != by:
        raise Refused(_("Only the person who asked for it can take it."))
    if row.agreed_at is None:
        raise Refused(_("A second person has to agree first."))
    ids = list(
        Member.objects.filter(group_id=group_id, state__in=IN_A_LIST).order_by("pk").values_list("pk", flat=True)
    )
    ledger.record(by=by, about=row.pk, at=now)
    ledger.record_many([ledger.Line(by, member_id, now, TAKEN, None) for member_id in ids])
    row.taken_at, row.people = now, len(ids)
    row.save(update_fields=["taken_at", "people"])


@action("roster.export.gone")
def say_export_gone(*, by: str, group_id: str, export_id: str, now: datetime) -> None:
    """Give one's word that every copy of a list is destroyed.

    :raises NotHere: it was never taken, or somebody has said so already.
    """
    row = Export.objects.filter(pk=export_id, group_id=group_id, taken_at__isnull=False, gone_by="").first()
    if row is None:
        raise NotHere
    row.gone_by, row.gone_at = by, now
    row.save(update_fields=["gone_by", "gone_at"])
    ledger.record(by=by, about=row.pk, at=now)


@action("roster.list.stop")
def note_paging(*, by: str, group_id: str, now: datetime) -> None:
    """Write down that somebody looked through more of a list than their work needs; the privacy lead reads it."""
    ledger.record(by=by, about=group_id, at=now)


def _open(group_id: str, export_id: str, now: datetime) -> Export:
    row = (
        Export.objects.select_for_update()
        .filter(pk=export_id, group_id=group_id, dropped_at__isnull=True, taken_at__isnull=True)
        .first()
    )
    if row is None:
        raise NotHere
    if row.expires_at <= now:
        raise Refused(_("Its time is over. Ask again."))
    return row
