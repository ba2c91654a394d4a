"""Pages as a person without script gets them: a small tree of HTML, and the words in it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
UNREAD = frozenset(("script", "style", "title", "svg", "noscript"))


@dataclass(slots=True, eq=False)
class Node:
    """One element."""

    tag: str
    attrs: dict[str, str] = field(default_factory=dict)
    inside: list["Node | str"] = field(default_factory=list)
    parent: "Node | None" = None

    def all(self, *tags: str, css: str = "") -> Iterator["Node"]:
        """Every element below of these kinds (any, if none is named) that carries the class ``css``."""
        for each in self.inside:
            if isinstance(each, Node):
                if (not tags or each.tag in tags) and (not css or css in each.attrs.get("class", "").split()):
                    yield each
                yield from each.all(*tags, css=css)

    def up(self, tag: str) -> "Node | None":
        """The nearest element of this kind around this one."""
        around = self.parent
        while around is not None and around.tag != tag:
            around = around.parent
        return around

    @property
    def words(self) -> str:
        """What can be read, with single spaces."""
        return re.sub(r"\s+", " ", "".join(self._pieces())).strip()

    def pieces_in_sight(self) -> list[str]:
        """The pieces of text before someone who unfolds nothing: no lists to pick from, of folded parts the first line."""
        pieces = (re.sub(r"\s+", " ", each).strip() for each in self._pieces(folded=True))
        return [each for each in pieces if each]

    def _pieces(self, *, folded: bool = False) -> Iterator[str]:
        for each in self.inside:
            if isinstance(each, str):
                yield each
            elif each.tag not in UNREAD and not (folded and (each.tag == "select" or self._hides(each))):
                yield from each._pieces(folded=folded)
                # Words of two blocks do not grow together.
                yield "" if each.tag in ("bdi", "span", "strong", "a") else " "

    def _hides(self, each: "Node") -> bool:
        return self.tag == "details" and "open" not in self.attrs and each.tag != "summary"


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self.here = Node("")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Node(tag, {name: value or "" for name, value in attrs}, parent=self.here)
        self.here.inside.append(made)
        if tag not in VOID:
            self.here = made

    def handle_endtag(self, tag: str) -> None:
        at: Node | None = self.here
        while at is not None and at.tag != tag:
            at = at.parent
        if at is not None and at.parent is not None:
            self.here = at.parent

    def handle_data(self, data: str) -> None:
        self.here.inside.append(data)


def page(html: str) -> Node:
    """The tree of a page."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    return builder.root


def main_of(root: Node) -> Node:
    """The part of a page that is its own."""
    return next(root.all("main"), root)
