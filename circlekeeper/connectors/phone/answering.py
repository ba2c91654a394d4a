"""Answering the phone service when somebody calls: who it is, what they typed, what they hear next.

The caller's number is in every request of the service. It is never read here.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from urllib.parse import parse_qsl

from circlekeeper.areas.meetings.provider import Call, Caller, Connected, Desk, Forged, Heard, Standing
from circlekeeper.connectors.phone import spoken

_XML = "text/xml; charset=utf-8"
_NAME = re.compile(r"[A-Za-z0-9-]{10,64}")
_ENDED = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})


def answer(connected: Connected, call: Call, *, desk: Desk) -> Heard:
    """One request of the service.

    :raises Forged: it does not bear the service's signature, or is about another account.
    """
    said = checked(connected, call)
    name = said.get("CallSid", "")
    if not _NAME.fullmatch(name) or said.get("AccountSid") != connected.get("account_sid"):
        raise Forged
    if call.path == "ended":
        if said.get("CallStatus") in _ENDED:
            desk.left(call=name)
        return _heard(spoken.nothing())
    if call.path == "pin":
        return _typed(said, name, desk)
    if call.path == "wait":
        return _heard(spoken.stand(desk.stands(call=name), again=True))
    return _heard(spoken.ask_pin())


def _typed(said: Mapping[str, str], name: str, desk: Desk) -> Heard:
    caller = desk.take(pin=said.get("Digits", ""), call=name)
    if caller.standing is Standing.WRONG:
        return _heard(spoken.ask_pin(spoken.wrong()))
    return _heard(spoken.stand(caller, again=False))


def checked(connected: Connected, call: Call) -> Mapping[str, str]:
    """What the service said, once its signature was found right.

    HMAC-SHA1 over the whole address and then each field, sorted by name, name and value without anything between
    (twilio.com/docs/usage/security). It has no time in it: whoever sends a request again learns what the caller heard.

    :raises Forged: it is not.
    """
    token, given = connected.get("auth_token", ""), call.headers.get("x-twilio-signature", "")
    try:
        fields = parse_qsl(call.body.decode(), keep_blank_values=True, max_num_fields=100)
    except ValueError:
        raise Forged from None
    if call.method != "POST" or not token or not given:
        raise Forged
    if not hmac.compare_digest(signature(token, call.url, fields).encode(), given.encode()):
        raise Forged
    return dict(fields)


def signature(token: str, url: str, fields: list[tuple[str, str]]) -> str:
    """What the service puts into ``X-Twilio-Signature``."""
    text = url + "".join(f"{name}{value}" for name, value in sorted(set(fields)))
    return base64.b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()).decode()


def _heard(body: bytes) -> Heard:
    return Heard((), 200, body, _XML)


class Nobody:
    """A desk at which nobody is known; what a connector has when no desk is given to it. Implements `provider.Desk`."""

    def take(self, *, pin: str, call: str) -> Caller:
        """Every PIN is wrong."""
        return Caller(Standing.WRONG)

    def stands(self, *, call: str) -> Caller:
        """Nobody was taken."""
        return Caller(Standing.GONE)

    def left(self, *, call: str) -> None:
        """Nobody was here."""
