"""Which ways to meet suit a group, and what it chose (TEC1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.meetings import sealing, weighing
from circlekeeper.areas.meetings.models import Choice
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.reveal import reveal
from circlekeeper.foundation.vault import records, shredstore
from circlekeeper.foundation.vault.groupkeys import Scope
from circlekeeper.foundation.vault.ring import KeyRing

_SURVIVORS = "survivors"


def ranking(group_id: str, answers: Mapping[str, str]) -> list[weighing.Ranked]:
    """The ways to meet for this group, the one with the least against it first."""
    return weighing.rank(answers, hunted=_SURVIVORS in groups.group(group_id).overlays)


@dataclass(frozen=True, slots=True)
class ChoiceFacts:
    """The way a group chose last, without its reasons. ``read``: codes of the warnings somebody said they had read."""

    id: str
    way: str
    provider: str
    read: tuple[str, ...]
    by: str
    at: datetime
    due_on: date


@dataclass(frozen=True, slots=True)
class ChoiceReasons:
    """What was weighed: the answer to each question, the ways in their order, what was shown, and own words."""

    answers: Mapping[str, str]
    ranking: tuple[str, ...]
    shown: tuple[str, ...]
    words: str


def way_chosen(group_id: str) -> ChoiceFacts | None:
    """The newest decision of a group about its way to meet."""
    row = Choice.objects.filter(group_id=group_id).order_by("-at", "-pk").first()
    if row is None:
        return None
    return ChoiceFacts(row.pk, row.way, row.provider, tuple(row.read), row.by, row.at, row.due_on)


@reveal("meetings.way.open")
def way_reasons(*, by: str, about: str, group_id: str, ring: KeyRing, now: datetime) -> ChoiceReasons:
    """Why a way was chosen (``about``: the choice).

    :raises NotHere: there is none, or it was destroyed. :raises NoGrant: the ring lacks the group's roster key.
    """
    del by, now
    row = Choice.objects.filter(group_id=group_id, pk=about).first()
    secrets = shredstore.secrets([row.secret_id]) if row else {}
    if row is None or row.secret_id not in secrets:
        raise NotHere
    opened = records.open_for_group(
        bytes(row.blob),
        bytes(row.wrap),
        key=ring.scope_key(group_id, Scope.ROSTER),
        secret=secrets[row.secret_id],
        place=sealing.choice_place(row.pk, group_id),
    )
    return ChoiceReasons(
        answers={each: str(opened[each]) for each in weighing.QUESTIONS if each in opened},
        ranking=tuple(str(opened["ranking"]).split()),
        shown=tuple(str(opened["shown"]).split()),
        words=str(opened["words"]),
    )
