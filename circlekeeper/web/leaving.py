"""Quick exit: ends every session, wipes what the browser will wipe, goes to a plain page elsewhere.

Everything here works without script and without a database: leaving must never fail.
"""

import logging
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from circlekeeper.foundation.accounts import cookies
from circlekeeper.foundation.vault import sessions

PATH = "/exit"
PLACES = {
    "weather": "https://www.bbc.co.uk/weather",
    "encyclopedia": "https://www.wikipedia.org/",
    "clock": "https://www.timeanddate.com/",
}
_PREFETCH = ("Sec-Purpose", "Purpose", "X-Moz")
_log = logging.getLogger(__name__)


class SeeOther(HttpResponseRedirect):
    """303: whatever the request was, fetch the other page with GET."""

    status_code = 303
    allowed_schemes = ["https"]


def close_everything(request: HttpRequest) -> None:
    """End the session and the open keys of this browser. Never raises: who presses must get away."""
    for close in (_close_keys, _end_session):
        try:
            close(request)
        except Exception as failure:
            _log.error("something could not be closed on leaving: %s", type(failure).__name__)


def _close_keys(request: HttpRequest) -> None:
    for name in (cookies.keys_name(), cookies.member_name()):
        token = cookies.read(request, name)
        if token:
            sessions.close(token)


def _end_session(request: HttpRequest) -> None:
    request.session.flush()


def place() -> str:
    """Where leaving leads: a name from ``PLACES`` or an https address in the setting ``LEAVE_TO``; else the weather."""
    chosen = str(getattr(settings, "LEAVE_TO", "weather"))
    if chosen in PLACES:
        return PLACES[chosen]
    parts = urlsplit(chosen)
    return chosen if parts.scheme == "https" and parts.hostname else PLACES["weather"]


def place_name() -> str:
    """The host a person lands on, to be told beforehand."""
    return urlsplit(place()).hostname or ""


def away(request: HttpRequest) -> HttpResponse:
    """The answer that leaves: 303, wipes cache, cookies and storage, and drops every cookie we were sent by name."""
    response = SeeOther(place())
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    response.headers["Referrer-Policy"] = "no-referrer"
    # Browsers without Clear-Site-Data, and plain http, still lose their cookies this way.
    for name in request.COOKIES:
        response.delete_cookie(name, path="/", samesite="Strict")
    return response


def is_guess(request: HttpRequest) -> bool:
    """Whether the browser only fetches ahead of a press that may never come."""
    return any("prefetch" in request.headers.get(name, "").lower() for name in _PREFETCH)
