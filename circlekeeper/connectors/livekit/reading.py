"""What the server says about a room, and what our own passes carry, as proofs."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from circlekeeper.areas.meetings.provider import UNKNOWN, Evidence, Proof, ScopeOfProof, Session
from circlekeeper.connectors.livekit import client, passes

_FRESH = timedelta(hours=2)
_LIVE = timedelta(minutes=10)
_WORD_LASTS = timedelta(days=90)
_PEOPLE = ("STANDARD", "SIP")
_SHARING = ("SCREEN_SHARE", "SCREEN_SHARE_AUDIO")


def of_room(
    session: Session, room: Mapping[str, Any], egress: Sequence[Mapping[str, Any]] | None, *, now: datetime
) -> list[Proof]:
    """What ``ListRooms`` and ``ListEgress`` told again. A field that is not there is unknown, and never holds."""
    recorded = client.NO_EGRESS if egress is None else str(len(egress))
    looked = (
        ("recording-off", "active_recording", "false", word(room, "active_recording")),
        ("recording-off", "ListEgress", recorded if egress is None else "0", recorded),
        ("room-locked", "max_participants", str(session.wanted.people), word(room, "max_participants")),
        ("privacy-by-default", "metadata", "empty", word(room, "metadata") or "empty"),
    )
    return [
        _proof(control, Evidence.READ_BACK, name, expected, seen, now) for control, name, expected, seen in looked
    ]


def of_passes(session: Session, *, now: datetime) -> list[Proof]:
    """What a pass made now carries. The server lets nobody do more than stands in it."""
    member, host = (passes.read(session, host=each, now=now) for each in (False, True))
    video, wanted = member["video"], session.wanted
    lasts = str((member["exp"] - int(now.timestamp())) // 60)
    records = {
        str(each["video"].get(name)).lower()
        for each in (member, host)
        for name in ("roomRecord", "roomAdmin", "recorder", "hidden", "agent")
    }
    looked = [
        ("links-sent-privately", "video.room", session.room, video.get("room")),
        ("breakouts-watched", "video.room", session.room, video.get("room")),
        ("meeting-password", "exp", "3 minutes", f"{lasts} minutes"),
        ("recording-off", "roomRecord, roomAdmin, recorder, hidden, agent", "false", ", ".join(sorted(records))),
        ("privacy-by-default", "canUpdateOwnMetadata", "False", str(video.get("canUpdateOwnMetadata"))),
    ]
    if wanted.share_off:
        seen = ", ".join(video.get("canPublishSources") or ["everything"])
        looked.append(("screen-share-off", "canPublishSources", "camera, microphone", seen))
    if wanted.private_chat_off:
        looked.append(("privacy-by-default", "canPublishData", "False", str(video.get("canPublishData"))))
    carried = Evidence.TOKEN_ENFORCED
    return [_proof(control, carried, name, expected, seen, now) for control, name, expected, seen in looked]


def of_door(answers: Mapping[str, str], *, now: datetime) -> list[Proof]:
    """What the server answered to passes that were only tried. ``answers``: to ``none``, ``own`` and ``other``."""
    # Whether the right pass is accepted tells what the other answers are worth.
    known = answers["own"] == client.ACCEPTED
    other = {client.NO_ROOM: "false", client.ACCEPTED: "true"}.get(answers["other"], UNKNOWN)
    looked = (
        ("links-sent-privately", "rtc/validate", client.ACCEPTED, answers["own"]),
        ("waiting-room-tested", "rtc/validate without a pass", client.REFUSED, answers["none"]),
        ("room-locked", "auto_create", "false", other if known else UNKNOWN),
    )
    return [_live(control, name, expected, seen, now) for control, name, expected, seen in looked]


def of_people(session: Session, people: Sequence[Mapping[str, Any]], *, now: datetime) -> list[Proof]:
    """Who is inside, as counts: nobody's name or mark is taken from the list."""
    standing, most = [each for each in people if each.get("kind") in _PEOPLE], session.wanted.people
    size = f"at most {most}" if len(standing) <= most else str(len(standing))
    machines = len(people) - len(standing) + sum(_is_hidden(each) for each in standing)
    found = [
        _live("room-locked", "participants", f"at most {most}", size, now),
        _live("recording-off", "kind, hidden", "0", str(machines), now),
        _live("phone-numbers-hidden", "kind=SIP", "0", str(sum(each["kind"] == "SIP" for each in standing)), now),
    ]
    if session.wanted.share_off:
        sharing = sum(_may_share(each) for each in standing if not _is_host(each))
        found.append(_live("screen-share-off", "can_publish_sources", "0", str(sharing), now))
    return found


def of_word(*, now: datetime) -> list[Proof]:
    """What nobody can see from here: the page belongs to whoever runs it."""
    right = "reads the pass after the #; nothing from elsewhere"
    scope, by_word = ScopeOfProof.ACCOUNT, Evidence.ATTESTED
    return [Proof("privacy-by-default", by_word, right, UNKNOWN, scope, now, _WORD_LASTS, "page")]


def left(egress: Sequence[Mapping[str, Any]] | None, *, is_open: bool, now: datetime) -> list[Proof]:
    """What is still there after clearing away: the room, what was recorded of it, and what nobody can ask for."""
    scope, kept, gone = ScopeOfProof.MEETING, timedelta(days=30), "nothing-kept"
    recorded = client.NO_EGRESS if egress is None else str(len(egress))
    expected = recorded if egress is None else "0"
    room = "open" if is_open else "gone"
    return [
        Proof(gone, Evidence.READ_BACK, "gone", room, scope, now, kept, "ListRooms"),
        Proof(gone, Evidence.READ_BACK, expected, recorded, scope, now, kept, "ListEgress"),
        Proof(gone, Evidence.ATTESTED, "gone", UNKNOWN, scope, now, kept, "logs"),
    ]


def word(said: Mapping[str, Any], name: str) -> str:
    """A field as a word: true, false, a number or a text; ``unknown`` if it is not there."""
    found = said.get(name)
    if isinstance(found, bool):
        return str(found).lower()
    return str(found) if isinstance(found, int | str) else UNKNOWN


def part(said: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """An object inside another; an empty one if there is none of this name."""
    found = said.get(name)
    return found if isinstance(found, dict) else {}


def _is_host(person: Mapping[str, Any]) -> bool:
    return part(person, "attributes").get(passes.HOST_MARK) == "1"


def _is_hidden(person: Mapping[str, Any]) -> bool:
    allowed = part(person, "permission")
    return bool(allowed.get("hidden") or allowed.get("recorder") or allowed.get("agent"))


def _may_share(person: Mapping[str, Any]) -> bool:
    """By permission or already at it. An empty list of sources means all of them."""
    allowed = part(person, "permission").get("can_publish_sources") or _SHARING
    tracks = person.get("tracks") or []
    if not isinstance(allowed, list | tuple) or not isinstance(tracks, list):
        return True  # not what we know: said to be wrong rather than right
    sent = [each.get("source") if isinstance(each, dict) else _SHARING[0] for each in tracks]
    return any(each in _SHARING for each in [*allowed, *sent])


def _proof(control: str, evidence: Evidence, setting: str, expected: str, seen: object, now: datetime) -> Proof:
    return Proof(control, evidence, expected, str(seen), ScopeOfProof.MEETING, now, _FRESH, setting)


def _live(control: str, setting: str, expected: str, seen: str, now: datetime) -> Proof:
    return Proof(control, Evidence.OBSERVED, expected, seen, ScopeOfProof.LIVE, now, _LIVE, setting)
