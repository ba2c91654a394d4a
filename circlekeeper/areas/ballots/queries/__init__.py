"""Reading questions to everybody: what somebody at the door is asked, and how it stands for those who run the meeting."""

from circlekeeper.areas.ballots.queries.keepsakes import (
    KeepsakeFacts,
    keepsake,
    keepsakes,
    part,
    summary_for_members,
    why_not_kept,
)
from circlekeeper.areas.ballots.queries.own import own_cards
from circlekeeper.areas.ballots.queries.rooms import RoomFacts, open_rooms
from circlekeeper.areas.ballots.queries.standing import (
    BallotFacts,
    allowed,
    asked,
    ballots,
    inside,
    lines,
    version,
    why_not,
)

__all__ = [
    "BallotFacts",
    "KeepsakeFacts",
    "RoomFacts",
    "allowed",
    "asked",
    "ballots",
    "lines",
    "inside",
    "keepsake",
    "keepsakes",
    "part",
    "summary_for_members",
    "why_not_kept",
    "open_rooms",
    "own_cards",
    "version",
    "why_not",
]
