"""Asking the phone service: the calls of Twilio's REST API of 2010-04-01, and of services that speak the same."""

import base64
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from circlekeeper.areas.meetings.provider import Connected, Trouble, Unavailable
from circlekeeper.foundation import outgoing
from circlekeeper.foundation.outgoing import Answer

HERE = "https://api.twilio.com"
_PAGE = 1000  # as many as one answer may hold
_ACCOUNT = re.compile(r"[A-Za-z0-9-]{10,64}")


def account(connected: Connected) -> Mapping[str, Any]:
    """What the service says about the account.

    :raises Unavailable: the service does not accept the key.
    """
    return _object(_ask(connected, "GET", f"{_root(connected)}.json"))


def listed(connected: Connected, what: str, **asked: str) -> list[Mapping[str, Any]]:
    """The entries of one list, by the name the API gives it (``Conferences/CF1/Recordings``); at most a thousand.

    :raises Unavailable: GONE if there is no such thing.
    """
    query = urlencode({name.replace("__", ">"): value for name, value in asked.items()} | {"PageSize": str(_PAGE)})
    found = _object(_ask(connected, "GET", f"{_root(connected)}/{what}.json?{query}"))
    key = re.sub(r"(?<!^)(?=[A-Z])", "_", what.rpartition("/")[2]).lower()
    rows = found.get(key)
    if not isinstance(rows, list) or not all(isinstance(each, dict) for each in rows):
        raise Unavailable(Trouble.NOT_UNDERSTOOD)
    return rows


def change(connected: Connected, what: str, **wanted: str) -> Mapping[str, Any]:
    """Set fields of one thing; returns it as the service says it is now.

    :raises Unavailable: GONE if there is no such thing.
    """
    return _object(_ask(connected, "POST", f"{_root(connected)}/{what}.json", form=wanted))


def delete(connected: Connected, what: str) -> bool:
    """Remove one thing; False: it was not there."""
    try:
        _ask(connected, "DELETE", f"{_root(connected)}/{what}.json")
    except Unavailable as failure:
        if failure.trouble is not Trouble.GONE:
            raise
        return False
    return True


def word(of: Mapping[str, Any], name: str) -> str:
    """A field as a text; empty where it is not set."""
    found = of.get(name)
    return "" if found is None else str(found).lower() if isinstance(found, bool) else str(found)


def _root(connected: Connected) -> str:
    sid = connected.get("account_sid", "")
    if not _ACCOUNT.fullmatch(sid) or not connected.get("auth_token"):
        raise Unavailable(Trouble.NOT_ALLOWED)
    return f"{(connected.get('address') or HERE).rstrip('/')}/2010-04-01/Accounts/{quote(sid)}"


def _ask(connected: Connected, method: str, url: str, form: Mapping[str, str] | None = None) -> Answer:
    said = outgoing.ask(method, url, headers={"Authorization": _basic(connected)}, form=form)
    if said.status == 404:
        raise Unavailable(Trouble.GONE)
    if not said.ok:
        raise Unavailable(Trouble.NOT_UNDERSTOOD)
    return said


def _basic(connected: Connected) -> str:
    both = f"{connected['account_sid']}:{connected['auth_token']}"
    return f"Basic {base64.b64encode(both.encode()).decode()}"


def _object(said: Answer) -> Mapping[str, Any]:
    found = said.json()
    if not isinstance(found, dict):
        raise Unavailable(Trouble.NOT_UNDERSTOOD)
    return found
