"""What Zoom says, as proofs, from three layers: the meeting, its user, and what the account's administrator locked."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from circlekeeper.areas.meetings.provider import (
    UNKNOWN,
    Evidence,
    Proof,
    ScopeOfProof,
    Session,
    Trouble,
    Unavailable,
)
from circlekeeper.connectors.zoom import client, wishes
from circlekeeper.connectors.zoom.client import Zoom

_FRESH = timedelta(hours=2)
_KEPT = timedelta(days=30)
_NOT_TOLD = (Trouble.GONE, Trouble.NOT_ALLOWED, Trouble.NOT_UNDERSTOOD)


def locks(zoom: Zoom) -> dict[str, Any]:
    """What an administrator locked; nothing where we may not look, and then nothing is called locked."""
    try:
        return zoom.read("/accounts/me/lock_settings")
    except Unavailable as failure:
        if failure.trouble in _NOT_TOLD:
            return {}
        raise


def all_of(zoom: Zoom, session: Session, said: Mapping[str, Any], *, now: datetime) -> list[Proof]:
    """Everything that was read again, and what only a person can say."""
    kept, locked = zoom.read(f"{zoom.user}/settings"), locks(zoom)
    word = [
        Proof(control, Evidence.ATTESTED, right, UNKNOWN, ScopeOfProof.MEETING, now, _FRESH, setting)
        for control, setting, right in wishes.WORD
    ]
    return [
        *_read(wishes.MEETING, wishes.meeting(session), said, locked, ScopeOfProof.MEETING, session, now),
        _topic(said, session, now),
        _passcode(said, now),
        *_read(wishes.USER, wishes.user(session.wanted), kept, locked, ScopeOfProof.USER, session, now),
        _links(now),
        *word,
        *_recorded(zoom, session, now),
    ]


def left(zoom: Zoom, session: Session, *, is_there: bool, now: datetime) -> list[Proof]:
    """What is still there after clearing away. Zoom's own reports of who came are not deleted by any call."""
    gone, scope = "nothing-kept", ScopeOfProof.MEETING
    number = count(zoom, session.remote["meeting"])
    still = UNKNOWN if number is None else str(number)
    return [
        Proof(gone, Evidence.READ_BACK, "gone", "there" if is_there else "gone", scope, now, _KEPT, "meeting"),
        Proof(gone, Evidence.READ_BACK, "0", still, scope, now, _KEPT, "recordings"),
        Proof(gone, Evidence.ATTESTED, "gone", UNKNOWN, scope, now, _KEPT, "reports, chat"),
    ]


def count(zoom: Zoom, number: str) -> int | None:
    """How many recordings and transcripts in the cloud; None where Zoom does not say."""
    try:
        found = zoom.read(f"{client.meeting(number)}/recordings").get("recording_files")
    except Unavailable as failure:
        if failure.trouble is Trouble.GONE:
            return 0  # Zoom's way to say that there is none
        if failure.trouble in _NOT_TOLD:
            return None
        raise
    return len(found) if isinstance(found, list) else None


def _read(
    rows: Iterable[tuple[str, str, str]],
    sent: Mapping[str, Any],
    said: Mapping[str, Any],
    locked: Mapping[str, Any],
    scope: ScopeOfProof,
    session: Session,
    now: datetime,
) -> list[Proof]:
    found = []
    for control, path, lock in rows:
        right = wishes.said_at(sent, path)
        if not right or (control == "breakouts-watched" and not session.wanted.breakouts_off):
            continue  # not asked for at this level
        seen = wishes.said_at(said, path) or UNKNOWN
        shut = bool(lock) and wishes.said_at(locked, lock) == "true"
        evidence = Evidence.LOCKED if shut and seen == right else Evidence.READ_BACK
        found.append(Proof(control, evidence, right, seen, scope, now, _FRESH, path))
    return found


def _topic(said: Mapping[str, Any], session: Session, now: datetime) -> Proof:
    """Whether it still is the room's random word: another could say who meets, and Zoom's calls name a meeting by it."""
    seen = "as made" if said.get("topic") == session.room else "changed"
    scope = ScopeOfProof.MEETING
    return Proof("privacy-by-default", Evidence.READ_BACK, "as made", seen, scope, now, _FRESH, "topic")


def _passcode(said: Mapping[str, Any], now: datetime) -> Proof:
    """Whether there is one; the passcode itself is nobody's to read."""
    seen = "set" if wishes.said_at(said, "password") else "none"
    return Proof(
        "meeting-password", Evidence.READ_BACK, "set", seen, ScopeOfProof.MEETING, now, _FRESH, "password"
    )


def _links(now: datetime) -> Proof:
    lasts = f"{wishes.PASS_LASTS} s"
    scope = ScopeOfProof.MEETING
    return Proof(
        "links-sent-privately", Evidence.TOKEN_ENFORCED, lasts, lasts, scope, now, _FRESH, "invite_links.ttl"
    )


def _recorded(zoom: Zoom, session: Session, now: datetime) -> list[Proof]:
    """Only bad news is news: what is being recorded now stands in no list yet; a call tells it (``recording.started``)."""
    number = count(zoom, session.remote["meeting"])
    if not number:
        return []
    scope = ScopeOfProof.LIVE
    return [Proof("recording-off", Evidence.OBSERVED, "0", str(number), scope, now, _FRESH, "recordings")]
