"""Settings of Jitsi we look at in the ``config.js`` it serves, and what only a person can say about its modules."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from circlekeeper.connectors.jitsi import served


@dataclass(frozen=True, slots=True)
class Wish:
    """One setting: the values that are right, the first one being what to write."""

    control: str
    path: str
    right: tuple[str, ...]

    def look(self, tree: Mapping[str, Any] | None) -> tuple[str, str]:
        """What was expected and what was seen."""
        seen = served.OPAQUE if tree is None else served.at(tree, self.path)
        return (seen if seen in self.right else self.right[0]), seen


_OFF = ("false", served.MISSING)  # off unless somebody switches it on
_NONE = (served.MISSING, "")

# The image's variable ENABLE_LOCAL_RECORDING_SELF_START ends up as ``disableSelfRecording``, which means the opposite of its
# name: only the served value counts. Where a missing value means "on", it does not count as right.
SERVED = (
    Wish("recording-off", "localRecording.disable", ("true",)),
    Wish("recording-off", "localRecording.disableSelfRecording", ("true",)),
    Wish("recording-off", "recordingService.enabled", _OFF),
    Wish("recording-off", "fileRecordingsEnabled", _OFF),
    Wish("recording-off", "liveStreaming.enabled", _OFF),
    Wish("recording-off", "liveStreamingEnabled", _OFF),
    Wish("recording-off", "transcription.enabled", _OFF),
    Wish("recording-off", "transcribingEnabled", _OFF),
    Wish("breakouts-watched", "hideAddRoomButton", ("true",)),
    Wish("privacy-by-default", "p2p.enabled", ("false",)),
    Wish("privacy-by-default", "analytics.googleAnalyticsTrackingId", _NONE),
    Wish("privacy-by-default", "analytics.amplitudeAPPKey", _NONE),
    Wish("privacy-by-default", "analytics.matomoEndpoint", _NONE),
    Wish("privacy-by-default", "analytics.rtcstatsEnabled", _OFF),
    Wish("privacy-by-default", "analytics.scriptURLs", (served.MISSING, "{}")),
    Wish("privacy-by-default", "enableDisplayNameInStats", _OFF),
    Wish("privacy-by-default", "enableEmailInStats", _OFF),
    Wish("privacy-by-default", "enableCalendarIntegration", _OFF),
    Wish("privacy-by-default", "gravatar.disabled", ("true",)),
    Wish("privacy-by-default", "disableThirdPartyRequests", ("true",)),
)

# Modules and options of the server; nothing it serves shows them, so whoever runs it says so once.
MODULES = (
    ("meeting-password", "authentication=token", "allow_empty_token=false"),
    ("meeting-password", "token_verification", "token_verification_require_token_for_moderation=true"),
    ("waiting-room-tested", "muc_lobby_rooms, persistent_lobby", "reservations_enable_lobby_support=true"),
    ("waiting-room-tested", "muc_wait_for_host", "not loaded"),
    ("room-locked", "reservations, muc_max_occupants", "reservations_enable_max_occupants=true"),
    ("recording-off", "jibri, jigasi", "not installed"),
    ("privacy-by-default", "presence_identity", "not loaded"),
)
