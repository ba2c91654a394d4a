"""Blocks: the one form of a text that both a page and a PDF are made from, so that they say the same words.

Markdown of people's own making becomes blocks too. Marks inside a line (bold, links, pictures) become their plain words:
nothing a person types can turn into markup, an address to fetch or a command.
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from markdown_it import MarkdownIt
from markdown_it.token import Token

_READER = MarkdownIt("js-default")


@dataclass(frozen=True, slots=True)
class Text:
    """One paragraph."""

    kind: ClassVar[str] = "text"
    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a section."""

    kind: ClassVar[str] = "heading"
    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list without an order."""

    kind: ClassVar[str] = "bullets"
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Steps:
    """A numbered list."""

    kind: ClassVar[str] = "steps"
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a heading above each column; short enough for a page."""

    kind: ClassVar[str] = "table"
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Key:
    """Something to copy by hand, in large even letters."""

    kind: ClassVar[str] = "key"
    text: str


Block = Text | Heading | Bullets | Steps | Table | Key


@dataclass(frozen=True, slots=True)
class Section:
    """A titled run of blocks."""

    title: str
    blocks: tuple[Block, ...]


def as_data(section: Section) -> dict[str, Any]:
    """A section as plain values, for JSON."""
    return {
        "title": section.title,
        "blocks": [{"kind": block.kind, **asdict(block)} for block in section.blocks],
    }


def words_of(block: Block) -> Iterator[str]:
    """Each piece of text in a block, in reading order."""
    match block:
        case Text(text) | Heading(text) | Key(text):
            yield text
        case Bullets(items) | Steps(items):
            yield from items
        case Table(headings, rows):
            yield from headings
            for row in rows:
                yield from row


def plain(sections: Iterable[Section]) -> str:
    """Sections as plain text, one piece a line: what is hashed, counted and compared."""
    lines = []
    for section in sections:
        lines += [section.title, *(piece for block in section.blocks for piece in words_of(block)), ""]
    return "\n".join(lines).strip() + "\n"


def from_markdown(source: str) -> tuple[Block, ...]:
    """The blocks of a Markdown text; pictures become their description, HTML becomes ordinary words."""
    found: list[Block] = []
    tokens = _READER.parse(source)
    at = 0
    while at < len(tokens):
        end = _close(tokens, at)
        found += _block(tokens[at : end + 1])
        at = end + 1
    return tuple(found)


def _close(tokens: list[Token], at: int) -> int:
    depth = 0
    for index in range(at, len(tokens)):
        depth += tokens[index].nesting
        if depth == 0:
            return index
    return len(tokens) - 1


def _block(tokens: list[Token]) -> list[Block]:
    match tokens[0].type:
        case "heading_open":
            return [Heading(text) for text in _inline(tokens)]
        case "bullet_list_open":
            return [Bullets(_items(tokens))]
        case "ordered_list_open":
            return [Steps(_items(tokens))]
        case "table_open":
            return [_table(tokens)]
        case "fence" | "code_block":
            return [Text(" ".join(tokens[0].content.split()))]
        case _:
            return [Text(text) for text in _inline(tokens)]


def _items(tokens: list[Token]) -> tuple[str, ...]:
    """One entry for each paragraph of the list; lists inside lists become flat."""
    return tuple(_inline(tokens))


def _table(tokens: list[Token]) -> Table:
    headings: list[str] = []
    rows: list[tuple[str, ...]] = []
    row: list[str] = []
    for at, token in enumerate(tokens):
        if token.type in ("th_open", "td_open"):
            cell = next(iter(_inline([tokens[at + 1]])), "")
            (headings if token.type == "th_open" else row).append(cell)
        elif token.type == "tr_close" and row:
            rows.append(tuple(row))
            row = []
    return Table(tuple(headings), tuple(rows))


def _inline(tokens: Iterable[Token]) -> list[str]:
    return [text for token in tokens if token.type == "inline" and (text := _plain(token))]


def _plain(token: Token) -> str:
    pieces = []
    for child in token.children or ():
        if child.type in ("softbreak", "hardbreak"):
            pieces.append(" ")
        else:
            pieces.append(child.content)
    return " ".join("".join(pieces).split())
