"""What helps to send help to the right place: little, dated, and never asked for in the middle of a crisis (FAQ2a)."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

EMERGENCY_CHECK_AFTER = "P6M"

# area: where help should go, as roughly as the person likes; number: the local emergency number there;
# person, reach: whom to call and how; when: in which case; knows: what that person knows; naming: may we say who calls.
EMERGENCY_FIELDS = ("area", "number", "person", "reach", "when", "knows", "naming")


class MayName(StrEnum):
    """Whether we may say who is calling."""

    NO = "no"
    YES = "yes"


def emergency_usable(fields: Mapping[str, str], *, check_again_on: date | None, today: date) -> bool:
    """Whether the record helps tonight: a place and a number, or a person and a way to reach them, and not out of date."""
    if check_again_on is None or today >= check_again_on:
        return False
    place = bool(fields.get("area", "").strip() and fields.get("number", "").strip())
    person = bool(fields.get("person", "").strip() and fields.get("reach", "").strip())
    return place or person
