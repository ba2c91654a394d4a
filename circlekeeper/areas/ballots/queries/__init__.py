"""Reading questions to everybody: what somebody at the door is asked, and how it stands for those who run the meeting."""

from circlekeeper.areas.ballots.queries.rooms import RoomFacts, open_rooms
from circlekeeper.areas.ballots.queries.standing import (
    BallotFacts,
    allowed,
    asked,
    ballots,
    for_hosts,
    inside,
    version,
    why_not,
)

__all__ = [
    "BallotFacts",
    "RoomFacts",
    "allowed",
    "asked",
    "ballots",
    "for_hosts",
    "inside",
    "open_rooms",
    "version",
    "why_not",
]
