"""Forgetting the days on which somebody came, because they were forgotten."""

from datetime import datetime

from circlekeeper.areas.meetings import sealing
from circlekeeper.areas.meetings.models import Attendance
from circlekeeper.foundation import ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.vault import envelope, kdf, shredstore


@action("meetings.attendance.forget")
def forget_days(*, by: str, group_id: str, member_id: str, now: datetime) -> int:
    """Delete the sealed attendance of one member, except days on hold; returns how many. The others' stay."""
    rows = list(Attendance.objects.filter(group_id=group_id))
    secrets = shredstore.secrets({row.secret_id for row in rows})
    keys = {each: kdf.derive(value, "bucket") for each, value in secrets.items()}
    free = keys.keys() - shredstore.held(keys, on=now.date())
    theirs = [row.pk for row in rows if row.secret_id in free and _is_of(row, keys[row.secret_id], member_id)]
    Attendance.objects.filter(pk__in=theirs).delete()
    ledger.record(by=by, about=member_id, at=now)
    return len(theirs)


def _is_of(row: Attendance, key: bytes, member_id: str) -> bool:
    place = sealing.attendance_place(row.pk, row.group_id)
    return envelope.unseal(key, bytes(row.sealed), place) == member_id.encode()
