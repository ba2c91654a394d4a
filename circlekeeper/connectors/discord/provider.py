"""Discord: a voice channel that is closed to everybody but those let in. Its permissions can be read; its people are not."""

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
from circlekeeper.connectors.discord import reading
from circlekeeper.foundation import outgoing
from circlekeeper.foundation.errors import Refused

_LINK = re.compile(r"https://discord\.com/channels/([0-9]{15,20})/([0-9]{15,20})/?")
_TOKEN = re.compile(r"[\w-]{20,40}\.[\w-]{4,10}\.[\w-]{20,60}")
_CALLER = "DiscordBot (https://localhost, 1)"  # Discord refuses callers without a name of this shape


class Discord(ByLink):
    """A voice channel, with or without a bot to look at it."""

    name = "discord"

    def __init__(self, api: str = "https://discord.com/api/v10") -> None:
        self.api = api

    @property
    def settings(self) -> Sequence[Setting]:
        """A bot that may look at channels and do nothing else; it is not needed."""
        how = _("Of a bot of your own that was given View Channels and nothing else.")
        return (Setting("token", _("Bot token"), how, secret=True, needed=False),)

    @property
    def title(self) -> str:
        """What people choose from the list."""
        return _("Discord, a closed voice channel")

    @property
    def sees(self) -> str:
        """For the policy."""
        return _(
            "Discord sees your account, the other servers you are in, your internet address, and what you write there. "
            "Other people see your account too, and can look up what it says elsewhere."
        )

    def capabilities(self) -> Sequence[Capability]:
        """What a voice channel cannot do is said first."""
        ours = _(
            "Only people a host has let in here are sent to the link. Whoever is let into the channel needs none."
        )
        closed = _("There is no password. We can read that only people let into the channel can open its address.")
        chat = _("We can read that the channel is closed. Names and people who left are a host's word.")
        share = _("We can read that members may not share a screen. It takes their camera away too.")
        bots = _("We can read which bots may come in, as far as they show, and what our own may do.")
        record = _("Discord records nothing by itself. That no bot and nobody else does is a host's word.")
        waiting = _("A voice channel has no waiting room: everybody let into it can walk in.")
        lock = _("A host takes the permission to connect away after the start, and says so.")
        rooms = _("A host watches that nobody moves to another channel.")
        read, word = Evidence.READ_BACK, Evidence.ATTESTED
        return [
            Capability("waiting-room-tested", Evidence.IMPOSSIBLE, waiting),
            Capability("links-sent-privately", Evidence.SELF_ENFORCED, ours),
            Capability("meeting-password", read, closed, word_too=True),
            Capability("outside-chat-gated", read, chat, word_too=True),
            Capability("screen-share-off", read, share, word_too=True),
            Capability("tools-least-privilege", read, bots, word_too=True),
            Capability("recording-off", word, record),
            Capability("room-locked", word, lock),
            Capability("breakouts-watched", word, rooms),
        ]

    def check_address(self, address: str) -> None:
        """A link to a channel of a server.

        :raises Refused: it is none. An invitation is none either: it would let anybody into the server.
        """
        if not _LINK.fullmatch(address.strip()):
            raise Refused(
                _("Copy the link of the channel, not an invitation: https://discord.com/channels/…/…"),
                field="address",
            )

    def check_connection(self, connected: Connected, *, now: datetime) -> Sequence[Proof]:
        """Try the key once; no server or channel is looked at.

        :raises Refused: it is no bot's key. :raises Unavailable: Discord does not accept it.
        """
        if not _TOKEN.fullmatch(connected.get("token", "").strip()):
            raise Refused(
                _("This is no bot token: it has three parts with full stops between them."), field="token"
            )
        self._get("users/@me", connected)
        seen, scope, lasts = Evidence.OBSERVED, ScopeOfProof.ACCOUNT, timedelta(days=1)
        return [Proof("tools-least-privilege", seen, "accepted", "accepted", scope, now, lasts, "bot token")]

    def verify(self, session: Session, *, now: datetime) -> Sequence[Proof]:
        """What the channel's permissions say, and for the rest that a person has to say it."""
        if not session.connected.get("token"):
            return reading.by_word(connected=False, now=now)
        link = _LINK.fullmatch(session.address.strip())
        if link is None:
            raise Unavailable(Trouble.GONE)
        channel = self._get(f"channels/{link[2]}", session.connected)
        guild = self._get(f"guilds/{link[1]}", session.connected)
        if (guild.get("id"), channel.get("guild_id"), channel.get("id")) != (link[1], link[1], link[2]):
            raise Unavailable(Trouble.NOT_UNDERSTOOD)
        me = str(self._get("users/@me", session.connected).get("id", ""))
        return [*reading.of_channel(channel, guild, me, now=now), *reading.by_word(connected=True, now=now)]

    def purge(self, session: Session, *, now: datetime) -> Sequence[Proof]:
        """What was written stays in the channel until somebody deletes it there."""
        scope, lasts, word = ScopeOfProof.MEETING, timedelta(days=30), Evidence.ATTESTED
        return [Proof("nothing-kept", word, "gone", UNKNOWN, scope, now, lasts, "messages, clips, logs")]

    def _get(self, path: str, connected: Connected) -> Mapping[str, Any]:
        headers = {"Authorization": f"Bot {connected['token'].strip()}", "User-Agent": _CALLER}
        said = outgoing.ask("GET", f"{self.api}/{path}", headers=headers)
        if said.status == 404:
            raise Unavailable(Trouble.GONE)
        found = said.json() if said.ok else None
        if not isinstance(found, dict):
            raise Unavailable(Trouble.NOT_UNDERSTOOD)
        return found
