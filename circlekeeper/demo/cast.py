"""Who is in it. Every name is invented; none belongs to a place."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """Someone who signs in, and what they are there to show."""

    handle: str
    shows: str


ROWAN = Part("rowan", "leads Lantern circle and Evening round")
IMANI = Part("imani", "privacy lead of Lantern circle and Quiet room: the second key holder")
LEO = Part("leo", "leads Meadow loop; hosts at Lantern circle and Evening round")
NOOR = Part("noor", "leads Quiet room, which waits for its adviser")
JUNO = Part("juno", "leads Pilot table, which is still being set up")
VERA = Part("vera", "was asked to lead Evening round too, and waits for its keys")
SAM = Part("sam", "looks after the machine and sees no group")
PARTS = (ROWAN, IMANI, LEO, NOOR, JUNO, VERA, SAM)


@dataclass(frozen=True, slots=True)
class Member:
    """A member whose key is printed."""

    alias: str
    group: str
    shows: str


MEMBERS = (
    Member("Wren", "Lantern circle", "a meeting in ten minutes; somebody opened a part of their record"),
    Member("Hazel", "Evening round", "a meeting tomorrow evening"),
    Member("Moss", "Meadow loop", "a walk in two days"),
)
