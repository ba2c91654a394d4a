"""Asking quietly for what would help, and answering (ACC2, ACC3)."""

from datetime import date, datetime

import nacl.utils
from django.db import IntegrityError
from django.utils.translation import gettext as _

from circlekeeper.areas.access import queries
from circlekeeper.areas.access.errors import NobodyArranges
from circlekeeper.areas.access.models import Line, Thread
from circlekeeper.areas.access.queries import talks as reading
from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation import ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.vault import envelope, groupkeys, records, shredstore
from circlekeeper.foundation.vault.groupkeys import Scope
from circlekeeper.foundation.vault.ring import KeyRing

LONGEST = 2000
MOST_LINES = 100
RECORD = "access-needs"
# The log says that somebody wrote, not who: whoever reads the log could otherwise tell who asked.
SOMEBODY = "visitor"


def ask(*, by: str, group_id: str, holder: bytes, words: str, now: datetime) -> None:
    """A member (``by``, with their key) writes to the access lead; a thread begins if there is none.

    :raises Refused: nothing was written, or too much. :raises NobodyArranges: nobody would read it.
    """
    said = _checked(words)
    if not queries.has_lead(group_id):
        raise NobodyArranges
    row = Thread.objects.filter(group_id=group_id, member_id=by).first()
    if row is None:
        key = nacl.utils.random(envelope.KEY_BYTES)
        begun = _fresh(by, group_id, holder, key, now)
        try:
            line = _line(begun, key, said, from_member=True)
            _write(by=SOMEBODY, row=begun, line=line, fresh=True, waits=True, now=now)
            return
        except IntegrityError:
            # Two first messages at the same moment; the other one began the thread.
            row = Thread.objects.get(group_id=group_id, member_id=by)
    line = _line(row, reading.holder_key(row, holder), said, from_member=True)
    _write(by=SOMEBODY, row=row, line=line, fresh=False, waits=True, now=now)


def answer(*, by: str, ring: KeyRing, group_id: str, thread_id: str, words: str, now: datetime) -> None:
    """The access lead answers; the member reads it on their own page.

    :raises NotHere: there is no such thread. :raises Refused: nothing was written, or too much.
    """
    said = _checked(words)
    row = Thread.objects.filter(group_id=group_id, pk=thread_id).first()
    if row is None:
        raise NotHere
    line = _line(row, reading.lead_key(row, ring), said, from_member=False)
    _write(by=by, row=row, line=line, fresh=False, waits=False, now=now)


def _checked(words: str) -> str:
    said = words.strip()
    if not said:
        raise Refused(_("Write a few words first."), field="words")
    if len(said) > LONGEST:
        raise Refused(_("Please write less, in a few sentences."), field="words")
    return said


def _fresh(member_id: str, group_id: str, holder: bytes, key: bytes, now: datetime) -> Thread:
    thread_id = new_id()
    secret = shredstore.new_secret(record=RECORD, group_id=group_id, now=now)
    sealed = records.seal_for_group(
        {"key": key.hex()},
        public=groupkeys.public_key(group_id, Scope.ACCESS),
        secret=secret.value,
        place=reading.thread_place(thread_id, group_id),
        holder=holder,
    )
    return Thread(
        pk=thread_id,
        group_id=group_id,
        member_id=member_id,
        secret_id=secret.id,
        blob=sealed.blob,
        wrap=sealed.wrap,
        holder_wrap=sealed.holder_wrap,
    )


def _line(row: Thread, key: bytes, words: str, *, from_member: bool) -> Line:
    line_id = new_id()
    blob = envelope.seal_json(key, {"words": words}, reading.line_place(line_id, row.group_id))
    return Line(pk=line_id, thread=row, from_member=from_member, blob=blob)


@action("access.thread.write")
def _write(*, by: str, row: Thread, line: Line, fresh: bool, waits: bool, now: datetime) -> None:
    today = _today(row.group_id, now)
    row.waits, row.last_on = waits, today
    row.due_on = safeguards.due_on(group_id=row.group_id, record=RECORD, start=today)
    if fresh:
        row.save(force_insert=True)
    elif not Thread.objects.filter(pk=row.pk).update(waits=waits, last_on=today, due_on=row.due_on):
        raise NotHere
    line.number = Line.objects.filter(thread_id=row.pk).count() + 1
    if line.number > MOST_LINES:
        raise Refused(_("This talk has become long. End it, and begin a new one."))
    line.save(force_insert=True)
    ledger.record(by=by, about=row.pk, at=now)


def _today(group_id: str, now: datetime) -> date:
    return now.astimezone(groups.group(group_id).zone).date()


def end_own_thread(*, group_id: str, member_id: str, now: datetime) -> None:
    """A member ends their thread, or has left: what was written is destroyed, in every backup too. Twice is once."""
    found = Thread.objects.filter(group_id=group_id, member_id=member_id).values_list("pk", flat=True).first()
    if found:
        _end(by=SOMEBODY, group_id=group_id, thread_id=found, now=now)


def end_thread(*, by: str, group_id: str, thread_id: str, now: datetime) -> None:
    """The access lead ends a thread: what was written is destroyed, in every backup too.

    :raises NotHere: there is no such thread.
    """
    _end(by=by, group_id=group_id, thread_id=thread_id, now=now)


def _end(*, by: str, group_id: str, thread_id: str, now: datetime) -> None:
    secret_id = _drop(by=by, group_id=group_id, thread_id=thread_id, now=now)
    shredstore.shred([secret_id], now=now)


@action("access.thread.end")
def _drop(*, by: str, group_id: str, thread_id: str, now: datetime) -> str:
    found = Thread.objects.select_for_update().filter(pk=thread_id, group_id=group_id).first()
    if found is None:
        raise NotHere
    secret_id = found.secret_id
    found.delete()
    ledger.record(by=by, about=thread_id, at=now)
    return secret_id
