"""Reading groups."""

from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from circlekeeper.areas.groups.models import Group, State
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.memo import remembered


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """A group as other rooms see it."""

    id: str
    public_name: str
    about: str
    purpose: str
    level: str
    overlays: frozenset[str]
    playbook_version: str
    time_zone: str
    region: str
    state: str
    listed: bool

    @property
    def is_open(self) -> bool:
        """Whether the group takes members and holds meetings."""
        return self.state == State.OPEN

    @property
    def is_hybrid(self) -> bool:
        """Whether the group said that some are in a room while others join from afar."""
        return "hybrid" in self.overlays

    @property
    def zone(self) -> ZoneInfo:
        """The zone the group's local times are in."""
        return ZoneInfo(self.time_zone)


@remembered("groups_group", across_pages=True)
def group(group_id: str) -> GroupFacts:
    """The group with this id.

    :raises NotHere: there is none.
    """
    found = Group.objects.filter(pk=group_id).first()
    if found is None:
        raise NotHere
    return _facts(found)


def groups(ids: Iterable[str]) -> list[GroupFacts]:
    """These groups, by public name; unknown ids are left out."""
    return [_facts(each) for each in Group.objects.filter(pk__in=list(ids)).order_by("public_name", "pk")]


def all_ids() -> list[str]:
    """Every group's id, oldest first; for jobs and for the command line."""
    return list(Group.objects.order_by("made_at", "pk").values_list("pk", flat=True))


def _facts(found: Group) -> GroupFacts:
    return GroupFacts(
        id=found.pk,
        public_name=found.public_name,
        about=found.about,
        purpose=found.purpose,
        level=found.level,
        overlays=frozenset(found.overlays),
        playbook_version=found.playbook_version,
        time_zone=found.time_zone,
        region=found.region,
        state=found.state,
        listed=found.listed,
    )
