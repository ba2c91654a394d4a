"""The only writers of this room."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.incidents import rules, sealing
from circlekeeper.areas.incidents.models import Happening
from circlekeeper.areas.incidents.rules import Kind
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation import ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.vault import groupkeys, records, shredstore
from circlekeeper.foundation.vault.groupkeys import Scope
from circlekeeper.foundation.vault.records import SealedRecord

RECORD = "incidents"


def draft(*, by: str, group_id: str, meeting_id: str, kind: str, words: str, now: datetime) -> str:
    """Write down that something happened; returns the draft's id (INC4).

    ``kind`` is one of ``rules.Kind``. ``by`` is a person of the team, or ``system``: then ``words`` say what was seen and
    nobody's name. ``meeting_id`` and ``words`` may be empty: under stress the kind alone is worth keeping. The words are
    sealed at once; whoever writes them needs no key.

    :raises NotHere: no such kind. :raises Refused: too many words.
    """
    if kind not in list(Kind):
        raise NotHere
    said = words.strip()
    if len(said) > rules.LONGEST:
        raise Refused(_("Say it shorter. A page is enough for now."), field="words")
    draft_id = new_id()
    secret = shredstore.new_secret(record=RECORD, group_id=group_id, now=now)
    sealed = records.seal_for_group(
        {"words": said},
        public=groupkeys.public_key(group_id, Scope.ROSTER),
        secret=secret.value,
        place=sealing.draft_place(draft_id, group_id),
    )
    row = Happening(pk=draft_id, group_id=group_id, meeting_id=meeting_id, kind=kind, secret_id=secret.id)
    return _draft(by=by, row=row, sealed=sealed, now=now)


@action("incidents.draft.write")
def _draft(*, by: str, row: Happening, sealed: SealedRecord, now: datetime) -> str:
    row.by, row.at, row.blob, row.wrap = by, now, sealed.blob, sealed.wrap
    row.due_on = _due(row.group_id, now)
    row.save(force_insert=True)
    ledger.record(by=by, about=row.pk, at=now)
    return row.pk


@action("incidents.draft.settle")
def settle_draft(*, by: str, group_id: str, draft_id: str, now: datetime) -> None:
    """It was dealt with: it waits for nobody any more, and its time counts from today.

    :raises NotHere: there is none of this id that waits.
    """
    row = (
        Happening.objects.select_for_update()
        .filter(pk=draft_id, group_id=group_id, settled_at__isnull=True)
        .first()
    )
    if row is None:
        raise NotHere
    row.settled_at, row.due_on = now, _due(group_id, now)
    row.save(update_fields=["settled_at", "due_on"])
    ledger.record(by=by, about=row.pk, at=now)


def _due(group_id: str, now: datetime) -> date:
    today = now.astimezone(groups.group(group_id).zone).date()
    return safeguards.due_on(group_id=group_id, record=RECORD, start=today)
