"""The headers of every answer: nothing from elsewhere, nothing kept, nothing told."""

import re
from collections.abc import Awaitable, Callable

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from circlekeeper.web import leaving

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "media-src 'self'",
        "connect-src 'self'",
        "manifest-src 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)

_DENIED_POWERS = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "gamepad",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "screen-wake-lock",
    "serial",
    "storage-access",
    "usb",
    "xr-spatial-tracking",
)

ALWAYS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Permissions-Policy": ", ".join(f"{power}=()" for power in _DENIED_POWERS),
    # "no-referrer" would make browsers post our own forms with "Origin: null", which the CSRF check must refuse
    # (Fetch, section 3.2); "same-origin" tells other sites just as little. /exit sets "no-referrer" itself.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}
NOTHING_KEPT = "no-store"
ONE_YEAR = 31_536_000
_OK = (200, 206, 304)
_TEXT = re.compile(r"^[\x20-\x7e]*$")


class HeadersMiddleware:
    """Outermost middleware. A view that sets one of these headers itself (the room needs its camera) keeps its own."""

    sync_capable = True
    async_capable = True

    def __init__(
        self, get_response: Callable[[HttpRequest], HttpResponseBase | Awaitable[HttpResponseBase]]
    ) -> None:
        self.get_response = get_response
        self.is_async = iscoroutinefunction(get_response)
        if self.is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        if self.is_async:
            return self._later(request)
        return self._finish(request, self.get_response(request))  # type: ignore[arg-type]

    async def _later(self, request: HttpRequest) -> HttpResponseBase:
        return self._finish(request, await self.get_response(request))  # type: ignore[misc]

    def _finish(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if request.path == leaving.PATH and response.status_code >= 500:
            response = leaving.away(request)
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        if settings.HTTPS:
            response.headers.setdefault("Strict-Transport-Security", f"max-age={ONE_YEAR}")
        if not _is_static(request, response):
            response.headers["Cache-Control"] = NOTHING_KEPT
            patch_vary_headers(response, ["Cookie"])
        if "Server" in response.headers:
            del response.headers["Server"]
        return response


def _is_static(request: HttpRequest, response: HttpResponseBase) -> bool:
    return request.path.startswith(str(settings.STATIC_URL)) and response.status_code in _OK
