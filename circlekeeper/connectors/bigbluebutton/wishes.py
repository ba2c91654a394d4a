"""What a meeting is created with. The server takes it all at once, and tells almost nothing of it again."""

import hashlib
import hmac
from datetime import datetime, timedelta
from math import ceil

from circlekeeper.areas.meetings.provider import Session, Wanted

# The server begins to count when the meeting is created, days before it starts.
_GRACE = timedelta(minutes=30)
_ALWAYS_OFF = (
    "sharedNotes",
    "polls",
    "quizzes",
    "externalVideos",
    "learningDashboard",
    "learningDashboardDownloadSessionData",
    "cameraAsContent",
    "snapshotOfCurrentSlide",
    "downloadPresentationWithAnnotations",
    "downloadPresentationOriginalFile",
    "downloadPresentationConvertedToPdf",
    "importPresentationWithAnnotationsFromBreakoutRooms",
    "importSharedNotesFromBreakoutRooms",
)
# By control: what is asked for and never told again.
_UNSEEN = (
    ("waiting-room-tested", "guestPolicy"),
    ("recording-off", "autoStartRecording"),
    ("recording-off", "allowStartStopRecording"),
    ("recording-off", "meetingKeepEvents"),
    ("privacy-by-default", "lockSettingsDisablePrivateChat"),
    ("privacy-by-default", "lockSettingsHideUserList"),
    ("privacy-by-default", "lockSettingsLockOnJoin"),
)
_FEATURES = (
    ("screen-share-off", "screenshare"),
    ("breakouts-watched", "breakoutRooms"),
    ("privacy-by-default", "learningDashboard"),
)


def disabled(wanted: Wanted) -> list[str]:
    """The features that are switched off."""
    by_wish = {
        "screenshare": wanted.share_off,
        "privateChat": wanted.private_chat_off,
        "breakoutRooms": wanted.breakouts_off,
        "captions": not wanted.captions,
        "liveTranscription": True,  # some browsers send what is said to their maker
    }
    return [*(name for name, off in by_wish.items() if off), *_ALWAYS_OFF]


def settings(wanted: Wanted) -> dict[str, str]:
    """Everything that protects, the same for every meeting of a level."""
    return {
        # Never true, whatever a level says: autoStartRecording with allowStartStopRecording=false records all of it.
        "record": "false",
        "autoStartRecording": "false",
        "allowStartStopRecording": "false",
        "meetingKeepEvents": "false",
        "notifyRecordingIsOn": "true",
        "guestPolicy": "ASK_MODERATOR",
        "allowPromoteGuestToModerator": "false",
        "allowRequestsWithoutSession": "false",
        "maxParticipants": str(wanted.people),
        "muteOnStart": "true",
        "allowModsToUnmuteUsers": "false",
        "lockSettingsDisablePrivateChat": _word(wanted.private_chat_off),
        "lockSettingsDisableNotes": "true",
        "lockSettingsHideUserList": "true",
        "lockSettingsHideViewersCursor": "true",
        "lockSettingsLockOnJoin": "true",
        "breakoutRoomsRecord": "false",
        "breakoutRoomsPrivateChatEnabled": "false",
        "disabledFeatures": ",".join(disabled(wanted)),
        "endWhenNoModerator": "true",
        "endWhenNoModeratorDelayInMinutes": "5",
    }


def unseen(wanted: Wanted) -> list[tuple[str, str, str]]:
    """Control, setting and value of what is sent with ``create`` and told by no call."""
    sent, off = settings(wanted), disabled(wanted)
    return [
        *((control, name, sent[name]) for control, name in _UNSEEN),
        *((control, "disabledFeatures", feature) for control, feature in _FEATURES if feature in off),
    ]


def profile(wanted: Wanted) -> str:
    """A mark of these settings. The server says it again: then the meeting is the one they were asked for."""
    told = "\n".join(f"{name}={value}" for name, value in sorted(settings(wanted).items()))
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def creation(session: Session, meeting: str, *, now: datetime) -> dict[str, str]:
    """What ``create`` is sent. The name is what people see at the top of the page: as neutral as can be."""
    lasts = max(1, ceil((session.ends_at + _GRACE - now).total_seconds() / 60))
    told = {
        "name": "Meeting",
        "meetingID": meeting,
        **settings(session.wanted),
        "duration": str(lasts),
        # Otherwise the server forgets within minutes a meeting that nobody has come to yet.
        "meetingExpireIfNoUserJoinedInMinutes": str(lasts),
        "meta_room-profile": profile(session.wanted),
    }
    if session.hook:
        told["meta_bbb-recording-ready-url"] = f"{session.hook}recording"
        # Not `meta_endCallbackUrl`: what begins with meta goes to every browser in the meeting, and this call is unsigned.
        told["meetingEndedURL"] = f"{session.hook}ended/{meeting}/{mark(session.connected['secret'], meeting)}"
    return told


def mark(secret: str, meeting: str) -> str:
    """What the server's unsigned call at the end has to bear, so that nobody else can make it."""
    return hmac.new(secret.encode(), f"ended {meeting}".encode(), hashlib.sha256).hexdigest()


def _word(yes: bool) -> str:
    return "true" if yes else "false"
