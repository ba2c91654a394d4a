"""Fetching the MTA-STS policy of a group's own domain (RFC 8461, 3.3). Silence is None; a wrong answer is an empty text."""

import http.client
import socket
import ssl

SECONDS = 2.0
_LARGEST = 64 * 1024


def host(name: str) -> str:
    """Where the policy of a domain must be."""
    return f"mta-sts.{name}"


def fetch(name: str, address: str, port: int = 443, *, trust: ssl.SSLContext | None = None) -> str | None:
    """The policy's text; empty if there is none to be had there, None if nobody answers.

    No redirect is followed, and the certificate must be that of ``mta-sts.`` and the domain, as a mail service demands.
    ``address``: a public one, found by the caller. ``trust``: instead of the machine's own authorities.
    """
    believed = trust or ssl.create_default_context()
    try:
        with socket.create_connection((address, port), timeout=SECONDS) as line:
            return _asked(line, host(name), believed)
    except ssl.SSLCertVerificationError:
        return ""
    except (OSError, ValueError):
        return None


def _asked(line: socket.socket, named: str, believed: ssl.SSLContext) -> str | None:
    with believed.wrap_socket(line, server_hostname=named) as closed:
        closed.sendall(
            f"GET /.well-known/mta-sts.txt HTTP/1.1\r\nHost: {named}\r\nConnection: close\r\n\r\n".encode()
        )
        answer = http.client.HTTPResponse(closed)
        try:
            answer.begin()
            plain = answer.headers.get_content_type() == "text/plain"
            found = answer.read(_LARGEST) if answer.status == http.HTTPStatus.OK and plain else b""
        except http.client.HTTPException:
            return None
        return found.decode(errors="replace")
