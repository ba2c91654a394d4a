"""A member's letterbox: what is put in opens with their own key, and with no key of the group."""

from typing import Any

from circlekeeper.areas.roster import sealing
from circlekeeper.areas.roster.models import Member
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.vault import records
from circlekeeper.foundation.vault.envelope import Place


def letterbox(*, group_id: str, member_id: str) -> bytes | None:
    """The public key to seal something to this member (``vault.records.seal_for_group``); None: they hold no key yet.

    :raises NotHere: the group has no such member.
    """
    found = Member.objects.filter(pk=member_id, group_id=group_id).values_list("letterbox").first()
    if found is None:
        raise NotHere
    return bytes(found[0]) if found[0] else None


def from_letterbox(
    *, group_id: str, holder: bytes, blob: bytes, wrap: bytes, secret: bytes, place: Place
) -> dict[str, Any]:
    """What was put into a member's letterbox, opened with their own key.

    :raises SealBroken: wrong key, secret or place.
    """
    return records.open_for_group(blob, wrap, key=sealing.box(group_id, holder), secret=secret, place=place)
