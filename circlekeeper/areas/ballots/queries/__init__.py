"""Reading questions to everybody: what somebody at the door is asked, and how it stands for those who run the meeting."""

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

__all__ = ["BallotFacts", "allowed", "asked", "ballots", "for_hosts", "inside", "version", "why_not"]
