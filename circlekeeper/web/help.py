"""Numbers to ring when someone needs help now, from ``content/help/numbers.toml``."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

FILE = Path(__file__).parent.parent / "content" / "help" / "numbers.toml"
_KINDS = ("emergency", "listening", "violence")


class BadNumbers(ValueError):
    """The file of numbers is not as it should be; the text names the entry."""


@dataclass(frozen=True, slots=True)
class Number:
    """One line to ring. ``check_first``: nobody has looked at its source since its recheck date."""

    name: str
    dial: str
    kind: str
    when: str
    note: str
    source: str
    verified: date
    recheck: date
    check_first: bool

    @property
    def tel(self) -> str:
        """The number as a ``tel:`` address holds it."""
        return "".join(letter for letter in self.dial if letter in "+0123456789")


@dataclass(frozen=True, slots=True)
class Region:
    """One country's numbers, emergency first."""

    code: str
    name: str
    numbers: tuple[Number, ...]


def regions(*, today: date, home: str = "", path: Path = FILE) -> tuple[Region, ...]:
    """Every region of the file, the one with code ``home`` first.

    :raises BadNumbers: an entry lacks a field, a source, or a number that can be dialled.
    """
    found = tuple(_region(raw, today) for raw in _load(path))
    return tuple(sorted(found, key=lambda region: (region.code != home.upper(), region.name)))


@cache
def _load(path: Path) -> Sequence[dict[str, Any]]:
    listed: Sequence[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8")).get("region", [])
    if not listed:
        raise BadNumbers(path.name)
    return listed


def _region(raw: dict[str, Any], today: date) -> Region:
    try:
        numbers = [_number(entry, today) for entry in raw["number"]]
        return Region(
            raw["code"], raw["name"], tuple(sorted(numbers, key=lambda number: _KINDS.index(number.kind)))
        )
    except KeyError as missing:
        raise BadNumbers(f"{raw.get('code', '?')}: {missing.args[0]} is missing") from missing


def _number(raw: dict[str, Any], today: date) -> Number:
    recheck = raw["verified"] + timedelta(days=raw["recheck_days"])
    number = Number(
        name=raw["name"],
        dial=raw["dial"],
        kind=raw["kind"],
        when=raw.get("when", ""),
        note=raw.get("note", ""),
        source=raw["source"],
        verified=raw["verified"],
        recheck=recheck,
        check_first=today > recheck,
    )
    if number.kind not in _KINDS or not number.tel or urlsplit(number.source).scheme != "https":
        raise BadNumbers(f"{number.name}: kind, number or source")
    return number
