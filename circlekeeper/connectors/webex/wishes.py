"""What a meeting is made with, in Webex's own names, and which control each of them speaks of."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from circlekeeper.areas.meetings.provider import Session

_LOCKS = (20, 15, 10, 5)  # minutes after the start; Webex takes no others

# By control: the path of a setting in Webex's answer. Each is asked for and read again.
READ = (
    ("waiting-room-tested", "unlockedMeetingJoinSecurity"),
    ("waiting-room-tested", "enabledJoinBeforeHost"),
    ("recording-off", "enabledAutoRecordMeeting"),
    ("room-locked", "enableAutomaticLock"),
    ("room-locked", "automaticLockMinutes"),
    ("breakouts-watched", "enabledBreakoutSessions"),
    ("meeting-password", "excludePassword"),
    ("privacy-by-default", "publicMeeting"),
    ("privacy-by-default", "allowAnyUserToBeCoHost"),
    ("privacy-by-default", "allowFirstUserToBeCoHost"),
    ("privacy-by-default", "meetingOptions.enabledFileTransfer"),
    ("privacy-by-default", "meetingOptions.enabledNote"),
    ("privacy-by-default", "audioConnectionOptions.entryAndExitTone"),
    ("phone-numbers-hidden", "audioConnectionOptions.audioConnectionType"),
)
# What no call tells, so that a person has to look.
WORD = (
    ("links-sent-privately", "webLink", "sent to members only"),
    ("screen-share-off", "sharing", "host only"),
    ("recording-off", "recording by hand, AI Assistant", "off"),
    ("privacy-by-default", "chat, captions", "as agreed"),
)


def lock_minutes(after: int | None) -> int | None:
    """The longest time Webex takes that is not later than what the level wants; None: only a host locks."""
    if after is None:
        return None
    return next((each for each in _LOCKS if each <= after), _LOCKS[-1])


def meeting(session: Session) -> dict[str, Any]:
    """A meeting with every switch, and nobody mailed."""
    lock = lock_minutes(session.wanted.lock_after)
    return {
        "title": "Meeting",
        "start": stamp(session.starts_at),
        "end": stamp(session.ends_at),
        "timezone": "UTC",
        "unlockedMeetingJoinSecurity": "allowJoinWithLobby",
        "enabledJoinBeforeHost": False,
        "enabledAutoRecordMeeting": False,
        "enableAutomaticLock": lock is not None,
        **({"automaticLockMinutes": lock} if lock is not None else {}),
        "enabledBreakoutSessions": not session.wanted.breakouts_off,
        "excludePassword": True,
        "publicMeeting": False,
        "allowAnyUserToBeCoHost": False,
        "allowFirstUserToBeCoHost": False,
        "meetingOptions": {"enabledFileTransfer": False, "enabledNote": False},
        "audioConnectionOptions": {"audioConnectionType": "VoIP", "entryAndExitTone": "noTone"},
        "sendEmail": False,
    }


def expected(session: Session) -> list[tuple[str, str, str]]:
    """Control, setting and value of everything that is read again."""
    sent, wanted = meeting(session), session.wanted
    found = [(control, path, said_at(sent, path)) for control, path in READ]
    found = [each for each in found if each[0] != "breakouts-watched" or wanted.breakouts_off]
    return [each for each in found if each[0] != "room-locked" or wanted.lock_after is not None]


def said_at(said: Mapping[str, Any], path: str) -> str:
    """The value there, in words; empty if the answer has none."""
    found: Any = said
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    if isinstance(found, bool):
        return "true" if found else "false"
    return str(found) if isinstance(found, str | int) else ""


def stamp(moment: datetime) -> str:
    """A moment as Webex writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
