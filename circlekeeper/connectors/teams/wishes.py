"""What a meeting is made with, in Graph's own names, and which control each of them speaks of."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from circlekeeper.areas.meetings.provider import Session, Wanted

# By control: the path of a setting in Graph's answer. Each is asked for and read again.
READ = (
    ("waiting-room-tested", "lobbyBypassSettings.scope"),
    ("waiting-room-tested", "lobbyBypassSettings.isDialInBypassEnabled"),
    ("waiting-room-tested", "allowedLobbyAdmitters"),
    ("meeting-password", "joinMeetingIdSettings.isPasscodeRequired"),
    ("recording-off", "recordAutomatically"),
    ("recording-off", "allowRecording"),
    ("recording-off", "allowTranscription"),
    ("screen-share-off", "allowedPresenters"),
    ("breakouts-watched", "allowBreakoutRooms"),
    ("privacy-by-default", "allowMeetingChat"),
    ("privacy-by-default", "shareMeetingChatHistoryDefault"),
    ("privacy-by-default", "isEntryExitAnnounced"),
    ("privacy-by-default", "allowParticipantsToChangeName"),
    ("privacy-by-default", "allowCopyingAndSharingMeetingContent"),
    # A watermark is the viewer's own e-mail address across the picture.
    ("privacy-by-default", "watermarkProtection.isEnabledForContentSharing"),
    ("privacy-by-default", "watermarkProtection.isEnabledForVideo"),
)
# By control: what no call tells, so that a person has to look.
WORD = (
    ("links-sent-privately", "joinWebUrl", "sent to members only"),
    ("meeting-password", "joinWebUrl", "sent to members only"),
    ("room-locked", "Lock meeting", "locked"),
    ("recording-off", "Copilot, Facilitator", "off"),
    ("privacy-by-default", "attendance report", "off"),
    ("privacy-by-default", "live captions", "as agreed"),
)


def settings(wanted: Wanted) -> dict[str, Any]:
    """Everything that protects. All but a chat and small rooms is the same for every level."""
    return {
        "lobbyBypassSettings": {"scope": "organizer", "isDialInBypassEnabled": False},
        "allowedLobbyAdmitters": "organizerAndCoOrganizers",
        "recordAutomatically": False,
        "allowRecording": False,
        "allowTranscription": False,
        "allowedPresenters": "organizer",
        "allowBreakoutRooms": not wanted.breakouts_off,
        # "limited": only while the meeting runs. There is no switch for private messages alone.
        "allowMeetingChat": "disabled" if wanted.private_chat_off else "limited",
        "shareMeetingChatHistoryDefault": "none",
        "isEntryExitAnnounced": False,
        "allowParticipantsToChangeName": True,
        "allowCopyingAndSharingMeetingContent": False,
        "watermarkProtection": {"isEnabledForContentSharing": False, "isEnabledForVideo": False},
    }


def creation(session: Session) -> dict[str, Any]:
    """A new meeting. A passcode is only taken now, and guards only those who type the meeting's number."""
    return {**change(session), "joinMeetingIdSettings": {"isPasscodeRequired": True}}


def change(session: Session) -> dict[str, Any]:
    """A meeting that is there, set again. Graph takes its two times only together."""
    times = {"startDateTime": stamp(session.starts_at), "endDateTime": stamp(session.ends_at)}
    return {"subject": "Meeting", **times, **settings(session.wanted)}


def expected(session: Session) -> list[tuple[str, str, str]]:
    """Control, setting and value of everything that is read again."""
    sent = creation(session)
    found = [(control, path, said_at(sent, path)) for control, path in READ]
    return [each for each in found if each[0] != "breakouts-watched" or session.wanted.breakouts_off]


def said_at(said: Mapping[str, Any], path: str) -> str:
    """The value there, in words; empty if the answer has none."""
    found: Any = said
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    if isinstance(found, bool):
        return "true" if found else "false"
    return found if isinstance(found, str) else ""


def stamp(moment: datetime) -> str:
    """A moment as Graph writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
