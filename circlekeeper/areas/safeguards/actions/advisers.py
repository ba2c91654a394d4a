"""What an adviser said about a group's profile: by name, with a date, until the profile changes."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.translation import gettext as _

from circlekeeper.areas.safeguards import sealing
from circlekeeper.areas.safeguards.actions.attestations import attest
from circlekeeper.areas.safeguards.models import AdviserStamp
from circlekeeper.areas.safeguards.queries import decisions
from circlekeeper.foundation import ledger, playbook
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import Refused
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.vault import groupkeys, records, shredstore
from circlekeeper.foundation.vault.groupkeys import Scope
from circlekeeper.foundation.vault.records import SealedRecord

CONTROL, CHECK, PROOF = "legal-review", "word", "adviser"


@dataclass(frozen=True, slots=True)
class SealedStamp:
    """An adviser's name and sentence, sealed and not yet saved."""

    id: str
    secret_id: str
    record: SealedRecord = field(repr=False)


def seal_stamp(*, group_id: str, name: str, sentence: str, now: datetime) -> SealedStamp:
    """Seal what the adviser said. Call it before the action: it writes to the shred store.

    :raises Refused: the name or the sentence is missing.
    """
    if not name.strip():
        raise Refused(_("Write who advised you."), field="name")
    if not sentence.strip():
        raise Refused(_("Write in one sentence what they said."), field="sentence")
    stamp_id = new_id()
    secret = shredstore.new_secret(record="adviser-stamp", group_id=group_id, now=now)
    record = records.seal_for_group(
        {"name": name.strip(), "sentence": sentence.strip()},
        public=groupkeys.public_key(group_id, Scope.ROSTER),
        secret=secret.value,
        place=sealing.stamp_place(stamp_id, group_id),
    )
    return SealedStamp(stamp_id, secret.id, record)


@action("safeguards.stamp.make")
def stamp_profile(
    *, by: str, group_id: str, stamp: SealedStamp, given_on: date, profile_version: int, now: datetime
) -> str:
    """Write down that an adviser looked at this version of the profile; it also answers ``legal-review``. Returns its id.

    A change of the profile voids it; its time ends with that answer.

    :raises Refused: the profile has changed since the page was shown, or the day lies ahead.
    """
    if decisions.profile_version(group_id) != profile_version:
        raise Refused(_("The answers have changed since. Show your adviser the new ones."))
    if given_on > now.date():
        raise Refused(_("This day has not come yet."), field="given_on")
    void_stamps(by=by, group_id=group_id, now=now)
    row = AdviserStamp.objects.create(
        pk=stamp.id,
        group_id=group_id,
        profile_version=profile_version,
        given_on=given_on,
        stamped_by=by,
        stamped_at=now,
        due_on=playbook.add_duration(now, _lasts()).date(),
        secret_id=stamp.secret_id,
        blob=stamp.record.blob,
        wrap=stamp.record.wrap,
    )
    ledger.record(by=by, about=row.pk, at=now)
    attest(by=by, group_id=group_id, control=CONTROL, check=CHECK, proof=PROOF, now=now)
    return row.pk


def void_stamps(*, by: str, group_id: str, now: datetime) -> None:
    """What an adviser said about another profile counts no longer (WHY3). Only inside an action of this room."""
    rows = AdviserStamp.objects.filter(group_id=group_id, voided_at__isnull=True)
    ended = list(rows.values_list("pk", flat=True))
    rows.update(voided_at=now)
    for stamp_id in ended:
        ledger.record(by=by, about=stamp_id, at=now)


def _lasts() -> playbook.Duration:
    asked = playbook.book().controls[CONTROL].check
    return next(check.fresh_for for check in asked if check.id == CHECK)
