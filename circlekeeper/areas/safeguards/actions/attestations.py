"""A named person's word, and taking it back."""

from datetime import datetime

from django.utils.translation import gettext as _

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.safeguards.models import Attestation
from circlekeeper.foundation import ledger, playbook
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.playbook.schemas import Check


@action("safeguards.attestation.make")
def attest(*, by: str, group_id: str, control: str, check: str, proof: str, now: datetime) -> str:
    """Say, as a named person, that a check is met, and how one knows. It ends by itself. Returns the word's id.

    :raises NotHere: there is no such group, or no such check that a person answers.
    :raises Refused: this is not a way to know it.
    """
    asked = _asked(control, check)
    groups.group(group_id)
    if proof not in asked.proofs:
        raise Refused(_("Choose how you know."), field="proof")
    row = Attestation.objects.create(
        group_id=group_id,
        control=control,
        check_id=check,
        proof=proof,
        attested_by=by,
        attested_at=now,
        expires_at=playbook.add_duration(now, asked.fresh_for),
    )
    ledger.record(by=by, about=row.pk, at=now)
    return row.pk


@action("safeguards.attestation.withdraw")
def withdraw_attestation(*, by: str, attestation_id: str, now: datetime) -> None:
    """Take a word back; anyone on the team may, for making something safer needs no reason.

    :raises NotHere: there is none in force under this id.
    """
    row = Attestation.objects.filter(pk=attestation_id, withdrawn_at__isnull=True).first()
    if row is None:
        raise NotHere
    row.withdrawn_by, row.withdrawn_at = by, now
    row.save(update_fields=["withdrawn_by", "withdrawn_at"])
    ledger.record(by=by, about=row.pk, at=now)


def end_words_bound_to_profile(*, by: str, group_id: str, now: datetime) -> None:
    """End what was said about another level or other overlays (ACC8). Only inside an action of this room."""
    bound = [
        (control.id, check.id)
        for control in playbook.book().controls.values()
        for check in control.check
        if check.per_profile
    ]
    rows = Attestation.objects.filter(group_id=group_id, withdrawn_at__isnull=True, expires_at__gt=now)
    ended = [row.pk for row in rows if (row.control, row.check_id) in bound]
    Attestation.objects.filter(pk__in=ended).update(withdrawn_by=by, withdrawn_at=now)
    for word_id in ended:
        ledger.record(by=by, about=word_id, at=now)


def _asked(control: str, check: str) -> Check:
    known = playbook.book().controls.get(control)
    for asked in known.check if known else ():
        if asked.id == check and asked.kind is playbook.CheckKind.ATTEST:
            return asked
    raise NotHere
