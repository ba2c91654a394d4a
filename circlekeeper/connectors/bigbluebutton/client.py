"""Asking a BigBlueButton server: every request is signed over exactly the text that is sent."""

import hashlib
from collections.abc import Mapping
from urllib.parse import quote, urlencode
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException, ElementTree

from circlekeeper.areas.meetings.provider import Connected, Trouble, Unavailable
from circlekeeper.foundation import outgoing

# What the server says when it knows no such meeting; both spellings are in use.
GONE = frozenset({"notFound", "invalidMeetingIdentifier"})


def root(connected: Connected) -> str:
    """The address of the server's API, however much of it was typed.

    :raises Unavailable: the server was never connected, or no longer is.
    """
    if not connected.get("address") or not connected.get("secret"):
        raise Unavailable(Trouble.NOT_ALLOWED)
    return connected["address"].strip().rstrip("/").removesuffix("/api") + "/api"


def signed(connected: Connected, call: str, asked: Mapping[str, str], *, secret: str = "") -> str:
    """The address of one call with its checksum: SHA-256 over the call's name, the query as it is sent, and the secret."""
    query = urlencode(asked, quote_via=quote, safe="")
    found = hashlib.sha256(f"{call}{query}{secret or connected['secret']}".encode()).hexdigest()
    return f"{root(connected)}/{call}?{query}{'&' if query else ''}checksum={found}"


def ask(connected: Connected, call: str, asked: Mapping[str, str]) -> Element:
    """One call that worked.

    :raises Unavailable: GONE if the server knows no such meeting, NOT_ALLOWED if it does not accept our secret.
    """
    root(connected)
    said = answer(signed(connected, call, asked))
    if text(said, "returncode").upper() == "SUCCESS":
        return said
    key = text(said, "messageKey")
    if key in GONE:
        raise Unavailable(Trouble.GONE)
    raise Unavailable(Trouble.NOT_ALLOWED if key == "checksumError" else Trouble.NOT_UNDERSTOOD)


def answer(url: str) -> Element:
    """What came back, whatever it says; entities and document types are refused before they are read.

    :raises Unavailable: it is no answer of a BigBlueButton server.
    """
    said = outgoing.ask("GET", url)
    if not said.ok:
        raise Unavailable(Trouble.NOT_UNDERSTOOD)
    try:
        found: Element = ElementTree.fromstring(said.body)
    except (ParseError, DefusedXmlException, ValueError):
        raise Unavailable(Trouble.NOT_UNDERSTOOD) from None
    if found.tag != "response":
        raise Unavailable(Trouble.NOT_UNDERSTOOD)
    return found


def text(said: Element, path: str) -> str:
    """What stands there; nothing if there is no such element."""
    return (said.findtext(path) or "").strip()
