"""A list as a file: plain cells, with the mark of who took it in every row."""

import csv
import io
from collections.abc import Mapping, Sequence

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(*, columns: Sequence[str], rows: Sequence[Mapping[str, str]], mark: str) -> bytes:
    """CSV (RFC 4180) in UTF-8. The last cell of each row, and the heading's, is the mark: who, when, until when.

    A cell that a spreadsheet would run as a formula is kept as text.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*columns, mark])
    for row in rows:
        writer.writerow([*(_safe(row.get(column, "")) for column in columns), mark])
    return out.getvalue().encode()


def _safe(cell: str) -> str:
    return "'" + cell if cell.startswith(_FORMULA) else cell
