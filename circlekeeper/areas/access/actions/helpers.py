"""Interpreters and people who write captions: they promise first, then they are put on meetings (ACC1)."""

from datetime import datetime

from django.utils.translation import gettext as _

from circlekeeper.areas.access import sources
from circlekeeper.areas.access.models import Coming, Helper, HelperKind
from circlekeeper.areas.access.queries.helpers import helper_place
from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation import ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.vault import groupkeys, records, shredstore
from circlekeeper.foundation.vault.groupkeys import Scope
from circlekeeper.foundation.vault.records import SealedRecord

RECORD = "helpers"


def list_helper(*, by: str, group_id: str, kind: str, name: str, reach: str, now: datetime) -> str:
    """List somebody; who they are is sealed for the access lead. Returns their id here.

    :raises Refused: no kind of the list, no name, or no way to reach them.
    """
    if kind not in HelperKind.values:
        raise Refused(_("Choose what they do."), field="kind")
    if not name.strip() or not reach.strip():
        raise Refused(_("Write who they are and how you reach them."), field="name")
    helper_id = new_id()
    secret = shredstore.new_secret(record=RECORD, group_id=group_id, now=now)
    sealed = records.seal_for_group(
        {"name": name.strip(), "reach": reach.strip()},
        public=groupkeys.public_key(group_id, Scope.ACCESS),
        secret=secret.value,
        place=helper_place(helper_id, group_id),
    )
    _list(by=by, group_id=group_id, helper_id=helper_id, kind=kind, secret_id=secret.id, sealed=sealed, now=now)
    return helper_id


@action("access.helper.list")
def _list(
    *, by: str, group_id: str, helper_id: str, kind: str, secret_id: str, sealed: SealedRecord, now: datetime
) -> None:
    today = now.astimezone(groups.group(group_id).zone).date()
    Helper.objects.create(
        pk=helper_id,
        group_id=group_id,
        kind=kind,
        secret_id=secret_id,
        blob=sealed.blob,
        wrap=sealed.wrap,
        due_on=safeguards.due_on(group_id=group_id, record=RECORD, start=today),
    )
    ledger.record(by=by, about=helper_id, at=now)


@action("access.helper.promise")
def note_promise(*, by: str, group_id: str, helper_id: str, now: datetime) -> None:
    """Note that a helper heard the promise and said yes to it.

    :raises NotHere: nobody of this id is listed.
    """
    found = _listed(group_id, helper_id)
    found.promised_on = now.astimezone(groups.group(group_id).zone).date()
    found.save(update_fields=["promised_on"])
    ledger.record(by=by, about=helper_id, at=now)


@action("access.helper.place")
def place_helper(*, by: str, group_id: str, helper_id: str, meeting_id: str, now: datetime) -> None:
    """Put a helper on a meeting to come. Twice is once.

    :raises NotHere: nobody of this id is listed, or there is no such meeting. :raises Refused: they have not promised yet.
    """
    found = _listed(group_id, helper_id)
    meeting = next((each for each in sources.meetings(group_id, now) if each.id == meeting_id), None)
    if meeting is None:
        raise NotHere
    if found.promised_on is None:
        raise Refused(_("First read them the promise and note their yes."))
    Coming.objects.get_or_create(
        helper=found,
        meeting_id=meeting_id,
        defaults={"pk": new_id(), "group_id": group_id, "starts_at": meeting.starts_at},
    )
    ledger.record(by=by, about=meeting_id, at=now)


@action("access.helper.take-off")
def take_off_helper(*, by: str, group_id: str, helper_id: str, meeting_id: str, now: datetime) -> None:
    """A helper does not come to a meeting after all. Twice is once."""
    Coming.objects.filter(group_id=group_id, helper_id=helper_id, meeting_id=meeting_id).delete()
    ledger.record(by=by, about=meeting_id, at=now)


def drop_helper(*, by: str, group_id: str, helper_id: str, now: datetime) -> None:
    """Take somebody off the list and every meeting; who they were cannot be read any more, in no backup either.

    :raises NotHere: nobody of this id is listed.
    """
    secret_id = _drop(by=by, group_id=group_id, helper_id=helper_id, now=now)
    shredstore.shred([secret_id], now=now)


@action("access.helper.drop")
def _drop(*, by: str, group_id: str, helper_id: str, now: datetime) -> str:
    found = _listed(group_id, helper_id)
    secret_id = found.secret_id
    found.delete()
    ledger.record(by=by, about=helper_id, at=now)
    return secret_id


def _listed(group_id: str, helper_id: str) -> Helper:
    found = Helper.objects.select_for_update().filter(pk=helper_id, group_id=group_id).first()
    if found is None:
        raise NotHere
    return found
