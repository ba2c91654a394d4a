"""Whether a form was sent from one of our own pages, judged by what browsers say and no page can make them say otherwise.

For the few forms that act for nobody who is signed in: their address is itself a secret, or they carry an encrypted draft.
Every other form carries Django's token.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port, validate_host

# "none": the person did it themselves, without a page (sent the form again after an error).
_OURS = frozenset({"same-origin", "none"})


def sent_from_here(*, fetch_site: str, origin: str, referer: str, scheme: str, host: str) -> bool:
    """Whether these headers allow it: ``Sec-Fetch-Site`` if the browser sends it, else ``Origin``, else ``Referer``.

    Each is empty when it was not sent. A browser that sends none of them leaves only the secret in the address, which
    another site does not know.
    """
    if fetch_site:
        return fetch_site in _OURS
    said = origin or _origin_of(referer)
    return not said or said in settings.CSRF_TRUSTED_ORIGINS or said == _own(scheme, host)


def ours(request: HttpRequest) -> bool:
    """``sent_from_here`` for a request of Django's."""
    return sent_from_here(
        fetch_site=request.headers.get("Sec-Fetch-Site", ""),
        origin=request.headers.get("Origin", ""),
        referer=request.headers.get("Referer", ""),
        scheme=request.scheme or "",
        host=request.headers.get("Host", ""),
    )


def _origin_of(referer: str) -> str:
    if not referer:
        return ""
    try:
        parts = urlsplit(referer)
    except ValueError:
        return "null"
    return f"{parts.scheme}://{parts.netloc}"


def _own(scheme: str, host: str) -> str:
    domain, _port = split_domain_port(host)
    return f"{scheme}://{host}" if domain and validate_host(domain, settings.ALLOWED_HOSTS) else ""
