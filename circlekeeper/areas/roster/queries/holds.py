"""What a hold would keep if a member were forgotten today."""

from datetime import date

from circlekeeper.areas.agreements import queries as agreements
from circlekeeper.areas.roster.models import Compartment, Member, Name
from circlekeeper.foundation.vault import shredstore


def held_parts(*, group_id: str, member_id: str, on: date) -> dict[str, date]:
    """Parts of a record, by name, and until when a hold keeps each; ``signature`` for the name under the promise."""
    secret = Member.objects.filter(pk=member_id, group_id=group_id).values_list("secret_id", flat=True).first()
    parts = dict(
        Compartment.objects.filter(member_id=member_id, group_id=group_id).values_list("name", "secret_id")
    )
    if secret:
        parts[Name.ALIAS.value] = secret
    promises = agreements.promise_secrets(group_id=group_id, member_id=member_id)
    found = shredstore.held_until({*parts.values(), *promises}, on=on)
    held = {name: found[each] for name, each in parts.items() if each in found}
    promised = [found[each] for each in promises if each in found]
    return held | ({"signature": max(promised)} if promised else {})
