"""What the roster announces. Ids and dates only."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class MemberJoined:
    """Someone became a member."""

    group_id: str
    member_id: str


@dataclass(frozen=True, slots=True)
class MemberLeft:
    """Someone left, or was asked to; their record runs until ``due_on``. Links, streams and letters of theirs should end."""

    group_id: str
    member_id: str
    due_on: date


@dataclass(frozen=True, slots=True)
class MemberForgotten:
    """Someone had their record destroyed at once: everything that names this id is to go too."""

    group_id: str
    member_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RecordOpened:
    """Someone opened a compartment of a member's record; the other leaders should hear of it (REG2)."""

    group_id: str
    member_id: str
    opening_id: str
    by: str


@dataclass(frozen=True, slots=True)
class ListBrought:
    """People came in from a list; its file still has to be destroyed."""

    group_id: str
    list_id: str


@dataclass(frozen=True, slots=True)
class EmergencyRecordChanged:
    """A member wrote or changed what helps in an emergency."""

    group_id: str
    member_id: str
