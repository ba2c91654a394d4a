"""Asking Webex as a service app of the organisation: a token for each errand, kept nowhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from circlekeeper.areas.meetings.provider import Connected, Trouble, Unavailable
from circlekeeper.foundation import outgoing

# Never typed by anybody: the app's secret goes to nobody else.
API = "https://webexapis.com"
NEEDED = ("client", "secret", "refresh")
_CLOCK = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, repr=False)
class Webex:
    """One errand: the token."""

    token: str

    def ask(self, method: str, path: str, told: Mapping[str, Any] | None = None) -> Any:
        """One call that worked; None if its answer is empty.

        :raises Unavailable: GONE if Webex knows no such thing, NOT_ALLOWED without the scope.
        """
        said = outgoing.ask(
            method, f"{API}/v1{path}", headers={"Authorization": f"Bearer {self.token}"}, json=told
        )
        if said.status in (404, 410):
            raise Unavailable(Trouble.GONE)
        if not said.ok:
            raise Unavailable(Trouble.NOT_UNDERSTOOD)
        return said.json() if said.body else None

    def read(self, path: str) -> dict[str, Any]:
        """What stands there.

        :raises Unavailable: it is no object.
        """
        found = self.ask("GET", path)
        if not isinstance(found, dict):
            raise Unavailable(Trouble.NOT_UNDERSTOOD)
        return found

    def listed(self, path: str) -> list[Any]:
        """The first page of a list: enough to tell whether there is anything.

        :raises Unavailable: it is no list.
        """
        found = self.read(path).get("items")
        if not isinstance(found, list):
            raise Unavailable(Trouble.NOT_UNDERSTOOD)
        return found


def meeting(name: str) -> str:
    """The path of a meeting."""
    return f"/meetings/{quote(name, safe='')}"


def enter(connected: Connected, *, now: datetime) -> Webex:
    """Ask for a token.

    :raises Unavailable: NOT_ALLOWED if the app, its secret or its refresh token is refused, CLOCK if the clocks differ.
    """
    if not all(connected.get(each) for each in NEEDED):
        raise Unavailable(Trouble.NOT_ALLOWED)
    asked = {
        "grant_type": "refresh_token",
        "client_id": connected["client"],
        "client_secret": connected["secret"],
        "refresh_token": connected["refresh"],
    }
    said = outgoing.ask("POST", f"{API}/v1/access_token", form=asked)
    if said.status == 400:  # an app or a token that is not known is told so
        raise Unavailable(Trouble.NOT_ALLOWED)
    theirs = said.date()
    if theirs is not None and abs(theirs - now) > _CLOCK:
        raise Unavailable(Trouble.CLOCK)
    found = said.json() if said.ok else None
    if not isinstance(found, dict) or not isinstance(found.get("access_token"), str):
        raise Unavailable(Trouble.NOT_UNDERSTOOD)
    return Webex(found["access_token"])
