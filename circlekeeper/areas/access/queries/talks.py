"""Reading private threads: the member their own, the access lead all of a group. Nobody else lists or counts them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from circlekeeper.areas.access.models import Line, Thread
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.permissions import RoleName
from circlekeeper.foundation.reveal import reveal
from circlekeeper.foundation.vault import envelope, records, shredstore
from circlekeeper.foundation.vault.envelope import Place
from circlekeeper.foundation.vault.groupkeys import Scope
from circlekeeper.foundation.vault.ring import KeyRing


@dataclass(frozen=True, slots=True)
class ThreadFacts:
    """One thread as the access lead lists it. It says nothing of whose it is."""

    id: str
    waits: bool
    last_on: date
    due_on: date


@dataclass(frozen=True, slots=True)
class LineFacts:
    """One message."""

    from_member: bool
    words: str


@dataclass(frozen=True, slots=True)
class Talk:
    """A thread, opened."""

    facts: ThreadFacts
    lines: tuple[LineFacts, ...]


def has_lead(group_id: str) -> bool:
    """Whether somebody arranges access in this group."""
    return bool(accounts.people_with_role(group_id, RoleName.ACCESS_LEAD))


def thread_place(thread_id: str, group_id: str) -> Place:
    """Where the sealed key of a thread belongs."""
    return Place("access_thread", thread_id, "blob", group_id)


def line_place(line_id: str, group_id: str) -> Place:
    """Where a sealed message belongs."""
    return Place("access_line", line_id, "blob", group_id)


def threads(group_id: str) -> list[ThreadFacts]:
    """The threads of a group, those that wait for an answer first. For the access lead's page alone."""
    return [_facts(row) for row in Thread.objects.filter(group_id=group_id).order_by("-waits", "last_on", "pk")]


def own_talk(*, group_id: str, member_id: str, holder: bytes) -> Talk | None:
    """A member's own thread, opened with their key; None when there is none."""
    row = Thread.objects.filter(group_id=group_id, member_id=member_id).prefetch_related("lines").first()
    if row is None:
        return None
    return _talk(row, holder_key(row, holder))


@reveal("access.thread.open")
def talk(*, by: str, about: str, group_id: str, ring: KeyRing, now: datetime) -> Talk:
    """One thread (``about``), for the access lead.

    :raises NotHere: there is none. :raises NoGrant: the ring lacks the key for access.
    """
    del by, now
    row = Thread.objects.filter(group_id=group_id, pk=about).prefetch_related("lines").first()
    if row is None:
        raise NotHere
    return _talk(row, lead_key(row, ring))


def holder_key(row: Thread, holder: bytes) -> bytes:
    """The key of a thread's lines, opened by the member.

    :raises NotHere: it was destroyed.
    """
    opened = records.open_for_holder(
        bytes(row.blob),
        bytes(row.holder_wrap),
        holder=holder,
        secret=_secret(row.secret_id),
        place=thread_place(row.pk, row.group_id),
    )
    return bytes.fromhex(opened["key"])


def lead_key(row: Thread, ring: KeyRing) -> bytes:
    """The key of a thread's lines, opened by the access lead.

    :raises NotHere: it was destroyed. :raises NoGrant: the ring lacks the key for access.
    """
    opened = records.open_for_group(
        bytes(row.blob),
        bytes(row.wrap),
        key=ring.scope_key(row.group_id, Scope.ACCESS),
        secret=_secret(row.secret_id),
        place=thread_place(row.pk, row.group_id),
    )
    return bytes.fromhex(opened["key"])


def _secret(secret_id: str) -> bytes:
    try:
        return shredstore.secret(secret_id)
    except shredstore.Shredded:
        raise NotHere from None


def _talk(row: Thread, key: bytes) -> Talk:
    lines: Sequence[Line] = sorted(row.lines.all(), key=lambda line: line.number)
    opened = [
        LineFacts(
            line.from_member,
            str(envelope.unseal_json(key, bytes(line.blob), line_place(line.pk, row.group_id))["words"]),
        )
        for line in lines
    ]
    return Talk(_facts(row), tuple(opened))


def _facts(row: Thread) -> ThreadFacts:
    return ThreadFacts(id=row.pk, waits=row.waits, last_on=row.last_on, due_on=row.due_on)
