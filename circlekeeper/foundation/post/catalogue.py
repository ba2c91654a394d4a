"""Every word that leaves the house: one neutral text for each way of reaching somebody, whatever happened (WHY1).

Nothing else may be sent, spoken on a machine, printed on an envelope, or used as a file's or a calendar entry's name. Golden
files and a test against the words of all group texts hold them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

# A watcher who only sees sizes sees one size: bodies are filled up with empty lines to the next multiple of this.
LENGTH_CLASS = 256
# Names of files that people take along, by what is in them.
FILES: Mapping[str, str] = {
    "record": "page.html",
    "record-data": "page.json",
    "text": "page.pdf",
    "packet": "packet.pdf",
    "entry": "entry.ics",
    "entries": "calendar.ics",
}


@dataclass(frozen=True, slots=True)
class Words:
    """What a message says: from whom, about what, and the text."""

    sender: str
    subject: str
    body: str


def mail(lang: str) -> Words:
    """A letter by mail."""
    with override(lang):
        body = _("You have something to read. Open your page.") + f"\n\n{settings.PUBLIC_URL}/me/\n"
        return Words(sender=_("Notice"), subject=_("Something to read"), body=filled(body))


def text(lang: str) -> Words:
    """What somebody of the team writes into a phone, and nothing else. No link: it would name this place."""
    with override(lang):
        return Words(sender="", subject="", body=_("You have something to read. Open your page."))


def voicemail(lang: str) -> Words:
    """What is left on an answering machine, where that is allowed."""
    with override(lang):
        return Words(sender="", subject="", body=_("Hello. There is something to read. Please look. Goodbye."))


def someone_else_answered(lang: str) -> Words:
    """What a caller says to anybody but the person they want to reach. It is true, and it says nothing."""
    with override(lang):
        return Words(sender="", subject="", body=_("Hello. I will call another time. Goodbye."))


def post(lang: str) -> Words:
    """The sheet in an envelope. The envelope has an address and no sender."""
    return text(lang)


def entry_title(lang: str) -> str:
    """What a calendar shows."""
    with override(lang):
        return _("Appointment")


def filled(body: str) -> str:
    """The text, filled up with empty lines so that all bodies have one length (bytes of UTF-8)."""
    size = len(body.encode())
    return body + "\n" * (-size % LENGTH_CLASS)
