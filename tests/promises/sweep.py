"""Looking for planted words everywhere a machine keeps bytes, in every dress they may wear."""

import base64
import io
from collections.abc import Iterable, Mapping
from pathlib import Path

Found = list[tuple[str, str]]  # which canary, where


def dresses(word: str) -> set[bytes]:
    """The byte strings a word may hide as: plain, UTF-16, hexadecimal, and base64 at its three alignments."""
    plain = word.encode()
    found = {
        plain,
        plain.lower(),
        plain.upper(),
        word.encode("utf-16-le"),
        plain.hex().encode(),
        plain.hex().upper().encode(),
    }
    for shift in range(3):
        whole = base64.b64encode(b"\0" * shift + plain)
        # The first and last letters also carry bits of the neighbours.
        inner = whole[4 if shift else 0 : -4]
        if len(inner) >= 8:
            found |= {inner, inner.replace(b"+", b"-").replace(b"/", b"_")}
    return found


def in_bytes(canaries: Mapping[str, str], held: bytes, where: str) -> Found:
    """The canaries that are in these bytes."""
    return [(name, where) for name, word in canaries.items() if any(dress in held for dress in dresses(word))]


def in_files(canaries: Mapping[str, str], folders: Iterable[Path]) -> Found:
    """The canaries that are in any file below these folders: databases, write-ahead logs, keys, what else there is."""
    found: Found = []
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                found += in_bytes(canaries, path.read_bytes(), path.name)
    return found


def in_pdf(canaries: Mapping[str, str], held: bytes, where: str) -> Found:
    """The canaries in a PDF: its bytes, what its metadata say, and the text of its pages."""
    from pypdf import PdfReader

    document = PdfReader(io.BytesIO(held))
    said = " ".join(f"{name} {value}" for name, value in (document.metadata or {}).items())
    xmp = document.xmp_metadata
    if xmp is not None:
        said += xmp.stream.get_data().decode(errors="replace")
    text = " ".join(each.extract_text() for each in document.pages)
    return [
        *in_bytes(canaries, held, where),
        *in_bytes(canaries, said.encode(), f"{where}, metadata"),
        *in_bytes(canaries, text.encode(), f"{where}, text"),
    ]
