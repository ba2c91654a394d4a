"""Pure rules of accounts: handles, codes, caps, lapsing."""

import re
import secrets
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta

INVITATION_LASTS = timedelta(days=7)
CONFIRM_EVERY = timedelta(days=92)
GRACE = timedelta(days=14)

# Without 0, 1, i, l, o: nobody mistakes one for another when it is read out.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_HANDLE = re.compile(r"[\w](?:[\w.\- ]*[\w])?")


def tidy_handle(typed: str) -> str:
    """A handle as it is kept and compared: one spelling for every way to type it."""
    return " ".join(unicodedata.normalize("NFKC", typed).casefold().split())


def handle_is_fine(handle: str) -> bool:
    """Letters, digits, and dots, hyphens, underscores and spaces between them; so never an e-mail address."""
    return 2 <= len(handle) <= 40 and _HANDLE.fullmatch(handle) is not None


def new_code(*, groups: int = 5, size: int = 5) -> str:
    """A code to type, in groups of letters: five groups of five hold 124 random bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(size)) for _ in range(groups))


def tidy_code(typed: str) -> str:
    """A typed code without the spaces, hyphens and capitals people add."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", typed).lower() if letter.isalnum())


def over_cap(*, holders: Iterable[str], waiting: int, newcomer: str | None, cap: int | None) -> bool:
    """Whether one more key holder is one too many (TEC12).

    ``holders``: ids of people who hold a capped role, ``waiting``: open invitations to one, ``newcomer``: who would come,
    if known. Someone who is counted already takes no second place.
    """
    if cap is None:
        return False
    people = set(holders)
    if newcomer is not None and newcomer in people:
        return False
    return len(people) + waiting + 1 > cap


def lapsed(*, confirmed_at: datetime, now: datetime) -> bool:
    """Whether nobody confirmed a role for a quarter of a year and two weeks more (TEC12)."""
    return now - confirmed_at > CONFIRM_EVERY + GRACE


def to_confirm(*, confirmed_at: datetime, now: datetime) -> bool:
    """Whether it is time to ask if a role is still needed."""
    return now - confirmed_at > CONFIRM_EVERY
