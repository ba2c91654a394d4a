"""The only words that ever leave by mail. They are the same for every event, every group and every person (WHY1, REG2).

A golden-file test holds them; change a word there and here together.
"""

from dataclasses import dataclass
from email.utils import formataddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _
from django.utils.translation import override

# The id of the one kind of letter. A second kind would tell a watcher which event happened.
NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Words:
    """What a letter says."""

    sender: str
    subject: str
    body: str


def words(lang: str) -> Words:
    """The words of a letter in a language."""
    with override(lang):
        return Words(
            sender=_("Notice"),
            subject=_("Something to read"),
            body=_("You have something to read. Open your page.") + f"\n\n{settings.PUBLIC_URL}/me/\n",
        )


def message(lang: str, *, address: str, letter_id: str) -> EmailMessage:
    """The whole message for one recipient. The letter's id makes a second copy recognisable to mail servers."""
    said = words(lang)
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    sender = getattr(settings, "LETTER_FROM", "") or f"page@{host}"
    return EmailMessage(
        subject=said.subject,
        body=said.body,
        from_email=formataddr((said.sender, sender)),
        to=[address],
        headers={
            # Set here because the default would name this machine.
            "Message-ID": f"<{letter_id}@{host}>",
            "Auto-Submitted": "auto-generated",
        },
    )
