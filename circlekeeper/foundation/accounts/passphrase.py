"""What makes a passphrase good enough (TEC10): long, hard to guess, not a known one. No rules about kinds of letters.

Everything is checked on this machine: no service is asked.
"""

import unicodedata
from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

LENGTH = 12
LONGEST = 200
SCORE = 3
# zxcvbn's time grows with the square of the length; beyond this a passphrase is judged by its beginning.
_JUDGED = 72
_finders: list[Callable[[], Iterable[str]]] = []


def install(find_words: Callable[[], Iterable[str]]) -> None:
    """Name the function that returns words an attacker would try here first: names of groups. For ``wiring.py``."""
    _finders[:] = [find_words]


class PassphraseValidator:
    """Django password validator; ``words``: names of groups and the like that an attacker would try first."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        self.words = list(words)

    @cached_property
    def _common(self) -> Any:
        return CommonPasswordValidator()

    def validate(self, password: str, user: Any = None) -> None:
        """:raises ValidationError: with a sentence that says what to do."""
        text = tidy(password)
        if len(text) < LENGTH:
            raise ValidationError(_("Make it longer: at least %d letters. Four or five words do it.") % LENGTH)
        if len(text) > LONGEST:
            raise ValidationError(_("Make it shorter: at most %d letters.") % LONGEST)
        try:
            self._common.validate(text, user)
        except ValidationError as known:
            raise ValidationError(
                _("Many people use this one, so it would be tried first. Pick another.")
            ) from known
        handle = str(getattr(user, "handle", "") or "")
        if _score(text[:_JUDGED], _tried_first(handle, *self.words)) < SCORE:
            raise ValidationError(
                _("This one is easy to guess. Add two more words that have nothing to do with you or the group.")
            )

    def get_help_text(self) -> str:
        """What to do, before anything was typed."""
        return _("Four or five words that have nothing to do with each other make a good one.")


def _score(text: str, tried_first: list[str]) -> int:
    # Here and not above: its word lists take 14 MB in every process, and few ever judge a passphrase.
    from zxcvbn import zxcvbn  # noqa: PLC0415

    return int(zxcvbn(text, user_inputs=tried_first)["score"])


def _tried_first(*words: str) -> list[str]:
    """Names, each of their words, and neighbouring words written together."""
    known = [*words, "circlekeeper", *(word for find in _finders for word in find())]
    found: dict[str, None] = {}
    for name in known:
        parts = name.casefold().split()
        for start in range(len(parts)):
            for end in range(start + 1, len(parts) + 1):
                found |= dict.fromkeys((" ".join(parts[start:end]), "".join(parts[start:end])))
    return list(found)


def tidy(password: str) -> str:
    """One spelling for every way a keyboard may write the same letters (NIST SP 800-63B, 5.1.1.2)."""
    return unicodedata.normalize("NFKC", password)
