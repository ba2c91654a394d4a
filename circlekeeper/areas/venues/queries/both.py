"""Meetings in a room and online at once: what the room picks up, whether everybody agrees, and when it was tried."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from circlekeeper.areas.roster import queries as roster
from circlekeeper.areas.venues import rules, sealing
from circlekeeper.areas.venues.models import CameraAsk, Rehearsal, RoomCheck
from circlekeeper.areas.venues.rules import Camera


@dataclass(frozen=True, slots=True)
class RoomFacts:
    """How the room stands. ``states``: device to ``none``, ``off`` or ``on``."""

    states: dict[str, str]
    silenced: bool
    at: datetime
    camera: Camera

    @property
    def listens(self) -> bool:
        """Whether something listens for its own name, and so to everybody."""
        return any(self.states.get(each) == "on" for each in rules.LISTENS)


def room(*, group_id: str, meeting_id: str) -> RoomFacts | None:
    """How the room of a meeting stands; None: nobody went through the list."""
    row = RoomCheck.objects.filter(meeting_id=meeting_id, group_id=group_id).first()
    if row is None:
        return None
    ask = CameraAsk.objects.filter(meeting_id=meeting_id).first()
    answers = sealing.open_answers(ask) if ask else {}
    camera = rules.camera(row.states, members=roster.active_ids(group_id), answers=answers)
    return RoomFacts(row.states, row.silenced, row.at, camera)


def rehearsed_at(meeting_id: str) -> datetime | None:
    """When sound, picture and door were last tried; None: not yet."""
    return Rehearsal.objects.filter(meeting_id=meeting_id).order_by("-at").values_list("at", flat=True).first()


def asks_camera(meeting_id: str) -> bool:
    """Whether members are asked about a camera in the room now."""
    return CameraAsk.objects.filter(meeting_id=meeting_id).exists()


def picks_up(meeting_id: str) -> tuple[str, ...]:
    """What people at home are told of the room, a sentence for each device that is on (FMT10); one query."""
    states = RoomCheck.objects.filter(meeting_id=meeting_id).values_list("states", flat=True).first()
    if states is None:
        return (_("The hosts have not said yet what the room picks up."),)
    words = {
        "camera": _("A camera films the room."),
        "cctv": _("A camera of the house films the room."),
        "microphone": _("A microphone picks up what is said in the room."),
        "speaker": _("Everybody in the room hears what you say."),
        "assistant": _("A device in the room listens for its name."),
    }
    found = tuple(words[each] for each in rules.DEVICES if states.get(each) == "on")
    return found if rules.films(states) else (_("Nothing films the room."), *found)
