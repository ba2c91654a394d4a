"""Asking Microsoft Graph as an app of the organisation: a token for each errand, kept nowhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from circlekeeper.areas.meetings.provider import Connected, Trouble, Unavailable
from circlekeeper.foundation import outgoing

# Never typed by anybody: the app's secret goes to nobody else.
LOGIN = "https://login.microsoftonline.com"
GRAPH = "https://graph.microsoft.com"
NEEDED = ("tenant", "app", "secret", "organizer")
_CLOCK = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, repr=False)
class Graph:
    """One errand: the token, and the account in whose name meetings are made."""

    token: str
    organizer: str

    def ask(self, method: str, path: str, told: Mapping[str, Any] | None = None) -> Any:
        """One call that worked; None if its answer is empty.

        :raises Unavailable: GONE if Graph knows no such thing, NOT_ALLOWED without the permission or the access policy.
        """
        said = outgoing.ask(
            method, f"{GRAPH}/v1.0{path}", headers={"Authorization": f"Bearer {self.token}"}, json=told
        )
        if said.status in (404, 410):
            raise Unavailable(Trouble.GONE)
        if not said.ok:
            raise Unavailable(Trouble.NOT_UNDERSTOOD)
        return said.json() if said.body else None

    def meetings(self, meeting: str = "") -> str:
        """The path of the account's meetings, or of one."""
        found = f"/users/{quote(self.organizer, safe='')}/onlineMeetings"
        return f"{found}/{quote(meeting, safe='')}" if meeting else found

    def listed(self, path: str) -> list[Any]:
        """The first page of a list: enough to tell whether there is anything.

        :raises Unavailable: it is no list.
        """
        return values(self.ask("GET", path))


def enter(connected: Connected, *, now: datetime) -> Graph:
    """Ask for a token.

    :raises Unavailable: NOT_ALLOWED if the app, its secret or the organisation is refused, CLOCK if the clocks differ.
    """
    if not all(connected.get(each) for each in NEEDED):
        raise Unavailable(Trouble.NOT_ALLOWED)
    asked = {
        "grant_type": "client_credentials",
        "client_id": connected["app"],
        "client_secret": connected["secret"],
        "scope": "https://graph.microsoft.com/.default",
    }
    said = outgoing.ask("POST", f"{LOGIN}/{quote(connected['tenant'], safe='')}/oauth2/v2.0/token", form=asked)
    if said.status == 400:  # an app or an organisation that is not known is told so
        raise Unavailable(Trouble.NOT_ALLOWED)
    theirs = said.date()
    if theirs is not None and abs(theirs - now) > _CLOCK:
        raise Unavailable(Trouble.CLOCK)
    found = said.json() if said.ok else None
    if not isinstance(found, dict) or not isinstance(found.get("access_token"), str):
        raise Unavailable(Trouble.NOT_UNDERSTOOD)
    return Graph(found["access_token"], connected["organizer"])


def values(said: object) -> list[Any]:
    """What stands in a list.

    :raises Unavailable: it is no list.
    """
    found = said.get("value") if isinstance(said, dict) else None
    if not isinstance(found, list):
        raise Unavailable(Trouble.NOT_UNDERSTOOD)
    return found
