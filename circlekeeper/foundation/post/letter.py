"""The one letter that leaves by mail. It is the same for every event, every group and every person (WHY1, REG2)."""

from email.utils import formataddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage

from circlekeeper.foundation.post import catalogue

# The id of the one kind of letter. A second kind would tell a watcher which event happened.
NOTICE = "notice"


def message(lang: str, *, address: str, letter_id: str) -> EmailMessage:
    """The whole message for one recipient. The letter's id makes a second copy recognisable to mail servers."""
    said = catalogue.mail(lang)
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
