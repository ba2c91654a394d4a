"""From chosen columns to people: each once, each with one way to be reached at most."""

from collections.abc import Mapping
from dataclasses import dataclass

from circlekeeper.areas.roster.rules.aliases import alias_fault, tidy_alias
from circlekeeper.areas.roster.rules.contact import SafeContact, Says, contact_fault
from circlekeeper.areas.roster.rules.lists.columns import Target
from circlekeeper.areas.roster.rules.lists.layouts import Table


@dataclass(frozen=True, slots=True)
class Listed:
    """One person of a list. An empty name is to be given a neutral one."""

    name: str
    channel: str
    address: str


@dataclass(frozen=True, slots=True)
class Picked:
    """The people of a list, and how many rows said nothing new or nothing usable."""

    people: tuple[Listed, ...]
    repeated: int
    unusable: int


def pick_people(table: Table, goes: Mapping[int, Target]) -> Picked:
    """Read the columns that go somewhere; every other cell is left behind."""
    at: dict[Target, int] = {target: column for column, target in goes.items() if target is not Target.DROP}
    seen: set[str] = set()
    people: list[Listed] = []
    repeated = unusable = 0
    for row in table.rows:
        listed = _listed(row, at)
        mark = _mark(listed)
        if not mark:
            unusable += 1
        elif mark in seen:
            repeated += 1
        else:
            seen.add(mark)
            people.append(listed)
    return Picked(tuple(people), repeated, unusable)


def _listed(row: tuple[str, ...], at: Mapping[Target, int]) -> Listed:
    name = tidy_alias(row[at[Target.NAME]]) if Target.NAME in at else ""
    if alias_fault(name):
        name = ""
    for channel, target in (("mail", Target.MAIL), ("call", Target.PHONE)):
        address = row[at[target]].strip() if target in at else ""
        if address and not contact_fault(SafeContact(says=Says.YES, channel=channel, address=address)):
            return Listed(name, channel, address)
    return Listed(name, "", "")


def _mark(listed: Listed) -> str:
    """What makes two rows the same person; empty when there is nothing to go by."""
    if listed.channel == "mail":
        return f"mail:{listed.address.casefold()}"
    if listed.channel == "call":
        return "call:" + "".join(char for char in listed.address if char.isdigit())
    return f"name:{listed.name.casefold()}" if listed.name else ""
