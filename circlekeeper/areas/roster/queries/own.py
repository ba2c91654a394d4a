"""A member's own record, opened with their own key."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from circlekeeper.areas.roster import sealing
from circlekeeper.areas.roster.models import Compartment
from circlekeeper.areas.roster.queries.members import MemberFacts, member
from circlekeeper.areas.roster.rules import SafeContact
from circlekeeper.foundation.vault import records, shredstore
from circlekeeper.foundation.vault.envelope import SealBroken


@dataclass(frozen=True, slots=True)
class OwnRecord:
    """Everything we hold about a member, as that member sees it. Forgotten parts are absent.

    ``closed``: parts that are there but do not open with this key; a new key from somebody who leads the group helps.
    """

    facts: MemberFacts
    parts: dict[str, dict[str, Any]]
    check_again: dict[str, date]
    kept_until: dict[str, date]
    closed: tuple[str, ...] = ()

    @property
    def alias(self) -> str:
        """What the group calls them."""
        return str(self.parts.get("alias", {}).get("alias", ""))

    @property
    def contact(self) -> SafeContact:
        """Whether and how they may be reached."""
        return SafeContact.from_fields(self.parts.get("contact", {}))


def own_record(*, member_id: str, group_id: str, holder: bytes) -> OwnRecord:
    """One's own record; ``holder`` is the member's raw key. Looking at oneself is not written into the log.

    :raises NotHere: there is no such record any more.
    """
    facts = member(group_id=group_id, member_id=member_id)
    found = list(Compartment.objects.filter(member_id=member_id, group_id=group_id).order_by("name"))
    secrets = shredstore.secrets({row.secret_id for row in found})
    parts: dict[str, dict[str, Any]] = {}
    closed = []
    for row in found:
        if row.secret_id not in secrets:
            continue
        try:
            parts[row.name] = records.open_for_holder(
                bytes(row.blob),
                bytes(row.holder_wrap),
                holder=holder,
                secret=secrets[row.secret_id],
                place=sealing.place(member_id, row.name, group_id),
            )
        except SealBroken:
            closed.append(row.name)
    return OwnRecord(
        facts=facts,
        parts=parts,
        check_again={row.name: row.check_again_on for row in found if row.check_again_on},
        kept_until={row.name: row.due_on for row in found if row.due_on},
        closed=tuple(closed),
    )
