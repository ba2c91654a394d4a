"""What a command gives back, and how it is said."""

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

FINE, FINDING, WRONG_USE = 0, 1, 2

Document = Mapping[str, Any] | Sequence[Mapping[str, Any]]
Answer = tuple[int, Document]


def as_json(document: Document) -> str:
    """One JSON document; what JSON does not know (dates, ids) is written as text."""
    return json.dumps(document, default=str, ensure_ascii=False, indent=2)


def as_lines(document: Document) -> str:
    """The same facts for a person: ``name: value`` lines, lists indented below their name."""
    if not isinstance(document, Mapping):
        return "\n\n".join(as_lines(each) for each in document) or "–"
    return "\n".join(line for name, value in document.items() for line in _lines(name, value))


def _lines(name: str, value: object) -> list[str]:
    title = name.replace("_", " ")
    if isinstance(value, Mapping):
        return [f"{title}:", *(f"  {line}" for key, inner in value.items() for line in _lines(str(key), inner))]
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [f"{title}: –"] if not value else [f"{title}:", *(f"  {_item(each)}" for each in value)]
    return [f"{title}: {_word(value)}"]


def _item(value: object) -> str:
    if isinstance(value, Mapping):
        return "  ".join(_word(inner) for inner in value.values() if inner not in ("", None))
    return _word(value)


def _word(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "–" if value is None else str(value)


def say(document: Document, *, as_document: bool) -> None:
    """Print to standard output."""
    sys.stdout.write((as_json(document) if as_document else as_lines(document)) + "\n")
    sys.stdout.flush()


def refuse(sentence: str) -> None:
    """Print one sentence to standard error."""
    sys.stderr.write(sentence + "\n")
