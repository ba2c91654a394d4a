"""How hard a text is to read (POL2). A weak proxy: two people from the audience reading it aloud say more."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from circlekeeper.areas.agreements.rules.counting import words_in

GRADE_LIMIT = 8.0
LONGEST_SENTENCE = 30
HARD_SENTENCE = 13.0
FEWEST_WORDS = 40  # below this the grade of a whole text says nothing
_SPACED_OUT = {"de": 28, "fi": 24, "hu": 24, "et": 24, "tr": 24}
_ENDS = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+|(?<=[。！？])|\n\s*\n|\n(?=\s*(?:[-*+]|\d+[.)]|#)\s)|\n(?=\|)")
_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?")
_VOWELS = re.compile(r"[aeiouy]+")
_MARKS = re.compile(r"^[\s>#*+\-|]+|^\d+[.)]\s+")

JARGON = {
    "aforementioned": "this",
    "ascertain": "find out",
    "commence": "start",
    "consequently": "so",
    "data controller": "we",
    "data processor": "a company that works for us",
    "data subject": "you",
    "data subjects": "people",
    "disseminate": "pass on",
    "endeavour": "try",
    "forthwith": "now",
    "hereafter": "from now on",
    "hereby": "(leave it out)",
    "herein": "here",
    "hereinafter": "from now on",
    "implement": "do",
    "in accordance with": "as … says",
    "in respect of": "about",
    "in the event of": "if",
    "in the event that": "if",
    "indemnify": "pay for",
    "inter alia": "among other things",
    "lawful basis": "why we may",
    "legitimate interest": "good reason",
    "legitimate interests": "good reasons",
    "leverage": "use",
    "notwithstanding": "even if",
    "personally identifiable information": "what shows who you are",
    "personal data": "what we know about you",
    "prior to": "before",
    "pseudonymised": "under another name",
    "pursuant to": "under",
    "rectification": "putting right",
    "shall": "will",
    "subsequent to": "after",
    "terminate": "end",
    "the undersigned": "I",
    "thereof": "of it",
    "third party": "someone else",
    "third parties": "others",
    "utilise": "use",
    "utilize": "use",
    "whereas": "(leave it out)",
    "with regard to": "about",
    "with respect to": "about",
}
_JARGON = re.compile(
    r"\b(" + "|".join(sorted(map(re.escape, JARGON), key=len, reverse=True)) + r")\b", re.IGNORECASE
)


class Why(StrEnum):
    """What is hard about a sentence."""

    LONG = "long"
    JARGON = "jargon"
    HARD_WORDS = "hard words"


@dataclass(frozen=True, slots=True)
class HardSentence:
    """One sentence to write again. ``words`` holds jargon as (word, plainer word)."""

    sentence: str
    why: Why
    words: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """How a text reads. ``grade`` is the school year of Flesch and Kincaid (1975), English only."""

    words: int
    sentences: int
    longest: int
    grade: float | None
    hard: tuple[HardSentence, ...]

    @property
    def average(self) -> int:
        """Words in a sentence, rounded."""
        return round(self.words / self.sentences) if self.sentences else 0

    @property
    def plain(self) -> bool:
        """Whether it may be published."""
        return not self.hard


def read_ease(text: str, locale: str) -> Reading:
    """Read a text as plainly as its readers will.

    Every language: no sentence over 30 words (24-28 where words grow long). English also: no jargon, no sentence of hard
    words, and a grade of at most 8 over the whole; the sentences to change are named.
    """
    language = locale.replace("_", "-").partition("-")[0].lower()
    limit = _SPACED_OUT.get(language, LONGEST_SENTENCE)
    parts = list(sentences(text))
    lengths = [words_in(part, locale) for part in parts]
    hard = [HardSentence(part, Why.LONG) for part, length in zip(parts, lengths, strict=True) if length > limit]
    grade = None
    if language == "en":
        grade = grade_of(text)
        hard += [found for part in parts if (found := _jargon(part))]
        hard += _hard_words(parts, whole=grade, named={each.sentence for each in hard})
    return Reading(sum(lengths), len(parts), max(lengths, default=0), grade, tuple(hard))


def sentences(text: str) -> Iterator[str]:
    """The sentences, headings and list entries of a text."""
    for part in _ENDS.split(text):
        plain = " ".join(_MARKS.sub("", part or "").split())
        if any(char.isalnum() for char in plain):
            yield plain


def grade_of(text: str) -> float:
    """The Flesch-Kincaid grade of English text: 0.39 words a sentence + 11.8 syllables a word - 15.59."""
    parts = list(sentences(text))
    words = [word for part in parts for word in _WORD.findall(part)]
    if not words:
        return 0.0
    syllables = sum(map(_syllables, words))
    return max(0.0, 0.39 * len(words) / len(parts) + 11.8 * syllables / len(words) - 15.59)


def _syllables(word: str) -> int:
    low = word.lower().rstrip("'’s")
    count = len(_VOWELS.findall(low))
    if low.endswith("e") and not low.endswith(("le", "ee", "ye")) and count > 1:
        count -= 1
    if low.endswith("ed") and not low.endswith(("ted", "ded")) and count > 1:
        count -= 1
    return max(1, count)


def _jargon(sentence: str) -> HardSentence | None:
    found = {match.lower() for match in _JARGON.findall(sentence)}
    return (
        HardSentence(sentence, Why.JARGON, tuple((word, JARGON[word]) for word in sorted(found)))
        if found
        else None
    )


def _hard_words(parts: list[str], *, whole: float, named: set[str]) -> list[HardSentence]:
    rest = sorted(
        ((grade_of(part), part) for part in parts if part not in named and len(_WORD.findall(part)) > 4),
        reverse=True,
    )
    worst = [part for grade, part in rest if grade > HARD_SENTENCE and len(_WORD.findall(part)) > 11]
    words = sum(len(_WORD.findall(part)) for part in parts)
    if whole > GRADE_LIMIT and words >= FEWEST_WORDS and not worst:
        worst = [part for grade, part in rest[:3] if grade > GRADE_LIMIT]
    return [HardSentence(part, Why.HARD_WORDS) for part in worst]
