"""Tagged PDFs (PDF/UA-1) through typst. Nothing is fetched, nothing is read but our own templates and fonts.

Text reaches a document only as JSON. A character no font can draw is replaced; if that is not enough the file is made
without the accessibility standard; a letter in somebody's name never makes an error (stack notes, section 9).
"""

import json
import re
import tempfile
import threading
import unicodedata
from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

import typst

from circlekeeper.foundation.post.blocks import Section, as_data

HERE = Path(__file__).parent
MISSING = "\N{REPLACEMENT CHARACTER}"
UA: list[Any] = ["ua-1"]
_ROUNDS = 24
_RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
_NAMED = re.compile(r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed')
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|(.))")
_DRAWN = frozenset({"LATIN", "GREEK", "CYRILLIC", "MODIFIER", "COMBINING"})
_LEANING = frozenset({"Mn", "Mc", "Me", "Cf"})
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # could make a name read as another
_PICTURES = 0x1F000
_PLAIN_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "0": "\0"}
_LANGUAGE = re.compile(r"^[a-z]{2,3}$")


class NoSuchTemplate(LookupError):
    """The template does not exist; a mistake in the code that asked."""


class _Press:
    """A kept compiler; one document at a time, because it remembers its last inputs."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        # The folder stays empty: it is root and package path at once, so there is nothing to read or to load.
        self.empty = tempfile.TemporaryDirectory(prefix="circlekeeper-empty-")
        fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(HERE / "fonts")])
        self.compiler = typst.Compiler(
            root=self.empty.name,
            font_paths=fonts,
            ignore_system_fonts=True,
            package_path=self.empty.name,
            package_cache_path=self.empty.name,
        )

    def print(self, source: bytes, given: dict[str, Any], standards: list[Any]) -> bytes:
        inputs = {"given": json.dumps(given, ensure_ascii=False)}
        with self.lock:
            made = self.compiler.compile(source, format="pdf", sys_inputs=inputs, pdf_standards=standards)
            self.compiler.compile(b"", format="pdf", sys_inputs=None)  # forgets the text it was given
        if not isinstance(made, bytes):
            raise TypeError("one document was expected")
        return made


@cache
def _press() -> _Press:
    return _Press()


@cache
def _source(template: str) -> bytes:
    path = HERE / "typst" / f"{template}.typ"
    if not template.isidentifier() or not path.is_file():
        raise NoSuchTemplate(template)
    return (HERE / "typst" / "prelude.typ").read_bytes() + path.read_bytes()


def document(
    sections: Sequence[Section],
    *,
    title: str,
    lang: str,
    intro: Sequence[str] = (),
    foot: Sequence[str] = (),
) -> bytes:
    """A PDF of titled sections; ``intro`` stands before them, ``foot`` small below."""
    given = {"intro": list(intro), "sections": [as_data(each) for each in sections], "foot": list(foot)}
    return render("document", given, title=title, lang=lang)


def render(template: str, data: dict[str, Any], *, title: str, lang: str) -> bytes:
    """Make a PDF from ``typst/<template>.typ``; ``data`` is JSON-able, ``lang`` a language code such as ``pt-BR``.

    The file carries its title and language and no author, no date, no machine. Takes 3-20 ms after the first; never call
    it inside an action.

    :raises NoSuchTemplate: there is no such template.
    """
    base = lang.replace("_", "-").partition("-")[0].lower()
    base = base if _LANGUAGE.match(base) else "en"
    source = _source(template)
    given = {**_each_text(data, clean), "title": clean(title).strip() or "-", "lang": base}
    given["rtl"] = base in _RIGHT_TO_LEFT
    return _with_fallbacks(source, given)


def _with_fallbacks(source: bytes, given: dict[str, Any]) -> bytes:
    wanting = given
    gone: set[str] = set()
    for _ in range(_ROUNDS):
        try:
            return _press().print(source, wanting, UA)
        except typst.TypstError as failure:
            named = {char for text in _NAMED.findall(str(failure)) for char in _unescaped(text)}
            if not {_family(char) for char in named} - gone:
                break
            gone |= {_family(char) for char in named}
            wanting = _each_text(given, partial(_without, families=frozenset(gone)))
    return _press().print(source, given, [])


def clean(text: str) -> str:
    """The text without characters that are not for reading: control, private, unassigned, ones that turn lines round.

    Line breaks become spaces.
    """
    spaced = re.sub(r"[\t\n\r\f\v\u2028\u2029]+", " ", text)
    return "".join(
        char
        for char in spaced
        if unicodedata.category(char) not in {"Cc", "Co", "Cn", "Cs"} and char not in _TURNING
    )


def _each_text(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: _each_text(inner, change) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_each_text(inner, change) for inner in value]
    return value


def _without(text: str, *, families: frozenset[str]) -> str:
    """The text with one sign for each character of these families; what leans on such a character goes with it."""
    kept: list[str] = []
    for char in text:
        if _family(char) in families:
            kept.append(MISSING)
        elif not (kept and kept[-1] == MISSING and unicodedata.category(char) in _LEANING):
            kept.append(char)
    return "".join(kept)


def _family(char: str) -> str:
    """Characters that a font has or lacks together: a script, the pictures, or the character alone."""
    if ord(char) >= _PICTURES:
        return "pictures"
    script = unicodedata.name(char, char).partition(" ")[0]
    return char if script in _DRAWN or unicodedata.category(char)[0] not in "LM" else script


def _unescaped(named: str) -> str:
    def one(match: re.Match[str]) -> str:
        if match[1]:
            return chr(int(match[1], 16))
        return _PLAIN_ESCAPES.get(match[2], match[2])

    return _ESCAPE.sub(one, named)
