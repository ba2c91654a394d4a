"""The certificate for somebody who was forgotten at their own wish."""

from collections.abc import Collection
from datetime import datetime

from circlekeeper.areas.retention import rules
from circlekeeper.areas.retention.actions.running import COPIES_LIVE
from circlekeeper.areas.retention.models import Certificate, Run
from circlekeeper.foundation import ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.ids import new_id


@action("retention.forgotten.certify")
def certify_forgotten(*, by: str, group_id: str, secrets: Collection[str], now: datetime) -> str:
    """Certify that one person's secrets are gone from the shred store; returns the certificate's number.

    It is a run of one: backups and drills treat it like any other. It names nobody; the person keeps the number.
    """
    run = Run.objects.create(pk=new_id(), as_of=now, started_at=now, finished_at=now, due=1, destroyed=1)
    made = Certificate.objects.create(
        pk=new_id(),
        run=run,
        group_id=group_id,
        record="roster",
        method="key-shred",
        count=1,
        keys_destroyed=len(secrets),
        keys_digest=rules.digest(secrets),
        destroyed_at=now,
        copies_gone_on=(now + COPIES_LIVE).date(),
    )
    ledger.record(by=by, about=made.pk, at=now)
    return made.pk
