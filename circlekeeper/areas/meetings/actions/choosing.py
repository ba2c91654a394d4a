"""Choosing a way to meet, with its reasons (TEC1, TEC2)."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from circlekeeper.areas.meetings import queries, sealing, weighing
from circlekeeper.areas.meetings.actions.plan import chosen
from circlekeeper.areas.meetings.models import Choice
from circlekeeper.areas.safeguards import actions as safeguards_do
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation import ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import Refused
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.vault import groupkeys, records, shredstore
from circlekeeper.foundation.vault.groupkeys import Scope
from circlekeeper.foundation.vault.records import SealedRecord

RECORD = "choices"


def choose_way(
    *,
    by: str,
    group_id: str,
    answers: Mapping[str, str],
    way: str,
    provider_name: str,
    words: str,
    has_read: bool,
    together: bool,
    now: datetime,
) -> None:
    """Keep which way a group chose; what was asked, answered, shown and written is sealed for those who answer for it.

    ``together``: two people of the team compared the ways, which is the word the playbook asks for.

    :raises Refused: there is no such way, its warnings were not read, or the service cannot do what the level requires.
    """
    if way not in weighing.WAYS:
        raise Refused(_("Choose how you want to meet."), field="way")
    warnings = list(weighing.to_be_read(way))
    if warnings and not has_read:
        raise Refused(_("Read the warnings about phones first, and say that you have."), field="has_read")
    name = "" if way == weighing.IN_PERSON else provider_name
    if name or way in (weighing.ONLINE, weighing.HYBRID):
        chosen(group_id, name, now=now)
    row_id, secret = new_id(), shredstore.new_secret(record=RECORD, group_id=group_id, now=now)
    sealed = records.seal_for_group(
        _note(group_id, answers, words),
        public=groupkeys.public_key(group_id, Scope.ROSTER),
        secret=secret.value,
        place=sealing.choice_place(row_id, group_id),
    )
    row = Choice(pk=row_id, group_id=group_id, way=way, provider=name, read=warnings, by=by, at=now)
    row.secret_id = secret.id
    _choose(by=by, row=row, sealed=sealed, together=together, now=now)


def _note(group_id: str, answers: Mapping[str, str], words: str) -> dict[str, str]:
    ranked = queries.ranking(group_id, answers)
    said = {each: answers.get(each, "dont-know") for each in weighing.QUESTIONS}
    return said | {
        "ranking": " ".join(each.way for each in ranked),
        "shown": " ".join(code for each in ranked for code in each.downsides),
        "words": words.strip(),
    }


@action("meetings.way.choose")
def _choose(*, by: str, row: Choice, sealed: SealedRecord, together: bool, now: datetime) -> None:
    row.blob, row.wrap = sealed.blob, sealed.wrap
    row.due_on = safeguards.due_on(group_id=row.group_id, record=RECORD, start=now.date())
    row.save(force_insert=True)
    ledger.record(by=by, about=row.pk, at=now)
    if together:
        safeguards_do.attest(
            by=by, group_id=row.group_id, control="format-weighed", check="word", proof="document", now=now
        )
