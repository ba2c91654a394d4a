"""From granian's request to the WSGI environment Django reads."""

import io
import sys
from collections.abc import Iterable
from typing import Any, Protocol


class Headers(Protocol):
    """The request headers as granian hands them over: names in lower case, one pair per line received."""

    def items(self) -> Iterable[tuple[str, str]]:
        """All pairs, repeated names included."""

    def get(self, key: str, default: Any = None) -> Any:
        """The first value of a name."""


class Scope(Protocol):
    """The parts of an RSGI scope we read."""

    method: str
    path: str
    query_string: str
    scheme: str
    client: str

    @property
    def headers(self) -> Headers:
        """The request headers."""


_FIXED: dict[str, Any] = {
    "SCRIPT_NAME": "",
    "SERVER_NAME": "localhost",
    "SERVER_PORT": "80",
    "SERVER_PROTOCOL": "HTTP/1.1",
    "wsgi.errors": sys.stderr,
    "wsgi.input_terminated": True,
    "wsgi.multiprocess": True,
    "wsgi.multithread": True,
    "wsgi.run_once": False,
    "wsgi.version": (1, 0),
}
_KNOWN_LIMIT = 256
_known: dict[str, str] = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}


def from_scope(scope: Scope, body: bytes) -> dict[str, Any]:
    """The WSGI environment (PEP 3333) of one request whose body has been read."""
    environ = _FIXED.copy()
    environ["REQUEST_METHOD"] = scope.method
    environ["PATH_INFO"] = scope.path.encode().decode("latin-1")
    environ["QUERY_STRING"] = scope.query_string
    environ["REMOTE_ADDR"] = scope.client.rpartition(":")[0].strip("[]")
    environ["wsgi.url_scheme"] = scope.scheme
    environ["wsgi.input"] = io.BytesIO(body)
    for name, value in scope.headers.items():
        key = _known.get(name) or _key(name)
        if key in environ:
            environ[key] += ("; " if name == "cookie" else ",") + value
        elif key:
            environ[key] = value
    return environ


def _key(name: str) -> str:
    # "x_y" and "x-y" would share a key: drop the former, so that nobody can forge a header a front server sets.
    if "_" in name:
        return ""
    key = "HTTP_" + name.upper().replace("-", "_")
    if len(_known) < _KNOWN_LIMIT:
        _known[name] = key
    return key
