"""What accounts tell other rooms. Ids and moments only."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class RoleGranted:
    """Someone got a role in a place (a group's id or ``machine``)."""

    person_id: str
    place: str
    role: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RoleRevoked:
    """Someone's role ended; whoever rotates keys and links of the place listens to this."""

    person_id: str
    place: str
    role: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AccountRecovered:
    """Someone came back with their recovery kit; the other leaders of each of their places should hear of it."""

    person_id: str
    place: str
    at: datetime
