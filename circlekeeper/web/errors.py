"""Pages for when something goes wrong: calm, useful, and telling nothing about the inside.

``urls.py`` names them as ``handler400`` to ``handler500``; settings name ``form_expired``. None of them touches the
database: each is drawn without the request, so that a broken session cannot break them too.
"""

import errno
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils.translation import gettext as _

_RETRY_SECONDS = "30"
_DISK_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_LAST_WORDS = (
    b"<!doctype html><html lang=en><title>Page</title><h1>Not working just now</h1><p>Please wait a minute."
)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return _show(
        400,
        _("That did not arrive well"),
        _("We could not read what your browser sent."),
        _("Go back and try again. If you came by a link, type it again or ask for a new one."),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return _show(
        403,
        _("This door is closed"),
        _("You cannot open this page with what you are signed in as."),
        _("Go back to the page you came from. Nothing was changed."),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: also what someone sees who may not know that the page exists."""
    return _show(
        404,
        _("There is nothing here"),
        _("The address may be mistyped, or the page may be gone."),
        _(
            "Look at the address again, letter by letter. If you came by a link, it may have run out: ask for a new one."
        ),
    )


def broken(request: HttpRequest) -> HttpResponse:
    """500, or 503 when only the database is out of reach, or the disk full, for a moment."""
    try:
        error = sys.exc_info()[1]
        full = isinstance(error, OSError) and error.errno in _DISK_FULL
        if full or isinstance(error, (OperationalError, InterfaceError)):
            return unavailable(request)
        return _show(
            500,
            _("Something went wrong on our side"),
            _(
                "It is not your fault. The people who keep this site running can see that it happened, not who you are."
            ),
            _("Wait a minute, then go back and press again."),
        )
    except Exception:
        return HttpResponse(_LAST_WORDS, status=500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """503."""
    response = _show(
        503,
        _("The site is busy for a moment"),
        _("Nothing is lost that was saved before."),
        _("Wait half a minute, then go back and press again."),
    )
    response.headers["Retry-After"] = _RETRY_SECONDS
    return response


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's ``CSRF_FAILURE_VIEW``: nearly always a page that stood open for long."""
    return _show(
        403,
        _("This page was open for a long time"),
        _("To keep you safe we did not take what you sent. It is still in your browser."),
        _("Go back, load the page again, and press again. Copy a long text first, to be sure."),
    )


def _show(status: int, title: str, what: str, next_step: str) -> HttpResponse:
    words = {"heading": title, "what": what, "next_step": next_step}
    return HttpResponse(loader.get_template("web/error.html").render(words), status=status)
