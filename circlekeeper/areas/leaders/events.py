"""What this room tells others. Ids and moments only."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class KeysChanged:
    """Every record of a group is under its new keys."""

    group_id: str
    version: int
    at: datetime


@dataclass(frozen=True, slots=True)
class AccountTaken:
    """Somebody else used the account of a person with a role in this group; links are ended and keys changed already."""

    person_id: str
    group_id: str
    at: datetime
