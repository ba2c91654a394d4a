"""Keys for dated records: one per group, record class and retention day, so that a day is forgotten as one."""

from dataclasses import dataclass, field
from datetime import date, datetime

from circlekeeper.foundation.vault import kdf, shredstore


@dataclass(frozen=True, slots=True)
class Bucket:
    """A day's key and the id of the secret it is grown from."""

    id: str
    key: bytes = field(repr=False)


def bucket(*, group_id: str, record: str, day: date, now: datetime) -> Bucket:
    """The key of this day, made if it is not there yet."""
    secret = shredstore.day_secret(group_id=group_id, record=record, day=day, now=now)
    return Bucket(secret.id, kdf.derive(secret.value, "bucket"))


def open_bucket(bucket_id: str) -> bytes:
    """The key of a bucket.

    :raises Shredded: its day has been forgotten.
    """
    return kdf.derive(shredstore.secret(bucket_id), "bucket")
