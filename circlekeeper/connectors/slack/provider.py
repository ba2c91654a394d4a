"""Slack: a huddle in a closed channel. Who may open the channel can be read; of the huddle itself nothing."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from circlekeeper.areas.meetings.provider import (
    UNKNOWN,
    ByLink,
    Capability,
    Connected,
    Evidence,
    Proof,
    ScopeOfProof,
    Session,
    Setting,
    Trouble,
    Unavailable,
)
from circlekeeper.foundation import outgoing
from circlekeeper.foundation.errors import Refused

_LINK = re.compile(
    r"https://(?:app\.slack\.com/huddle/T[A-Z0-9]{4,20}|[a-z0-9][a-z0-9-]{0,60}\.slack\.com/archives)/([CG][A-Z0-9]{4,20})/?"
)
_FRESH = timedelta(hours=2)
# By control: what a closed channel answers. Shared with another workspace means that its people can read along.
_CLOSED = (
    ("meeting-password", "is_private", "true"),
    ("outside-chat-gated", "is_ext_shared", "false"),
    ("outside-chat-gated", "is_pending_ext_shared", "false"),
    ("outside-chat-gated", "is_org_shared", "false"),
    ("outside-chat-gated", "is_archived", "false"),
)
_BY_WORD = (
    ("recording-off", "notes taken by Slack AI, recordings", "off"),
    ("outside-chat-gated", "names, and people who left", "chosen names only, and out"),
)
_NOT_THERE = ("channel_not_found", "thread_not_found")
_NO_KEY = ("invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive", "missing_scope")


class Slack(ByLink):
    """A huddle, with or without a key to look at its channel."""

    name = "slack"

    def __init__(self, api: str = "https://slack.com/api") -> None:
        self.api = api

    @property
    def settings(self) -> Sequence[Setting]:
        """A key that may look at closed channels and do nothing else; it is not needed."""
        how = _("A bot token with the scope groups:read and no other. Invite its app into the channel.")
        return (Setting("token", _("Bot token"), how, secret=True, needed=False),)

    @property
    def title(self) -> str:
        """What people choose from the list."""
        return _("Slack, a huddle in a closed channel")

    @property
    def sees(self) -> str:
        """For the policy."""
        return _(
            "Slack and whoever runs the workspace see your account and its e-mail address, your internet address, "
            "your voice and picture, and what you write there. Slack can hear what is said."
        )

    def capabilities(self) -> Sequence[Capability]:
        """What a huddle cannot do is most of it."""
        ours = _("Only people a host has let in here are sent to the link. Members of the channel need no link.")
        closed = _("There is no password. We can read that only people let into the channel can open its address.")
        chat = _(
            "We can read that the channel is closed and not shared. Names and people who left are a host's word."
        )
        record = _("Slack tells nobody whether a machine takes notes. A host looks and says so.")
        waiting = _("A huddle has no waiting room: everybody in the channel can walk in.")
        lock = _("A huddle cannot be locked.")
        share = _("Everybody in a huddle can share their screen.")
        rooms = _("A huddle has no small rooms; people can start another one. A host watches.")
        read, no = Evidence.READ_BACK, Evidence.IMPOSSIBLE
        return [
            Capability("links-sent-privately", Evidence.SELF_ENFORCED, ours),
            Capability("meeting-password", read, closed, word_too=True),
            Capability("outside-chat-gated", read, chat, word_too=True),
            Capability("recording-off", Evidence.ATTESTED, record),
            Capability("breakouts-watched", Evidence.ATTESTED, rooms),
            Capability("waiting-room-tested", no, waiting),
            Capability("room-locked", no, lock),
            Capability("screen-share-off", no, share),
        ]

    def check_address(self, address: str) -> None:
        """A link to a huddle or its channel.

        :raises Refused: it is none.
        """
        if not _LINK.fullmatch(address.strip()):
            raise Refused(
                _("Copy the link of the huddle, or of its channel: https://app.slack.com/huddle/T…/C…"),
                field="address",
            )

    def check_connection(self, connected: Connected, *, now: datetime) -> Sequence[Proof]:
        """Try the key once, and look whether it may do more than it should; no channel is looked at.

        :raises Refused: it is no bot's key, or may do more than look at closed channels.
        """
        if not connected.get("token", "").startswith("xoxb-"):
            raise Refused(_("A bot token begins with xoxb-."), field="token")
        said = self._post("auth.test", connected, {})
        _read(said)
        granted = {each.strip() for each in said.headers.get("x-oauth-scopes", "").split(",")} - {""}
        if granted - {"groups:read"}:
            raise Refused(
                _("This key may do more than look. Take every scope but groups:read from it."), field="token"
            )
        seen, scope = Evidence.OBSERVED, ScopeOfProof.ACCOUNT
        asked = _proof("tools-least-privilege", seen, "groups:read", ", ".join(granted) or UNKNOWN, scope, now)
        return [asked]

    def verify(self, session: Session, *, now: datetime) -> Sequence[Proof]:
        """What Slack says of the channel; of the huddle it says nothing, so a host has to."""
        scope, word = ScopeOfProof.MEETING, Evidence.ATTESTED
        asked = [(control, name, right) for control, name, right in _BY_WORD]
        found: list[Proof] = []
        if session.connected.get("token"):
            channel = self._channel(session)
            found = _of_channel(channel, session.wanted.people, now)
        else:
            asked += _CLOSED
        return [
            *found,
            *(_proof(control, word, right, UNKNOWN, scope, now, name) for control, name, right in asked),
        ]

    def purge(self, session: Session, *, now: datetime) -> Sequence[Proof]:
        """What was written and noted stays in Slack until somebody deletes it there."""
        word, scope = Evidence.ATTESTED, ScopeOfProof.MEETING
        return [_proof("nothing-kept", word, "gone", UNKNOWN, scope, now, "huddle notes, messages, files")]

    def _channel(self, session: Session) -> Mapping[str, Any]:
        link = _LINK.fullmatch(session.address.strip())
        if link is None:
            raise Unavailable(Trouble.GONE)
        asked = {"channel": link[1], "include_num_members": "true"}
        found = _read(self._post("conversations.info", session.connected, asked)).get("channel")
        if not isinstance(found, dict) or found.get("id") != link[1]:
            raise Unavailable(Trouble.NOT_UNDERSTOOD)
        return found

    def _post(self, method: str, connected: Connected, asked: Mapping[str, str]) -> outgoing.Answer:
        """The key stands in a header and the channel in the body: neither in an address."""
        headers = {"Authorization": f"Bearer {connected['token']}"}
        return outgoing.ask("POST", f"{self.api}/{method}", headers=headers, form=asked)


def _read(said: outgoing.Answer) -> Mapping[str, Any]:
    """What came back: Slack answers 200 to almost everything, and says inside whether it worked."""
    found = said.json() if said.ok else None
    if not isinstance(found, dict):
        raise Unavailable(Trouble.NOT_UNDERSTOOD)
    if found.get("ok") is True:
        return found
    why = found.get("error")
    if why in _NO_KEY:
        raise Unavailable(Trouble.NOT_ALLOWED)
    if why == "ratelimited":
        raise Unavailable(Trouble.BUSY)
    raise Unavailable(Trouble.GONE if why in _NOT_THERE else Trouble.NOT_UNDERSTOOD)


def _of_channel(channel: Mapping[str, Any], most: int, now: datetime) -> list[Proof]:
    scope, read = ScopeOfProof.MEETING, Evidence.READ_BACK
    found = [
        _proof(control, read, right, _flag(channel.get(name)), scope, now, name)
        for control, name, right in _CLOSED
    ]
    count = channel.get("num_members")
    few = f"at most {most}"
    seen = UNKNOWN if not isinstance(count, int) else few if count <= most else str(count)
    return [*found, _proof("outside-chat-gated", read, few, seen, scope, now, "num_members")]


def _flag(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else UNKNOWN


def _proof(
    control: str,
    evidence: Evidence,
    expected: str,
    seen: str,
    scope: ScopeOfProof,
    now: datetime,
    name: str = "scopes",
) -> Proof:
    return Proof(control, evidence, expected, seen, scope, now, _FRESH, name)
