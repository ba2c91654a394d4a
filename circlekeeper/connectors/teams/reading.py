"""What Graph says about a meeting, as proofs. An empty list says nothing; a full one says that something went wrong."""

from collections.abc import Mapping
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
from circlekeeper.connectors.teams import notices, wishes
from circlekeeper.connectors.teams.client import Graph

_FRESH = timedelta(hours=2)
_LIVE = timedelta(minutes=10)
_KEPT = timedelta(days=30)


def of_meeting(session: Session, said: Mapping[str, Any], *, now: datetime) -> list[Proof]:
    """What was read again, and what only a person can say. A setting the answer lacks is unknown."""
    scope = ScopeOfProof.MEETING
    read = [
        Proof(control, Evidence.READ_BACK, right, wishes.said_at(said, path) or UNKNOWN, scope, now, _FRESH, path)
        for control, path, right in wishes.expected(session)
    ]
    word = [
        Proof(control, Evidence.ATTESTED, right, UNKNOWN, scope, now, _FRESH, setting)
        for control, setting, right in wishes.WORD
    ]
    # No number in the answer is no promise that there is none: the organisation may have one.
    dial = bool(said.get("audioConferencing"))
    number = ("phone-numbers-hidden", "audioConferencing", "no telephone")
    return [*read, *word, _only_bad(*number, bad=dial, scope=scope, lasts=_FRESH, now=now)]


def made(graph: Graph, session: Session, *, now: datetime) -> list[Proof]:
    """What was recorded or written down so far. Of meetings that stand in no calendar Graph may list nothing."""
    scope = ScopeOfProof.LIVE
    return [
        _only_bad("recording-off", kind, "none", bad=bool(number), scope=scope, lasts=_LIVE, now=now)
        for kind, number in counted(graph, session).items()
    ]


def told(*, stands: bool, asked: bool, now: datetime) -> Proof:
    """Whether Graph will call us when a recording is ready."""
    evidence = Evidence.OBSERVED if asked else Evidence.ATTESTED
    seen = UNKNOWN if not asked else "agreed" if stands else "gone"
    return Proof("recording-off", evidence, "agreed", seen, ScopeOfProof.MEETING, now, _FRESH, "subscriptions")


def left(found: Mapping[str, int | None], *, is_there: bool, now: datetime) -> list[Proof]:
    """What is still there after clearing away. Files, chat and lists of who came lie where no call of ours deletes them."""
    gone, scope = "nothing-kept", ScopeOfProof.MEETING
    listed = [
        _only_bad(gone, kind, "none", bad=bool(number), scope=scope, lasts=_KEPT, now=now)
        for kind, number in found.items()
    ]
    still = "there" if is_there else "gone"
    word = ("chat, attendance report", "joinWebUrl")
    return [
        Proof(gone, Evidence.READ_BACK, "gone", still, scope, now, _KEPT, "onlineMeeting"),
        *listed,
        *(Proof(gone, Evidence.ATTESTED, "gone", UNKNOWN, scope, now, _KEPT, each) for each in word),
    ]


def counted(graph: Graph, session: Session) -> dict[str, int | None]:
    """How many of each there are; None where Graph does not say. Taken before the meeting is deleted."""
    return {kind: _count(graph, session, kind) for kind in notices.KINDS}


def _count(graph: Graph, session: Session, kind: str) -> int | None:
    """Only how many: what was said and who was there is asked for by nobody."""
    try:
        return len(graph.listed(f"{graph.meetings(session.remote['meeting'])}/{kind}"))
    except Unavailable as failure:
        if failure.trouble in (Trouble.GONE, Trouble.NOT_ALLOWED, Trouble.NOT_UNDERSTOOD):
            return None
        raise


def _only_bad(
    control: str, setting: str, right: str, *, bad: bool, scope: ScopeOfProof, lasts: timedelta, now: datetime
) -> Proof:
    """Bad news is seen; its absence is nobody's to say but a person's."""
    if bad:
        return Proof(control, Evidence.OBSERVED, right, "there", scope, now, lasts, setting)
    return Proof(control, Evidence.ATTESTED, right, UNKNOWN, scope, now, lasts, setting)
