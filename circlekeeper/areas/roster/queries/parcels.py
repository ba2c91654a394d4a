"""Looking into a parcel with its code."""

import json
from datetime import datetime
from typing import Any

from circlekeeper.areas.roster.models import Name, Parcel
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.vault import envelope, kdf, shredstore
from circlekeeper.foundation.vault.envelope import Place, SealBroken
from circlekeeper.foundation.vault.serversecrets import server_secret

RECORD = "parcel"
# What somebody wrote to one group's deciders stays there; consents and promises are given anew.
MAY_TRAVEL = (Name.ALIAS.value, Name.CONTACT.value, Name.EMERGENCY.value, Name.ACCESS.value)


def lookup(code: bytes) -> bytes:
    """What a parcel is found by: keyed with the server's pepper, so a copied table finds nothing."""
    return kdf.derive(server_secret("pepper"), "parcel-lookup", code)


def key(secret: bytes, code: bytes) -> bytes:
    """The key of a parcel: the code alone opens nothing once the secret is gone, nor the secret without the code."""
    return kdf.derive(kdf.derive(secret, "parcel"), "code", code)


def place(parcel_id: str) -> Place:
    """Where a parcel belongs; to no group."""
    return Place("roster_parcel", parcel_id, "sealed", "")


def inside(code: bytes, *, now: datetime) -> tuple[dict[str, dict[str, Any]], str]:
    """The parts in a parcel, and the id of its secret. Looking does not use it up.

    :raises NotHere: no parcel has this code, or its week is over.
    """
    row = Parcel.objects.filter(lookup=lookup(code), due_on__gt=now.date()).first()
    if row is None:
        raise NotHere
    try:
        secret = shredstore.secret(row.secret_id)
        plain = envelope.unseal(key(secret, code), bytes(row.sealed), place(row.pk))
    except (shredstore.Shredded, SealBroken):
        raise NotHere from None
    return json.loads(plain), row.secret_id
