"""From the bytes of a file to rows of plain text. Nothing is evaluated, nothing is written to a disk."""

import csv
import io
from collections.abc import Iterable, Iterator
from enum import StrEnum

from circlekeeper.areas.roster.rules.lists import workbooks

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 5000
# Report headings, blank lines and other sections stand beside the people.
_MOST_LINES = MOST_ROWS + 300
_LONGEST_CELL = 20_000

_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"%PDF", b"\0\0\0\x0cjP")
_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_MARKUP = (b"<html", b"<!doctype", b"<table", b"<?xml")
_SEPARATORS = (",", ";", "\t", "|")


class ListFault(StrEnum):
    """Why a file cannot be read as a list."""

    EMPTY = "empty"
    TOO_BIG = "too big"
    TOO_MANY = "too many rows"
    PICTURE = "a picture or a document"
    OLD_EXCEL = "an old Excel file"
    WEB_PAGE = "a web page"
    BROKEN = "broken"
    BOMB = "unpacks to far too much"


class Unreadable(Exception):
    """The file is no list we read. ``fault`` says why; nothing of its content is in here."""

    def __init__(self, fault: ListFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def read_rows(content: bytes) -> list[list[str]]:
    """Every row with something in it, as stripped text; formulas become empty cells.

    :raises Unreadable: it is too big, no list, or broken.
    """
    fault = _refused(content)
    if fault is not None:
        raise Unreadable(fault)
    rows = _from_workbook(content) if content.startswith(_ZIP) else _from_text(content)
    return list(_kept(rows))


def _refused(content: bytes) -> ListFault | None:
    if len(content) > MOST_BYTES:
        return ListFault.TOO_BIG
    if not content.strip(b"\0 \t\r\n"):
        return ListFault.EMPTY
    if content.startswith(_PICTURES) or content[4:8] == b"ftyp" or content[8:12] == b"WEBP":
        return ListFault.PICTURE
    if content.startswith(_OLD_EXCEL):
        return ListFault.OLD_EXCEL
    if content.lstrip()[:20].lower().startswith(_MARKUP):
        return ListFault.WEB_PAGE
    return None


def _from_workbook(content: bytes) -> Iterator[list[str]]:
    try:
        yield from workbooks.rows(content, most=_MOST_LINES)
    except workbooks.Bomb:
        raise Unreadable(ListFault.BOMB) from None
    except workbooks.TooLong:
        raise Unreadable(ListFault.TOO_MANY) from None
    except workbooks.Broken:
        raise Unreadable(ListFault.BROKEN) from None


def _from_text(content: bytes) -> Iterator[list[str]]:
    text = decode(content).replace("\0", "")
    first, _, rest = text.partition("\n")
    separator = ""
    if first.strip().lower().startswith("sep="):
        separator, text = first.strip()[4:5] or ",", rest
    separator = separator or _separator(text)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    except csv.Error:
        raise Unreadable(ListFault.BROKEN) from None


def decode(content: bytes) -> str:
    """Text in whatever encoding it came: by its mark, else UTF-8, else UTF-16 by its zeros, else Windows-1252."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    head = content[:4000]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) > len(head) // 4:
        return content.decode("utf-16-be" if even > odd else "utf-16-le", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _separator(text: str) -> str:
    """The sign that cuts the most lines into the most cells; quoted text does not count."""
    lines = [line for line in text[:40_000].splitlines() if line.strip()][:40]
    unquoted = ["".join(line.split('"')[::2]) for line in lines]
    counts = {sign: sorted((line.count(sign) for line in unquoted), reverse=True) for sign in _SEPARATORS}
    return max(_SEPARATORS, key=lambda sign: (sum(counts[sign][: len(lines) // 2 + 1]), -_SEPARATORS.index(sign)))


def _kept(rows: Iterable[list[str]]) -> Iterator[list[str]]:
    kept = 0
    for row in rows:
        cells = [_cell(cell) for cell in row]
        if not any(cells):
            continue
        kept += 1
        if kept > _MOST_LINES:
            raise Unreadable(ListFault.TOO_MANY)
        yield cells


def _cell(text: str) -> str:
    """One cell as text a spreadsheet would never run: formulas go, a leading sign stays only before a number."""
    plain = text.strip().strip("\ufeff")
    if not plain or plain == "--" or len(plain) > _LONGEST_CELL:
        return ""
    if plain[0] in "=\t\r":
        return ""
    if plain[0] in "+-@":
        body = plain[1:].strip()
        numeric = bool(body) and all(char.isdigit() or char in " ().-/" for char in body)
        return plain if numeric and plain[0] != "@" else body.lstrip("=+-@ ")
    return plain
