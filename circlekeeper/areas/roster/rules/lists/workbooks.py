"""Rows of an Excel workbook, weighed before it is unpacked; formulas are left out, never worked out."""

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

_MOST_UNPACKED = 60 * 1024 * 1024
_MOST_PARTS = 1000
_MOST_COLUMNS = 200
_NEEDED = "xl/workbook.xml"
_TROUBLE = (
    zipfile.BadZipFile,
    InvalidFileException,
    KeyError,
    ValueError,
    TypeError,
    IndexError,
    AttributeError,
    SyntaxError,  # xml.etree's ParseError is one
    OSError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    AssertionError,
)


class Bomb(Exception):
    """It would unpack to far more than a list of people."""


class TooLong(Exception):
    """The sheet has more rows than we take."""


class Broken(Exception):
    """It is no workbook, or a damaged one."""


def rows(content: bytes, *, most: int) -> Iterator[list[str]]:
    """The rows of the first sheet that has any.

    :raises Bomb: too much to unpack. :raises TooLong: more than ``most`` rows. :raises Broken: it does not open.
    """
    weigh(content)
    try:
        book = openpyxl.load_workbook(
            io.BytesIO(content), read_only=True, data_only=False, keep_vba=False, keep_links=False
        )
    except _TROUBLE:
        raise Broken from None
    try:
        yield from _first_with_rows(book, most)
    except _TROUBLE:
        raise Broken from None
    finally:
        book.close()


def weigh(content: bytes) -> None:
    """Look at the archive's directory only.

    :raises Bomb: what it announces is too much. :raises Broken: it is no workbook.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
                raise Bomb
            if _NEEDED not in names:
                raise Broken
            for part in parts:
                # Entities can multiply inside a small part; no spreadsheet program writes a document type.
                if part.filename.endswith((".xml", ".rels")) and _declares_type(archive.read(part)):
                    raise Bomb
    except _TROUBLE:
        raise Broken from None


def _declares_type(part: bytes) -> bool:
    plain = part.replace(b"\0", b"") if b"\0" in part[:200] else part
    return b"<!DOCTYPE" in plain or b"<!ENTITY" in plain


def _first_with_rows(book: openpyxl.Workbook, most: int) -> Iterator[list[str]]:
    for sheet in book.worksheets:
        seen = 0
        # One row more than we take, so that a longer sheet is noticed and a sheet with one far cell costs nothing.
        for number, row in enumerate(sheet.iter_rows(max_row=4 * most, max_col=_MOST_COLUMNS), 1):
            cells = [_text(cell) for cell in row]
            if not any(cells):
                continue
            seen += 1
            if seen > most or number >= 4 * most:
                raise TooLong
            yield cells
        if seen:
            return


def _text(cell: object) -> str:
    value = getattr(cell, "value", None)
    if value is None or getattr(cell, "data_type", "") in ("f", "e") or isinstance(value, bool):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value)
