"""Keepsakes: which there are, whether one may be made, and opening one, a part at a time, with a line in the log."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from circlekeeper.areas.ballots import pieces
from circlekeeper.areas.ballots.models import Keepsake
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation import reveal
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.ledger import queries as log
from circlekeeper.foundation.vault import shredstore
from circlekeeper.foundation.vault.envelope import SealBroken
from circlekeeper.foundation.vault.ring import KeyRing

OPEN = "ballots.keepsake.open"
ALLOWED = "ballots.recording.allowed"
# One answer carries no more than this, so nobody waits for a whole evening to be opened.
AT_ONCE = 4 * pieces.SIZE


@dataclass(frozen=True, slots=True)
class KeepsakeFacts:
    """A keepsake, closed. ``viewers``: who was named."""

    id: str
    group_id: str
    meeting_id: str
    kind: str
    media: str
    size: int
    kept_at: datetime
    due_on: date
    viewers: frozenset[str]


def why_not_kept(*, group_id: str, meeting_id: str) -> str:
    """Why no recording of this meeting may be handed in; empty if one may."""
    if safeguards.settings_for(group_id).value("recording") == "off":
        return _("In a group like yours nothing is ever recorded, so there is nothing to hand in.")
    if not log.entries_about(meeting_id, verbs=(ALLOWED,), limit=1):
        return _("Not everyone said yes to a recording of this meeting. Destroy it wherever it lies.")
    return ""


def keepsakes(*, group_id: str, now: datetime) -> list[KeepsakeFacts]:
    """What a group keeps, newest first; what is past its day is not shown, even if it is still to be swept."""
    rows = Keepsake.objects.filter(group_id=group_id, due_on__gt=now.date()).prefetch_related("viewers")
    return [_facts(row) for row in rows.order_by("-kept_at", "pk")]


def keepsake(*, group_id: str, keepsake_id: str, now: datetime) -> KeepsakeFacts:
    """One of them.

    :raises NotHere: there is none, or its day has come.
    """
    return _facts(_row(group_id, keepsake_id, now))


def part(
    *, by: str, about: str, now: datetime, ring: KeyRing, group_id: str, start: int = 0, end: int | None = None
) -> bytes:
    """Bytes ``start`` to ``end`` (not included) of a keepsake (``about``), at most ``AT_ONCE``, for somebody who was named.

    :raises Refused: they were not named, or have new keys since; the refusal is logged.
    :raises LogUnavailable: the line could not be written. :raises NotHere: there is none, or its day has come.
    """
    row = _row(group_id, about, now)
    viewer = row.viewers.filter(person_id=by).first()
    if viewer is None or ring.person_id != by:
        reveal.denied(OPEN, by=by, about=about, at=now)
        raise Refused(_("You are not among the people who were named for this."))
    return _part(by=by, about=about, now=now, ring=ring, row=row, wrap=bytes(viewer.wrap), span=(start, end))


@reveal.reveal(OPEN)
def _part(
    *, by: str, about: str, now: datetime, ring: KeyRing, row: Keepsake, wrap: bytes, span: tuple[int, int | None]
) -> bytes:
    del by, about, now
    try:
        key = pieces.unwrap(
            wrap, private=ring.secret.private, secret=_secret(row), keepsake_id=row.pk, group_id=row.group_id
        )
    except SealBroken:
        raise Refused(_("Your keys are newer than this. Ask somebody else who was named.")) from None
    return _cut(row, key, span[0], row.size if span[1] is None else span[1])


def summary_for_members(*, by: str, about: str, now: datetime, group_id: str) -> str:
    """The words of a summary (``about``), for a member of the group.

    :raises NotHere: there is none, its day has come, or it is no summary.
    """
    row = _row(group_id, about, now)
    if row.members_wrap is None:
        raise NotHere
    return _summary(by=by, about=about, now=now, row=row)


@reveal.reveal("ballots.summary.read")
def _summary(*, by: str, about: str, now: datetime, row: Keepsake) -> str:
    del by, about, now
    wrapped = bytes(row.members_wrap or b"")
    key = pieces.unwrap_for_members(wrapped, secret=_secret(row), keepsake_id=row.pk, group_id=row.group_id)
    return _cut(row, key, 0, row.size).decode()


def _cut(row: Keepsake, key: bytes, start: int, end: int) -> bytes:
    end = min(end, row.size, start + AT_ONCE)
    first, last = start // pieces.SIZE, max(start, end - 1) // pieces.SIZE
    rows = row.pieces.filter(number__range=(first, last)).order_by("number").values_list("number", "sealed")
    opened = b"".join(
        pieces.unsealed(bytes(sealed), key=key, number=number, keepsake_id=row.pk, group_id=row.group_id)
        for number, sealed in rows
    )
    return opened[start - first * pieces.SIZE :][: max(0, end - start)]


def _secret(row: Keepsake) -> bytes:
    try:
        return shredstore.secret(row.secret_id)
    except shredstore.Shredded:
        raise NotHere from None


def _row(group_id: str, keepsake_id: str, now: datetime) -> Keepsake:
    found = Keepsake.objects.filter(pk=keepsake_id, group_id=group_id, due_on__gt=now.date()).first()
    if found is None:
        raise NotHere
    return found


def _facts(row: Keepsake) -> KeepsakeFacts:
    named = frozenset(each.person_id for each in row.viewers.all())
    return KeepsakeFacts(
        row.pk, row.group_id, row.meeting_id, row.kind, row.media, row.size, row.kept_at, row.due_on, named
    )
