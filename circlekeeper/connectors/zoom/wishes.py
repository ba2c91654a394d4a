"""What a meeting and its user are set to, in Zoom's own names, and which control each of them speaks of.

Meetings made by API do not take over what a user set for their own, and Zoom changes a request that has neither passcode,
waiting room nor sign-in. So every field is sent each time, and read again by another question.
"""

from collections.abc import Mapping
from datetime import UTC
from typing import Any

from circlekeeper.areas.meetings.provider import Session, Wanted

PASS_LASTS = 300  # seconds from the button to the meeting

# By control: where it stands in the answer about the meeting, and the account's lock that keeps a host from changing it.
MEETING = (
    ("waiting-room-tested", "settings.waiting_room", "in_meeting.waiting_room"),
    ("waiting-room-tested", "settings.waiting_room_options.who_goes_to_waiting_room", ""),
    ("waiting-room-tested", "settings.join_before_host", "schedule_meeting.join_before_host"),
    ("recording-off", "settings.auto_recording", "recording.auto_recording"),
    ("recording-off", "settings.auto_start_meeting_summary", "in_meeting.meeting_summary_with_ai_companion"),
    ("recording-off", "settings.auto_start_ai_companion_questions", "in_meeting.ai_companion_questions"),
    ("recording-off", "settings.continuous_meeting_chat.enable", ""),
    ("breakouts-watched", "settings.breakout_room.enable", ""),
    ("phone-numbers-hidden", "settings.audio", ""),
    ("privacy-by-default", "settings.use_pmi", ""),
    ("privacy-by-default", "settings.meeting_authentication", ""),
    ("privacy-by-default", "settings.participant_video", ""),
    ("privacy-by-default", "settings.allow_multiple_devices", ""),
    ("privacy-by-default", "settings.registrants_confirmation_email", ""),
    ("privacy-by-default", "settings.registrants_email_notification", ""),
    ("privacy-by-default", "settings.email_notification", ""),
    ("privacy-by-default", "settings.email_in_attendee_report", ""),
)
# The same of the user: a meeting has no field of its own for these.
USER = (
    ("screen-share-off", "in_meeting.who_can_share_screen", ""),
    ("recording-off", "recording.cloud_recording", "recording.cloud_recording"),
    ("recording-off", "recording.local_recording", "recording.local_recording"),
    (
        "recording-off",
        "in_meeting.meeting_summary_with_ai_companion.enable",
        "in_meeting.meeting_summary_with_ai_companion",
    ),
    ("recording-off", "in_meeting.auto_saving_chat", "in_meeting.auto_saving_chat"),
    ("privacy-by-default", "in_meeting.private_chat", "in_meeting.private_chat"),
    ("privacy-by-default", "in_meeting.file_transfer", "in_meeting.file_transfer"),
    ("privacy-by-default", "in_meeting.allow_participants_to_rename", "in_meeting.allow_participants_to_rename"),
    ("privacy-by-default", "in_meeting.feedback", "in_meeting.feedback"),
)
# What no call tells, so that a person has to look.
WORD = (
    ("room-locked", "Lock meeting", "locked"),
    ("recording-off", "chat saved by hand", "off"),
)


def user(wanted: Wanted) -> dict[str, Any]:
    """How the user's own settings are set."""
    return {
        "recording": {"cloud_recording": False, "local_recording": False},
        "in_meeting": {
            "who_can_share_screen": "host",
            "meeting_summary_with_ai_companion": {"enable": False},
            "auto_saving_chat": False,
            **({"private_chat": False} if wanted.private_chat_off else {}),
            "file_transfer": False,
            "allow_participants_to_rename": True,
            "feedback": False,
        },
    }


def meeting(session: Session) -> dict[str, Any]:
    """A meeting with every switch. Its topic is the room: a random word that members may see."""
    minutes = max(1, int((session.ends_at - session.starts_at).total_seconds() // 60))
    return {
        "topic": session.room,
        "type": 2,
        "start_time": session.starts_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "timezone": "UTC",
        "duration": minutes,
        "settings": {
            "waiting_room": True,
            "waiting_room_options": {"mode": "custom", "who_goes_to_waiting_room": "everyone"},
            "join_before_host": False,
            "auto_recording": "none",
            "auto_start_meeting_summary": False,
            "auto_start_ai_companion_questions": False,
            "continuous_meeting_chat": {"enable": False},
            "breakout_room": {"enable": not session.wanted.breakouts_off},
            "audio": "voip",
            "use_pmi": False,
            "meeting_authentication": False,  # it would ask each member for an account with their name
            "approval_type": 2,
            "participant_video": False,
            "host_video": False,
            "mute_upon_entry": True,
            "allow_multiple_devices": False,
            "registrants_confirmation_email": False,
            "registrants_email_notification": False,
            "email_notification": False,
            "email_in_attendee_report": False,
            "watermark": False,
        },
    }


def said_at(said: Mapping[str, Any], path: str) -> str:
    """The value there, in words; empty if the answer has none."""
    found: Any = said
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    if isinstance(found, bool):
        return "true" if found else "false"
    return str(found) if isinstance(found, str | int) else ""
