"""The way to the mail server: Django's own, which here also knows whether a letter was already given away."""

import smtplib
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend

ANSWER_WITHIN = 20  # seconds
_DJANGOS = "django.core.mail.backends.smtp.EmailBackend"
_OURS = f"{__name__}.Mailer"


class _Watching:
    """Remembers that the words of a letter were given to the server, whatever came back (RFC 5321, 4.5.3.2.6)."""

    given = False

    def data(self, msg: Any) -> Any:
        self.given = True
        return super().data(msg)  # type: ignore[misc]


class _Plain(_Watching, smtplib.SMTP):
    pass


class _Tls(_Watching, smtplib.SMTP_SSL):
    pass


class Mailer(EmailBackend):
    """Greets with the public name, not with the name of this machine."""

    @property
    def connection_class(self) -> Any:
        """A connection that watches what it gives away."""
        kind = _Tls if self.use_ssl else _Plain
        host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"

        def connect(*args: Any, **kwargs: Any) -> smtplib.SMTP:
            return kind(*args, **kwargs | {"local_hostname": host})

        return connect


def mailer() -> BaseEmailBackend:
    """A closed connection to the mail server that is set up."""
    backend = _OURS if settings.EMAIL_BACKEND == _DJANGOS else settings.EMAIL_BACKEND
    return get_connection(backend, timeout=ANSWER_WITHIN)


def next_letter(connection: BaseEmailBackend) -> None:
    """Open the connection if it is not, and forget the letter before.

    :raises OSError: the server cannot be reached, or does not let us in; nothing was given away.
    """
    connection.open()
    if smtp := getattr(connection, "connection", None):
        smtp.given = False


def was_given(connection: BaseEmailBackend) -> bool:
    """Whether the server may have the present letter."""
    smtp = getattr(connection, "connection", None)
    return bool(getattr(smtp, "given", True))


def hang_up(connection: BaseEmailBackend) -> None:
    """Close, whatever the server makes of it."""
    try:
        connection.close()
    except (OSError, smtplib.SMTPException):
        connection.connection = None  # type: ignore[attr-defined]
