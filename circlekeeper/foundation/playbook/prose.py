"""Shapes of agreements and scripts: facts in TOML, words in Markdown."""

import re
from typing import Literal, Self

from pydantic import Field, model_validator

from circlekeeper.foundation.playbook.durations import Span
from circlekeeper.foundation.playbook.schemas import Facts, Line, Row, Slug

STATEMENT_WORDS = 199
SPOKEN_WORDS = 40
KEPT = "{kept}"
CALM = "calm"
_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")


def count_words(text: str) -> int:
    """Words of a text in a language that puts spaces between them."""
    return len(_WORD.findall(text))


class Section(Facts):
    """One section of the default policy. ``words`` is Markdown; facts in braces are filled from configuration."""

    id: Slug
    title: Line
    mandatory: bool
    words: str


class Norm(Facts):
    """One rule the group keeps. A fixed norm cannot be removed (CON3)."""

    id: Slug
    fixed: bool
    words: Line
    script: Slug


class Block(Facts):
    """One of the four blocks of the confidentiality statement (KIT1)."""

    id: Slug
    title: Line
    words: str


class PledgeText(Facts):
    """What a member promises, by strength of signature (CNF1)."""

    id: Literal["tick", "typed", "signed"]
    title: Line
    how: Line
    words: str


class Kept(Facts):
    """One kind of confidentiality: what may be told outside (CNF1). ``words`` stand in the promise for ``{kept}``."""

    id: Slug
    title: Line
    about: Line
    words: Line


class Purpose(Facts):
    """One thing a person may agree to, by itself (CON1)."""

    id: Slug
    kind: Literal["collect", "share", "record", "archive", "pilot"]
    title: Line
    words: Line
    withdrawn: Line  # what stops when it is withdrawn, said before confirming
    needed_to_join: bool
    lasts: Span | None = None
    guide: tuple[Row, ...] = Field(min_length=1)


class Agreements(Facts):
    """Default texts of one language; a group edits copies, never these."""

    language: str
    sections: tuple[Section, ...]
    norms: tuple[Norm, ...]
    statement: tuple[Block, ...]
    pledges: tuple[PledgeText, ...]
    kept: tuple[Kept, ...] = Field(min_length=1)
    purposes: tuple[Purpose, ...]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if sum(norm.fixed for norm in self.norms) != 3:
            raise ValueError("norms: exactly three are fixed")
        if [block.id for block in self.statement] != ["private", "not-private", "exceptions", "report"]:
            raise ValueError("statement: four blocks, private, not-private, exceptions, report")
        if sum(count_words(block.words) for block in self.statement) > STATEMENT_WORDS:
            raise ValueError("statement: under 200 words in all")
        if {pledge.id for pledge in self.pledges} != {"tick", "typed", "signed"}:
            raise ValueError("pledges: tick, typed and signed")
        if any(pledge.words.count(KEPT) != 1 for pledge in self.pledges):
            raise ValueError(f"pledges: {KEPT} stands in each, once")
        if sum(section.mandatory for section in self.sections) < 4:
            raise ValueError("policy: at least four mandatory sections")
        return self


class Spoken(Facts):
    """Words to say aloud or to write, in one tone; ``format``: only where people meet like this, or empty."""

    tone: str
    format: Literal["", "online", "in_person"] = ""
    words: str

    @model_validator(mode="after")
    def _short(self) -> Self:
        if count_words(self.words) > SPOKEN_WORDS:
            raise ValueError(f"at most {SPOKEN_WORDS} words")
        return self


class Script(Facts):
    """A short card for a hard moment (KIT3)."""

    id: Slug
    language: str
    title: Line
    say: tuple[Spoken, ...] = Field(min_length=1)
    then: str

    @model_validator(mode="after")
    def _words_everywhere(self) -> Self:
        for where in ("online", "in_person"):
            if not self.said(where):
                raise ValueError(f"say: no words for a meeting that is {where}")
        return self

    def said(self, where: str) -> tuple[Spoken, ...]:
        """The words that fit a meeting held like this (``online``, ``in_person``; ``hybrid``: both), the calm ones first."""
        return tuple(each for each in self.say if where == "hybrid" or each.format in ("", where))


def read_script(*, name: str, language: str, text: str) -> Script:
    """Split a card into its title (``#``), what to say (``## Say, tone (format)``) and what to do then (``## Then``).

    :raises ValueError: a part is missing.
    """
    title, *parts = re.split(r"^## +", text.strip(), flags=re.MULTILINE)
    if not title.startswith("# "):
        raise ValueError("title: the first line is # and the title")
    named = [part.partition("\n") for part in parts]
    say = tuple(_spoken(head, body) for head, _, body in named if head.startswith("Say"))
    then = [body.strip() for head, _, body in named if head.strip() == "Then"]
    if len(then) != 1:
        raise ValueError("section: exactly one is called ## Then")
    facts = {"id": name, "language": language, "title": title[2:].strip(), "say": say, "then": then[0]}
    return Script.model_validate(facts)


def _spoken(head: str, body: str) -> dict[str, str]:
    """``Say``, ``Say, firm`` or ``Say, firm (online)``."""
    tone, _, where = head.removeprefix("Say").strip().removesuffix(")").partition("(")
    return {"tone": tone.strip(" ,") or CALM, "format": where.strip().replace(" ", "_"), "words": body.strip()}
