"""Asking Zoom as a server-to-server app of the account: a token for each errand, kept nowhere."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from circlekeeper.areas.meetings.provider import Connected, Trouble, Unavailable
from circlekeeper.foundation import outgoing

# Never typed by anybody: the app's secret goes to nobody else.
LOGIN = "https://zoom.us"
API = "https://api.zoom.us"
NEEDED = ("account", "client", "secret", "host")
_CLOCK = timedelta(minutes=5)
_NO_SCOPE = 4711  # "Invalid access token, does not contain scopes"; Zoom says it with status 400


@dataclass(frozen=True, slots=True, repr=False)
class Zoom:
    """One errand: the token, and the user in whose name meetings are made."""

    token: str
    host: str

    def ask(self, method: str, path: str, told: Mapping[str, Any] | None = None) -> Any:
        """One call that worked; None if its answer is empty.

        :raises Unavailable: GONE if Zoom knows no such thing, NOT_ALLOWED without the scope.
        """
        said = outgoing.ask(
            method, f"{API}/v2{path}", headers={"Authorization": f"Bearer {self.token}"}, json=told
        )
        if said.status in (404, 410):
            raise Unavailable(Trouble.GONE)
        if not said.ok:
            raise Unavailable(Trouble.NOT_ALLOWED if _code(said) == _NO_SCOPE else Trouble.NOT_UNDERSTOOD)
        return said.json() if said.body else None

    def read(self, path: str) -> dict[str, Any]:
        """What stands there.

        :raises Unavailable: it is no set of settings.
        """
        found = self.ask("GET", path)
        if not isinstance(found, dict):
            raise Unavailable(Trouble.NOT_UNDERSTOOD)
        return found

    @property
    def user(self) -> str:
        """The path of the user."""
        return f"/users/{quote(self.host, safe='')}"


def meeting(number: str) -> str:
    """The path of a meeting."""
    return f"/meetings/{quote(number, safe='')}"


def enter(connected: Connected, *, now: datetime) -> Zoom:
    """Ask for a token.

    :raises Unavailable: NOT_ALLOWED if the account, the app or its secret is refused, CLOCK if the clocks differ.
    """
    if not all(connected.get(each) for each in NEEDED):
        raise Unavailable(Trouble.NOT_ALLOWED)
    pair = base64.b64encode(f"{connected['client']}:{connected['secret']}".encode()).decode()
    said = outgoing.ask(
        "POST",
        f"{LOGIN}/oauth/token",
        headers={"Authorization": f"Basic {pair}"},
        form={"grant_type": "account_credentials", "account_id": connected["account"]},
    )
    if said.status == 400:  # an app or an account that is not known is told so
        raise Unavailable(Trouble.NOT_ALLOWED)
    theirs = said.date()
    if theirs is not None and abs(theirs - now) > _CLOCK:
        raise Unavailable(Trouble.CLOCK)
    found = said.json() if said.ok else None
    if not isinstance(found, dict) or not isinstance(found.get("access_token"), str):
        raise Unavailable(Trouble.NOT_UNDERSTOOD)
    return Zoom(found["access_token"], connected["host"])


def _code(said: outgoing.Answer) -> object:
    try:
        found = said.json()
    except Unavailable:
        return None
    return found.get("code") if isinstance(found, dict) else None
