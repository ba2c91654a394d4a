"""What a channel's own permissions say, as proofs.

Only the channel's overwrites count: what ``@everyone`` is denied there is denied to every role at once, whatever roles a
person has together, unless another overwrite gives it back. Administrators pass by all of it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from circlekeeper.areas.meetings.provider import UNKNOWN, Evidence, Proof, ScopeOfProof, Trouble, Unavailable

ADMINISTRATOR, STREAM, VIEW_CHANNEL, MUTE_MEMBERS = 1 << 3, 1 << 9, 1 << 10, 1 << 22
_FRESH = timedelta(hours=2)
_PLACES = {2: "voice", 13: "stage"}
_CLOSED = ("@everyone VIEW_CHANNEL", "denied")
_SHARE = ("@everyone STREAM", "denied")
_BY_WORD = (
    ("recording-off", "bots and people who record", "nobody"),
    ("room-locked", "CONNECT taken away after the start", "yes"),
    ("breakouts-watched", "other voice channels", "empty or watched"),
    ("outside-chat-gated", "names, and people who left", "chosen names only, and out"),
)
# What a host has to say while nobody can look.
_UNREAD = (
    ("meeting-password", *_CLOSED),
    ("screen-share-off", *_SHARE),
    ("tools-least-privilege", "bots that may come in", "0"),
)


def of_channel(channel: Mapping[str, Any], guild: Mapping[str, Any], me: str, *, now: datetime) -> list[Proof]:
    """What is read of one channel: of roles only numbers, never a name."""
    overwrites, roles = _rows(channel, "permission_overwrites"), _rows(guild, "roles")
    # The role of everybody has the server's own number.
    everyone = next((each for each in overwrites if each.get("id") == guild.get("id")), {})
    closed = "denied" if _bits(everyone, "deny") & VIEW_CHANNEL else "not denied"
    share = "denied" if _bits(everyone, "deny") & STREAM else "not denied"
    given = sum(_gives(each, STREAM) and not _gives(each, MUTE_MEMBERS) for each in overwrites)
    kind = channel.get("type")
    place = _PLACES.get(kind, "another kind") if isinstance(kind, int) else UNKNOWN
    level = guild.get("mfa_level")
    looked = (
        ("meeting-password", "type", place if place in _PLACES.values() else "voice", place),
        ("meeting-password", *_CLOSED, closed),
        ("outside-chat-gated", *_CLOSED, closed),
        ("outside-chat-gated", "mfa_level", "1", str(level) if isinstance(level, int) else UNKNOWN),
        ("screen-share-off", *_SHARE, share),
        ("screen-share-off", "STREAM given back, without MUTE_MEMBERS", "0", str(given)),
        ("tools-least-privilege", "bots that may come in", "0", str(_bots(roles, overwrites, me))),
        ("tools-least-privilege", "our own bot", "looks only", _own(roles, me)),
    )
    return [_proof(control, Evidence.READ_BACK, name, right, seen, now) for control, name, right, seen in looked]


def by_word(*, connected: bool, now: datetime) -> list[Proof]:
    """What a host has to say; all of it while nobody has connected a bot."""
    asked = _BY_WORD if connected else (*_UNREAD, *_BY_WORD)
    return [_proof(control, Evidence.ATTESTED, name, right, UNKNOWN, now) for control, name, right in asked]


def _bots(roles: Sequence[Mapping[str, Any]], overwrites: Sequence[Mapping[str, Any]], me: str) -> int:
    """Bots that show, apart from ours, and may come in: by being let in there or as administrators."""
    let_in = {str(each.get("id")) for each in overwrites if _gives(each, VIEW_CHANNEL)}
    others = [each for each in roles if _bot(each) not in ("", me)]
    return sum(
        bool({str(each.get("id")), _bot(each)} & let_in or _bits(each, "permissions") & ADMINISTRATOR)
        for each in others
    )


def _own(roles: Sequence[Mapping[str, Any]], me: str) -> str:
    """Whether our own bot was given more than to look; without a role of its own it has no more than everybody."""
    mine = [_bits(each, "permissions") for each in roles if _bot(each) == me]
    return "looks only" if all(each & ~VIEW_CHANNEL == 0 for each in mine) else "may do more"


def _bot(role: Mapping[str, Any]) -> str:
    tags = role.get("tags")
    return str(tags.get("bot_id") or "") if isinstance(tags, dict) else ""


def _gives(overwrite: Mapping[str, Any], bit: int) -> bool:
    return bool(_bits(overwrite, "allow") & bit)


def _bits(said: Mapping[str, Any], name: str) -> int:
    """Permissions come as a number written out as text."""
    found = said.get(name, "0")
    if not isinstance(found, str) or not found.isascii() or not found.isdigit():
        raise Unavailable(Trouble.NOT_UNDERSTOOD)
    return int(found)


def _rows(said: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = said.get(name)
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise Unavailable(Trouble.NOT_UNDERSTOOD)
    return found


def _proof(control: str, evidence: Evidence, setting: str, expected: str, seen: str, now: datetime) -> Proof:
    return Proof(control, evidence, expected, seen, ScopeOfProof.MEETING, now, _FRESH, setting)
