"""The signed copy: an agreement with the name under it as a tagged PDF, and the code with which anyone can check it (CNF2).

The name and the code are sealed when the promise is made; the copy is printed from them and from the text, which never
changes, whenever somebody who may open it asks. Each printing is remembered by its mark, so nothing but a copy that was
printed here passes the check. What is kept in the clear are marks made with the code, which stands only in the copy itself:
nobody finds a copy, or tells what is in it, from the marks.
"""

import hashlib
import re
from collections.abc import Sequence
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


def new_code() -> str:
    """A code for one copy: 100 random bits."""
    return new_id()[:_LETTERS]


def printed(
    sections: Sequence[Section], *, foot: Sequence[str], name: str, code: str, at: datetime, lang: str
) -> bytes:
    """Print a signed copy; the same bytes every time until the printing itself changes. Up to 20 ms; the day is UTC."""
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
        return pdf.document([*sections, signed], title=_("Agreement"), lang=lang, foot=foot)


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
