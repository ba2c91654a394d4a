"""What the server says about a meeting, as proofs. It names size, roles and recording; locks and lobby it never tells."""

from datetime import datetime, timedelta
from xml.etree.ElementTree import Element

from circlekeeper.areas.meetings.provider import UNKNOWN, Evidence, Guest, Proof, ScopeOfProof, Session
from circlekeeper.connectors.bigbluebutton import links, wishes
from circlekeeper.connectors.bigbluebutton.client import text

_FRESH = timedelta(hours=2)
_LIVE = timedelta(minutes=10)
_NOBODY = Guest(ref="nobody", alias="")


def of_meeting(session: Session, said: Element, recordings: int, *, now: datetime) -> list[Proof]:
    """Everything that can be said of one meeting, the strongest first."""
    return [
        *_told_again(session, said, recordings, now),
        *_carried(session, said, now),
        *_seen(session, said, now),
        *_only_asked(session, now),
    ]


def _told_again(session: Session, said: Element, recordings: int, now: datetime) -> list[Proof]:
    looked = (
        ("links-sent-privately", "metadata.room-profile", wishes.profile(session.wanted), "metadata/room-profile"),
        ("recording-off", "recording", "false", "recording"),
        ("room-locked", "maxUsers", str(session.wanted.people), "maxUsers"),
    )
    proofs = [
        _proof(control, Evidence.READ_BACK, name, expected, text(said, path) or UNKNOWN, now)
        for control, name, expected, path in looked
    ]
    return [
        *proofs,
        _proof("recording-off", Evidence.READ_BACK, "getRecordings", "0", str(recordings), now),
    ]


def _carried(session: Session, said: Element, now: datetime) -> list[Proof]:
    """What a member's address carries, read from one made now, beside what the server says of itself."""
    member = links.asked(session, _NOBODY)
    created = text(said, "createTime") or UNKNOWN
    one = "one meeting"
    fits = one if member["createTime"] == created else UNKNOWN
    carried = (
        ("links-sent-privately", "createTime", member["createTime"], created),
        ("meeting-password", "checksum", one, fits),
        ("waiting-room-tested", "guest", "true", member.get("guest", "none")),
        ("room-locked", "role", "VIEWER", member["role"]),
    )
    return [
        _proof(control, Evidence.TOKEN_ENFORCED, setting, expected, seen, now)
        for control, setting, expected, seen in carried
    ]


def _seen(session: Session, said: Element, now: datetime) -> list[Proof]:
    """What goes on inside: only counts are taken, never who."""
    inside, most = _number(said, "participantCount"), session.wanted.people
    size = UNKNOWN if inside is None else f"at most {most}" if inside <= most else str(inside)
    rooms = len(said.findall("breakoutRooms/breakout"))
    found = [_live("room-locked", "participantCount", f"at most {most}", size, now)]
    if session.wanted.breakouts_off:
        found.append(_live("breakouts-watched", "breakoutRooms", "0", str(rooms), now))
    if session.wanted.share_off:
        sharing = sum(
            text(each, "role") != "MODERATOR" and text(each, "isPresenter") == "true"
            for each in said.findall("attendees/attendee")
        )
        found.append(_live("screen-share-off", "isPresenter", "0", str(sharing), now))
    return found


def _only_asked(session: Session, now: datetime) -> list[Proof]:
    """Sent with ``create`` and told by no call: the meeting may have been made without it."""
    asked = [
        _proof(control, Evidence.WRITTEN_UNVERIFIED, setting, expected, UNKNOWN, now)
        for control, setting, expected in wishes.unseen(session.wanted)
    ]
    phone = _proof(
        "phone-numbers-hidden", Evidence.ATTESTED, "dialNumber, voiceBridge", "no telephone", UNKNOWN, now
    )
    return [*asked, phone]


def left(recordings: int, *, is_open: bool, now: datetime) -> list[Proof]:
    """What is still there after clearing away: recordings in the list, the meeting itself, and what nobody can ask for."""
    scope, kept, gone = ScopeOfProof.MEETING, timedelta(days=30), "nothing-kept"
    still = "open" if is_open else "gone"
    return [
        Proof(gone, Evidence.READ_BACK, "0", str(recordings), scope, now, kept, "getRecordings"),
        Proof(gone, Evidence.READ_BACK, "gone", still, scope, now, kept, "getMeetingInfo"),
        Proof(gone, Evidence.ATTESTED, "gone", UNKNOWN, scope, now, kept, "raw files, logs"),
    ]


def _proof(control: str, evidence: Evidence, setting: str, expected: str, seen: str, now: datetime) -> Proof:
    return Proof(control, evidence, expected, seen, ScopeOfProof.MEETING, now, _FRESH, setting)


def _live(control: str, setting: str, expected: str, seen: str, now: datetime) -> Proof:
    return Proof(control, Evidence.OBSERVED, expected, seen, ScopeOfProof.LIVE, now, _LIVE, setting)


def _number(said: Element, path: str) -> int | None:
    found = text(said, path)
    return int(found) if found.isascii() and found.isdigit() else None
