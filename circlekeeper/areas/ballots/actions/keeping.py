"""Keeping a recording everybody allowed, or a summary the group agreed on (FAQ1b)."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from circlekeeper.areas.ballots import pieces, queries, rules
from circlekeeper.areas.ballots.models import Keepsake, Piece, Viewer
from circlekeeper.areas.meetings import queries as meetings
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation import ledger
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.vault import shredstore, userkeys

LARGEST = 10 * 1024 * 1024
LONGEST_SUMMARY = 8000
SOUND, SUMMARY = "sound", "summary"


@dataclass(frozen=True, slots=True)
class _Content:
    kind: str
    media: str
    content: bytes = field(repr=False)


def keep_sound(
    *,
    by: str,
    group_id: str,
    meeting_id: str,
    content: bytes,
    viewers: Collection[str],
    only_yes: bool,
    now: datetime,
) -> str:
    """Keep the sound of a meeting whose recording everybody allowed; returns the keepsake's id.

    ``viewers``: the people of the team who may hear it; ``only_yes``: somebody listened, and nobody can be heard who did not
    say yes. Destroyed on its day, counted from the day of the meeting.

    :raises Refused: recording is locked off here, nobody allowed it, it is too large or no sound, nobody was named.
    """
    refusal = queries.why_not_kept(group_id=group_id, meeting_id=meeting_id)
    if refusal:
        raise Refused(refusal)
    if len(content) > LARGEST:
        raise Refused(_("This file is over 10 MB. Cut it into parts and hand in each."), field="file")
    media = pieces.media_of(content)
    if not media:
        raise Refused(_("This is not a sound file that browsers play (OGG, MP3, M4A or WebM)."), field="file")
    if not only_yes:
        raise Refused(_("Listen to it first. Nobody may be heard who did not say yes."), field="only_yes")
    kept = _Content(SOUND, media, content)
    return _prepared(by=by, group_id=group_id, meeting_id=meeting_id, kept=kept, viewers=viewers, now=now)


def keep_summary(
    *,
    by: str,
    group_id: str,
    meeting_id: str,
    words: str,
    names: Collection[str],
    looked_at: Collection[str],
    agreed: bool,
    now: datetime,
) -> str:
    """Keep a summary the group agreed on, for members who want no recording; returns the keepsake's id.

    ``names``: every name of a member the writer may see; none of them is let through. Other words that look like names must
    be in ``looked_at``: the writer looked at each and says that it is nobody's.

    :raises Refused: it is empty or too long, it names somebody, a word was not looked at, the group did not agree.
    """
    words = words.strip()
    if not words or len(words) > LONGEST_SUMMARY:
        raise Refused(_("Write something, at most 8,000 characters."), field="words")
    found = rules.names_in(words, names=names)
    if found.known:
        raise Refused(
            _("This names somebody: %(names)s. Say it without names.") % {"names": ", ".join(found.known)},
            field="words",
        )
    strange = [each for each in found.perhaps if each not in looked_at]
    if strange:
        raise Refused(
            _("Is one of these a name? %(names)s. Take it out, or tick below that you looked at each.")
            % {"names": ", ".join(strange)},
            field="words",
        )
    if not agreed:
        raise Refused(_("Read it to the group first. It is kept only if all agree to the words."), field="agreed")
    kept = _Content(SUMMARY, "text/plain", words.encode())
    return _prepared(by=by, group_id=group_id, meeting_id=meeting_id, kept=kept, viewers=(by,), now=now)


def _prepared(
    *, by: str, group_id: str, meeting_id: str, kept: _Content, viewers: Collection[str], now: datetime
) -> str:
    meeting = meetings.meeting(group_id=group_id, meeting_id=meeting_id)
    if meeting.state in ("planned", "cancelled"):
        raise Refused(_("This meeting has not been held."))
    team = set(accounts.people_with_role(group_id))
    if not viewers or not set(viewers) <= team:
        raise Refused(_("Name at least one person of the team who may hear it."), field="viewers")
    secret = shredstore.new_secret(record="recording", group_id=group_id, now=now)
    key, row = pieces.new_key(), Keepsake(pk=new_id(), group_id=group_id, meeting_id=meeting_id, kind=kept.kind)
    where = {"keepsake_id": row.pk, "group_id": group_id}
    row.media, row.size, row.kept_at, row.secret_id = kept.media, len(kept.content), now, secret.id
    row.due_on = safeguards.due_on(group_id=group_id, record="recording", start=meeting.local_on)
    if kept.kind == SUMMARY:
        row.members_wrap = pieces.wrap_for_members(key, secret=secret.value, **where)
    parts = [
        Piece(pk=new_id(), keepsake=row, number=number, sealed=sealed)
        for number, sealed in enumerate(pieces.sealed(kept.content, key=key, **where))
    ]
    named = [
        Viewer(pk=new_id(), keepsake=row, person_id=each, wrap=_wrapped(key, each, secret.value, where))
        for each in sorted(set(viewers))
    ]
    _keep(by=by, row=row, parts=parts, named=named, now=now)
    return row.pk


def _wrapped(key: bytes, person_id: str, secret: bytes, where: dict[str, str]) -> bytes:
    return pieces.wrap(key, public=userkeys.public_key(person_id), secret=secret, **where)


@action("ballots.keepsake.keep")
def _keep(*, by: str, row: Keepsake, parts: list[Piece], named: list[Viewer], now: datetime) -> None:
    row.save(force_insert=True)
    Piece.objects.bulk_create(parts, batch_size=8)
    Viewer.objects.bulk_create(named)
    ledger.record(by=by, about=row.pk, at=now)


def destroy_keepsake(*, by: str, group_id: str, keepsake_id: str, now: datetime) -> None:
    """Destroy a keepsake before its day: somebody who was recorded takes their yes back. Cannot be undone.

    :raises NotHere: this group has no such keepsake.
    """
    shredstore.shred([_destroy(by=by, group_id=group_id, keepsake_id=keepsake_id, now=now)], now=now)


@action("ballots.keepsake.destroy")
def _destroy(*, by: str, group_id: str, keepsake_id: str, now: datetime) -> str:
    row = Keepsake.objects.select_for_update().filter(pk=keepsake_id, group_id=group_id).first()
    if row is None:
        raise NotHere
    row.delete()
    ledger.record(by=by, about=keepsake_id, at=now)
    return row.secret_id
