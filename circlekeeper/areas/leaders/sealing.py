"""The test record of a handover: sealed as a member's contact would be, and holding nothing but its own id."""

from datetime import datetime

from circlekeeper.areas.leaders.models import Handover
from circlekeeper.foundation.vault import groupkeys, records, shredstore
from circlekeeper.foundation.vault.envelope import Place, SealBroken
from circlekeeper.foundation.vault.groupkeys import Scope
from circlekeeper.foundation.vault.ring import KeyRing

__all__ = ["SealBroken", "open_test", "place", "test_record"]


def place(handover_id: str, group_id: str) -> Place:
    """Where a test record belongs."""
    return Place("leaders_handover", handover_id, "test", group_id)


def test_record(handover_id: str, group_id: str, *, now: datetime) -> dict[str, object]:
    """The columns of a handover that hold its test record. Call it before the action that saves the row."""
    secret = shredstore.new_secret(record="drill", group_id=group_id, now=now)
    sealed = records.seal_for_group(
        {"says": handover_id},
        public=groupkeys.public_key(group_id, Scope.ROSTER),
        secret=secret.value,
        place=place(handover_id, group_id),
    )
    return {
        "id": handover_id,
        "group_id": group_id,
        "test_blob": sealed.blob,
        "test_wrap": sealed.wrap,
        "secret_id": secret.id,
    }


def open_test(row: Handover, *, ring: KeyRing) -> str:
    """What the test record says.

    :raises NoGrant: the ring lacks the key. :raises SealBroken: it does not open.
    """
    opened = records.open_for_group(
        bytes(row.test_blob),
        bytes(row.test_wrap),
        key=ring.scope_key(row.group_id, Scope.ROSTER),
        secret=shredstore.secrets([row.secret_id]).get(row.secret_id, b""),
        place=place(row.pk, row.group_id),
    )
    return str(opened["says"])
