"""Finding the people in a report: which rows are heading, which are header, which are theirs."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

Rows = Sequence[Sequence[str]]


class Layout(StrEnum):
    """Lists that hosts really have, and anything else."""

    TEMPLATE = "template"
    ZOOM_REGISTRANTS = "zoom-registrants"
    ZOOM_ATTENDEES = "zoom-attendees"
    MEETUP_MEMBERS = "meetup-members"
    MEETUP_EVENT = "meetup-event"
    FORM_ANSWERS = "form-answers"
    OTHER = "other"


TEMPLATE_HEADERS = ("Name in the group", "Mail", "Telephone")
_PEOPLE = "attendee details"
_SECTION = " details"


@dataclass(frozen=True, slots=True)
class Table:
    """The people's part of a list: what each column is called, and the cells, row by row, each as long as the header."""

    layout: Layout
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def find_table(rows: Rows) -> Table | None:
    """The people in these rows, or None when there are none."""
    body = _people_section(rows)
    start = next((at for at, row in enumerate(body) if _is_header(row)), 0)
    if len(body) - start < 2:
        return None
    headers = _trimmed(body[start])
    layout = _layout(headers)
    width = len(headers)
    cells = tuple(_fitted(row, width) for row in body[start + 1 :] if list(_trimmed(row)) != list(headers))
    return Table(layout, tuple(headers), tuple(row for row in cells if any(row))) if any(map(any, cells)) else None


def _people_section(rows: Rows) -> Rows:
    """Of a report in several sections, the one with the people who came; otherwise everything."""
    starts = [at for at, row in enumerate(rows) if _only(row).lower() == _PEOPLE]
    if not starts:
        return rows
    first = starts[0] + 1
    end = next((at for at in range(first, len(rows)) if _only(rows[at]).lower().endswith(_SECTION)), len(rows))
    return rows[first:end]


def _only(row: Sequence[str]) -> str:
    """The text of a row that has one cell, else nothing."""
    filled = [cell for cell in row if cell]
    return filled[0] if len(filled) == 1 else ""


def _is_header(row: Sequence[str]) -> bool:
    """A header names its columns: two or more of them, the first filled, none of them a mail address or a number."""
    filled = [cell for cell in row if cell]
    if len(filled) < 2 or not row[0]:
        return False
    return not any("@" in cell or cell.replace(" ", "").lstrip("+").isdigit() for cell in filled)


def _layout(headers: Sequence[str]) -> Layout:
    names = [header.casefold() for header in headers]
    known = set(names)
    if names[:3] == [header.casefold() for header in TEMPLATE_HEADERS]:
        return Layout.TEMPLATE
    if {"attended", "join time"} <= known or any(name.startswith("user name (original") for name in names):
        return Layout.ZOOM_ATTENDEES
    if names[:3] == ["first name", "last name", "email"]:
        return Layout.ZOOM_REGISTRANTS
    if "user id" in known and "rsvp" in known:
        return Layout.MEETUP_EVENT
    if "user id" in known and ("joined group on" in known or "member id" in known):
        return Layout.MEETUP_MEMBERS
    if names[0] == "timestamp":
        return Layout.FORM_ANSWERS
    return Layout.OTHER


def _trimmed(row: Sequence[str]) -> list[str]:
    cells = list(row)
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _fitted(row: Sequence[str], width: int) -> tuple[str, ...]:
    return tuple(row[at] if at < len(row) else "" for at in range(width))
