"""What Webex says about a meeting, as proofs. An empty list says nothing; a full one says that something went wrong."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from circlekeeper.areas.meetings.provider import (
    UNKNOWN,
    Evidence,
    Proof,
    ScopeOfProof,
    Session,
    Trouble,
    Unavailable,
)
from circlekeeper.connectors.webex import wishes
from circlekeeper.connectors.webex.client import Webex

KINDS = ("recordings", "meetingTranscripts")
_FRESH = timedelta(hours=2)
_KEPT = timedelta(days=30)
_NOT_TOLD = (Trouble.GONE, Trouble.NOT_ALLOWED, Trouble.NOT_UNDERSTOOD)


def of_meeting(session: Session, said: Mapping[str, Any], *, now: datetime) -> list[Proof]:
    """What was read again, and what only a person can say. A setting the answer lacks is unknown."""
    scope = ScopeOfProof.MEETING
    read = [
        Proof(control, Evidence.READ_BACK, right, wishes.said_at(said, path) or UNKNOWN, scope, now, _FRESH, path)
        for control, path, right in wishes.expected(session)
    ]
    there = "set" if wishes.said_at(said, "password") else "none"
    word = [
        Proof(control, Evidence.ATTESTED, right, UNKNOWN, scope, now, _FRESH, setting)
        for control, setting, right in wishes.WORD
    ]
    passcode = Proof("meeting-password", Evidence.READ_BACK, "set", there, scope, now, _FRESH, "password")
    return [*read, passcode, *word]


def made(webex: Webex, session: Session, *, now: datetime) -> list[Proof]:
    """What was recorded or written down so far; only bad news is news."""
    scope = ScopeOfProof.LIVE
    return [
        Proof("recording-off", Evidence.OBSERVED, "0", str(number), scope, now, _FRESH, kind)
        for kind in KINDS
        if (number := count(webex, session, kind))
    ]


def left(webex: Webex, session: Session, *, is_there: bool, now: datetime) -> list[Proof]:
    """What is still there after clearing away. Transcripts and lists of who came are a person's to delete."""
    gone, scope = "nothing-kept", ScopeOfProof.MEETING
    numbers = {kind: count(webex, session, kind) for kind in KINDS}
    return [
        Proof(gone, Evidence.READ_BACK, "gone", "there" if is_there else "gone", scope, now, _KEPT, "meeting"),
        *(
            Proof(gone, Evidence.READ_BACK, "0", UNKNOWN if found is None else str(found), scope, now, _KEPT, kind)
            for kind, found in numbers.items()
        ),
        Proof(gone, Evidence.ATTESTED, "gone", UNKNOWN, scope, now, _KEPT, "participants, chat"),
    ]


def files(webex: Webex, session: Session, kind: str) -> list[Any]:
    """What there is of a kind."""
    return webex.listed(f"/{kind}?{urlencode({'meetingId': session.remote['meeting']})}")


def count(webex: Webex, session: Session, kind: str) -> int | None:
    """How many there are; None where Webex does not say."""
    try:
        return len(files(webex, session, kind))
    except Unavailable as failure:
        if failure.trouble in _NOT_TOLD:
            return None
        raise
