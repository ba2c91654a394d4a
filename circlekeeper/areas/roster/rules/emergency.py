"""What helps to send help to the right place: little, dated, and never asked for in the middle of a crisis (FAQ2a)."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

EMERGENCY_CHECK_AFTER = "P6M"

# area: where help should go, as roughly as the person likes; number: the local emergency number there;
# person, reach: whom to call and how; when: in which case; knows: what that person knows; naming: may we say who calls.
EMERGENCY_FIELDS = ("area", "number", "person", "reach", "when", "knows", "naming")


class MayName(StrEnum):
    """Whether we may say who is calling."""

    NO = "no"
    YES = "yes"


ASK_BEFORE = timedelta(days=14)


class Standing(StrEnum):
    """Where an emergency record is. ``THIN``: it is there, but neither a place nor a person can be reached with it."""

    MISSING = "missing"
    THIN = "thin"
    EXPIRED = "expired"
    SOON = "soon"
    FRESH = "fresh"


def emergency_standing(fields: Mapping[str, str] | None, *, check_again_on: date | None, today: date) -> Standing:
    """Whether a record is to be asked for, asked again, or left alone. ``fields`` None: there is none."""
    if not fields or not any(str(said).strip() for name, said in fields.items() if name != "naming"):
        return Standing.MISSING
    if check_again_on is None:
        return Standing.THIN
    if today >= check_again_on:
        return Standing.EXPIRED
    return Standing.SOON if check_again_on - today <= ASK_BEFORE else Standing.FRESH


def emergency_usable(fields: Mapping[str, str], *, check_again_on: date | None, today: date) -> bool:
    """Whether the record helps tonight: a place and a number, or a person and a way to reach them, and not out of date."""
    if check_again_on is None or today >= check_again_on:
        return False
    place = bool(fields.get("area", "").strip() and fields.get("number", "").strip())
    person = bool(fields.get("person", "").strip() and fields.get("reach", "").strip())
    return place or person
