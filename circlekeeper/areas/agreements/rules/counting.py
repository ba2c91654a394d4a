"""Counting words, also where a language writes none apart (KIT1)."""

import re
import unicodedata
from collections.abc import Iterable
from math import ceil

_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")

# Scripts written without spaces: how many letters make about one word of English. Chosen on the short side, so that a
# text in one of them is never allowed to be longer than its English reader would be asked to read.
_LETTERS_A_WORD = {
    "CJK": 1.5,
    "HIRAGANA": 2.5,
    "KATAKANA": 2.5,
    "BOPOMOFO": 2.5,
    "THAI": 4.0,
    "LAO": 4.0,
    "KHMER": 4.0,
    "MYANMAR": 4.0,
    "TIBETAN": 3.0,
}
# In Japanese, Chinese letters mostly carry a whole word stem with its ending written beside it.
_BY_LANGUAGE = {"ja": {"CJK": 2.0}}


def words_in(text: str, locale: str) -> int:
    """How many words a reader has to read.

    Words are what stands between spaces; hyphens and apostrophes join. Scripts without spaces are counted in letters
    (marks above and below do not count), so many to a word, rounded up: 1.5 for Chinese, 4 for Thai, Lao, Khmer, Burmese.
    The script decides, not the announced language: a Chinese paragraph in an English text counts the same.
    """
    per_word = _LETTERS_A_WORD | _BY_LANGUAGE.get(locale.replace("_", "-").partition("-")[0].lower(), {})
    letters: dict[str, int] = {}
    rest: list[str] = []
    for char, script in _letters(text):
        if script in per_word:
            letters[script] = letters.get(script, 0) + 1
            rest.append(" ")
        else:
            rest.append(char)
    return len(_WORD.findall("".join(rest))) + ceil(
        sum(count / per_word[script] for script, count in letters.items())
    )


def _letters(text: str) -> Iterable[tuple[str, str]]:
    """Each character with its script; marks and joiners that hang on a letter are left out."""
    for char in unicodedata.normalize("NFC", text):
        category = unicodedata.category(char)
        if category[0] == "M" or category == "Cf":
            continue
        script = unicodedata.name(char, "").partition(" ")[0] if category[0] == "L" and ord(char) > 0x0E00 else ""
        yield char, script
