"""What letters rest on: whether an answer still stands, and who could not be reached."""

from circlekeeper.areas.roster.models import Reach, State
from circlekeeper.foundation.post import outbox

_HEARS = (State.APPLIED, State.MEMBER, State.DECLINED)


def stands(reach_id: str) -> bool:
    """Whether letters that rest on this answer may still leave: it was not replaced, and nobody paused or left (CNF2)."""
    return Reach.objects.filter(pk=reach_id, member__state__in=_HEARS).exists()


def has_standing_answer(member_id: str) -> bool:
    """Whether letters could rest on an answer of this member; after a restore there is none until they say it again."""
    return Reach.objects.filter(member_id=member_id).exists()


def unreached_ids(group_id: str) -> frozenset[str]:
    """Members whose last letter could not be delivered under the answer they gave."""
    by_reach = dict(
        Reach.objects.filter(group_id=group_id, member__state=State.MEMBER).values_list("pk", "member_id")
    )
    return frozenset(by_reach[reach] for reach in outbox.unreached(by_reach))
