"""Asking Google Meet's REST API (v2), which may only look: scope ``meetings.space.readonly``."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from circlekeeper.areas.meetings.provider import Connected, Trouble, Unavailable
from circlekeeper.foundation import outgoing

NEEDED = ("client_id", "client_secret", "refresh_token")
_MOST = 20  # conferences of one evening; people who drop out begin another one
_CONFERENCE = re.compile(r"conferenceRecords/[\w-]{1,80}")


@dataclass(frozen=True, slots=True)
class Google:
    """Where to ask. Nobody types these: they are Google's own."""

    api: str = "https://meet.googleapis.com"
    sign_in: str = "https://oauth2.googleapis.com"

    def entrance(self, connected: Connected) -> str:
        """What opens the API for an hour; asked for each time and kept nowhere.

        :raises Unavailable: NOT_ALLOWED if the leader's consent was taken back or has run out.
        """
        asked = {name: connected.get(name, "") for name in NEEDED} | {"grant_type": "refresh_token"}
        said = outgoing.ask("POST", f"{self.sign_in}/token", form=asked)
        found = _object(said).get("access_token") if said.ok else None
        if not isinstance(found, str) or not found:
            raise Unavailable(Trouble.NOT_ALLOWED if said.status == 400 else Trouble.NOT_UNDERSTOOD)
        return found

    def space(self, entrance: str, code: str) -> Mapping[str, Any]:
        """The meeting of a link.

        :raises Unavailable: GONE if Google knows none.
        """
        return self._get(entrance, f"spaces/{code}")

    def kept(self, entrance: str, space: str, kind: str, *, since: datetime) -> int:
        """How many ``recordings`` or ``transcripts`` there are of what was held in a space since then.

        Of people and what was said nothing is asked for.
        """
        begins = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        chosen = urlencode({"filter": f'space.name = "{space}" AND start_time>="{begins}"', "pageSize": _MOST})
        found = 0
        for each in _rows(self._get(entrance, f"conferenceRecords?{chosen}"), "conferenceRecords"):
            name = str(each.get("name", ""))
            if not _CONFERENCE.fullmatch(name):
                raise Unavailable(Trouble.NOT_UNDERSTOOD)
            found += len(_rows(self._get(entrance, f"{name}/{kind}"), kind))
        return found

    def _get(self, entrance: str, path: str) -> Mapping[str, Any]:
        said = outgoing.ask("GET", f"{self.api}/v2/{path}", headers={"Authorization": f"Bearer {entrance}"})
        if said.status == 404:
            raise Unavailable(Trouble.GONE)
        if not said.ok:
            raise Unavailable(Trouble.NOT_UNDERSTOOD)
        return _object(said)


def _object(said: outgoing.Answer) -> Mapping[str, Any]:
    found = said.json()
    if not isinstance(found, dict):
        raise Unavailable(Trouble.NOT_UNDERSTOOD)
    return found


def _rows(said: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """A list; an empty one is left out by Google."""
    found = said.get(name, [])
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise Unavailable(Trouble.NOT_UNDERSTOOD)
    return found
