"""What domains announce. Ids and codes only."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DomainFell:
    """A part of a group's domain that was good is lacking now."""

    group_id: str
    part: str
