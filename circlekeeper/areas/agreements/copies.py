"""The signed copy: an agreement with the name under it as a tagged PDF, and the code with which anyone can check it (CNF2).

What is kept in the clear are two marks made with the code, which stands only in the copy itself: nobody finds a copy, or
tells what is in it, from the marks.
"""

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.post import pdf
from circlekeeper.foundation.post.blocks import Key, Section, Text
from circlekeeper.foundation.vault import kdf

_LETTERS = 20
_GROUP = 5


@dataclass(frozen=True, slots=True)
class SignedCopy:
    """A copy and the two marks it is known by."""

    file: bytes = field(repr=False)
    code_mark: bytes
    file_mark: bytes

    def as_text(self) -> str:
        """The file for sealing as JSON."""
        return base64.b64encode(self.file).decode()


def make(sections: Sequence[Section], *, foot: Sequence[str], name: str, at: datetime, lang: str) -> SignedCopy:
    """Print a signed copy. Takes up to 20 ms; never inside an action. The day is UTC."""
    code = new_id()[:_LETTERS]
    with override(lang):
        signed = Section(
            _("Signed"),
            (
                Text(_("By: %(name)s") % {"name": name}),
                Text(_("On: %(day)s") % {"day": date_format(at, "j F Y")}),
                Text(_("Whoever holds this copy can check that nobody changed it, with this code:")),
                Key(_spaced(code)),
            ),
        )
        file = pdf.document([*sections, signed], title=_("Agreement"), lang=lang, foot=foot)
    return SignedCopy(file, code_mark(code), file_mark(code, file))


def read(text: str) -> bytes:
    """The file out of what was sealed."""
    return base64.b64decode(text)


def plain_code(typed: str) -> str:
    """A code as it was printed, however somebody typed it: spaces, dashes and capitals do not count."""
    return re.sub(r"[^a-z0-9]", "", typed.casefold())


def code_mark(code: str) -> bytes:
    """What a copy is found by."""
    return kdf.derive(_key(code), "signed-copy-code")


def file_mark(code: str, file: bytes) -> bytes:
    """What the bytes of a copy are compared with."""
    return kdf.derive(_key(code), "signed-copy-file", hashlib.sha256(file).digest())


def _key(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()


def _spaced(code: str) -> str:
    return "-".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP))
