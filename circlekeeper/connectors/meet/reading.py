"""What Google says about a meeting, as proofs, and what nobody but a host can say."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from circlekeeper.areas.meetings.provider import UNKNOWN, Evidence, Proof, ScopeOfProof

_FRESH = timedelta(hours=2)
_LIVE = timedelta(minutes=10)
_KEPT = timedelta(days=30)
# By control: where it stands in the space's own words, and what is right there. What is not there is the account's own
# setting, which nothing tells: unknown.
_WISHES = (
    ("waiting-room-tested", "config.accessType", "RESTRICTED"),
    ("meeting-password", "config.accessType", "RESTRICTED"),
    ("recording-off", "config.artifactConfig.recordingConfig.autoRecordingGeneration", "OFF"),
    ("recording-off", "config.artifactConfig.transcriptionConfig.autoTranscriptionGeneration", "OFF"),
    ("recording-off", "config.artifactConfig.smartNotesConfig.autoSmartNotesGeneration", "OFF"),
    ("screen-share-off", "config.moderation", "ON"),
    ("screen-share-off", "config.moderationRestrictions.presentRestriction", "HOSTS_ONLY"),
    ("privacy-by-default", "config.attendanceReportGenerationType", "DO_NOT_GENERATE"),
    # The link opens for people's own browsers, not only for somebody's app.
    ("meeting-password", "config.entryPointAccess", "ALL"),
)
_BY_WORD = (
    ("recording-off", "nobody records or takes notes by hand", "off"),
    ("breakouts-watched", "breakout rooms", "off"),
)


def of_space(space: Mapping[str, Any], before: str, *, now: datetime) -> list[Proof]:
    """The settings as ``spaces.get`` told them. ``before``: the space this link led to when it was planned.

    A link's code can come to lead to somebody else's meeting.
    """
    name = space.get("name")
    same = (before or name) == name
    found = [
        _proof("meeting-password", "name", "the same space", "the same space" if same else "another space", now)
    ]
    found += [_proof(control, path, right, _at(space, path), now) for control, path, right in _WISHES]
    numbers = space.get("phoneAccess", [])
    seen = str(len(numbers)) if isinstance(numbers, list) else UNKNOWN
    return [*found, _proof("phone-numbers-hidden", "phoneAccess", "0", seen, now)]


def of_kept(counts: Mapping[str, int], *, now: datetime) -> list[Proof]:
    """Recordings and transcripts there are already, while the meeting runs."""
    scope, seen = ScopeOfProof.LIVE, Evidence.OBSERVED
    return [
        Proof("recording-off", seen, "0", str(count), scope, now, _LIVE, kind) for kind, count in counts.items()
    ]


def left(counts: Mapping[str, int], *, now: datetime) -> list[Proof]:
    """What Google still has afterwards. We may only look: a host deletes it in the account it lies in."""
    scope, by_word = ScopeOfProof.MEETING, Evidence.ATTESTED
    return [
        *(
            Proof("nothing-kept", Evidence.READ_BACK, "0", str(count), scope, now, _KEPT, kind)
            for kind, count in counts.items()
        ),
        Proof("nothing-kept", by_word, "gone", UNKNOWN, scope, now, _KEPT, "notes, chat, calendar, logs"),
    ]


def by_word(*, connected: bool, now: datetime) -> list[Proof]:
    """What a host has to say; all of it while nobody has connected the account."""
    asked = list(_BY_WORD)
    if not connected:
        asked = [*_WISHES, *asked]
    scope, word = ScopeOfProof.MEETING, Evidence.ATTESTED
    return [Proof(control, word, right, UNKNOWN, scope, now, _FRESH, name) for control, name, right in asked]


def _at(said: Mapping[str, Any], path: str) -> str:
    found: Any = said
    for each in path.split("."):
        found = found.get(each) if isinstance(found, dict) else None
    return found if isinstance(found, str) and found else UNKNOWN


def _proof(control: str, setting: str, expected: str, seen: str, now: datetime) -> Proof:
    short = setting.removeprefix("config.")
    return Proof(control, Evidence.READ_BACK, expected, seen, ScopeOfProof.MEETING, now, _FRESH, short)
