"""The parts of a group's records that have keys of their own."""

from enum import StrEnum

WHOLE = "whole"


class Scope(StrEnum):
    """A part of a group's records with a key pair of its own."""

    ROSTER = "roster"  # contact, intake
    DOOR = "door"  # aliases
    EMERGENCY = "emergency"
    ACCESS = "access"


ALL = frozenset(Scope)
