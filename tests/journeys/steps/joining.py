"""Asking to join, and being answered."""

import re

from tests.journeys.steps.person import Person


def ask_to_join(
    visitor: Person,
    group_id: str,
    alias: str,
    *,
    contact: dict[str, str] | None = None,
    help_with: dict[str, str] | None = None,
    signature: str = "",
) -> str:
    """Four short pages, no account; returns the member key, which is on the page once."""
    fill_in(visitor, group_id, alias, contact=contact, help_with=help_with)
    return agree(visitor, signature or f"{alias}, by my hand")


def fill_in(
    visitor: Person,
    group_id: str,
    alias: str,
    *,
    contact: dict[str, str] | None = None,
    help_with: dict[str, str] | None = None,
) -> None:
    """The first three pages: what to call you, how to reach you, what would help."""
    visitor.go(f"/g/{group_id}/")
    visitor.press("Ask to join")
    visitor.fill(alias=alias)
    visitor.press("Continue")
    visitor.answer(**(contact or {}))
    visitor.press("Continue")
    visitor.answer(**({"area": "Northtown", "number": "112"} | (help_with or {})))
    visitor.press("Continue")


def agree(visitor: Person, signature: str) -> str:
    """The last page: each promise its own tick; returns the key."""
    visitor.tick_all()
    if any(each.attrs.get("name") == "signature" for each in visitor.main.all("input")):
        visitor.fill(signature=signature)
    visitor.press("Ask to join")
    visitor.sees("Keep this key", "We cannot give it to you again")
    return visitor.letters()[0]


def decide(first: Person, second: Person, group_id: str) -> None:
    """Speak with each applicant, and two people say yes; one alone is not enough."""
    for address in _waiting(first, group_id):
        first.go(address)
        first.press("We spoke: it fits")
        for person in (first, second):
            person.go(address)
            person.choose("yes", "yes")
            person.pick("reason", value="fits")
            person.press("This is my word")
    assert _waiting(first, group_id) == []


def _waiting(person: Person, group_id: str) -> list[str]:
    """The addresses of the applications that wait for an answer."""
    path = f"/groups/{group_id}/joining/"
    person.go(path)
    linked = [each.attrs["href"] for each in person.main.all("a")]
    return list(dict.fromkeys(each for each in linked if re.fullmatch(re.escape(path) + r"[a-z2-7]{26}/", each)))
