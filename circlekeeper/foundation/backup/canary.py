"""Two small records that travel in each backup: one must open from it for as long as it is kept, the other never again."""

import json
from dataclasses import dataclass, field
from datetime import datetime

import nacl.utils

from circlekeeper.foundation.backup import faults
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.vault import envelope, records, shredstore
from circlekeeper.foundation.vault.envelope import Place, SealBroken
from circlekeeper.foundation.vault.records import ScopeKey

FILE = "canary.json"
GROUP, RECORD = "backup", "drill"
_SONG = {"says": "still here"}


@dataclass(frozen=True, slots=True)
class Bird:
    """One sealed record and the secret without which it is noise."""

    id: str
    secret_id: str
    blob: str
    wrap: str


@dataclass(frozen=True, slots=True)
class Canary:
    """Both, with the scope key that a leader would hold."""

    scope: str = field(repr=False)
    living: Bird
    dead: Bird

    def as_bytes(self) -> bytes:
        """As it stands in the archive."""
        birds = {name: [bird.id, bird.secret_id, bird.blob, bird.wrap] for name, bird in self._birds().items()}
        return json.dumps({"scope": self.scope, **birds}).encode()

    def _birds(self) -> dict[str, Bird]:
        return {"living": self.living, "dead": self.dead}


def make(now: datetime) -> Canary:
    """Seal both. Call ``bury`` when the archive is complete."""
    scope = nacl.utils.random(envelope.KEY_BYTES)
    kept = shredstore.day_secret(group_id=GROUP, record=RECORD, day=now.date(), now=now)
    lost = shredstore.new_secret(record=RECORD, group_id=GROUP, now=now)
    return Canary(scope.hex(), _sealed(scope, kept.id, kept.value), _sealed(scope, lost.id, lost.value))


def bury(canary: Canary, *, now: datetime) -> None:
    """Destroy the secret of one of them, as a member's would be."""
    shredstore.shred([canary.dead.secret_id], now=now)


def read(raw: bytes) -> Canary:
    """From an archive.

    :raises BackupFailed: it is not one.
    """
    try:
        said = json.loads(raw)
        return Canary(str(said["scope"]), Bird(*said["living"]), Bird(*said["dead"]))
    except (ValueError, KeyError, TypeError):
        raise faults.damaged() from None


def opens(canary: Canary, bird: Bird) -> bool:
    """Whether a record from the archive opens with the scope's key and the shred store as it is now."""
    secret = shredstore.secrets([bird.secret_id]).get(bird.secret_id)
    if secret is None:
        return False
    key = ScopeKey(GROUP, RECORD, 1, bytes.fromhex(canary.scope))
    try:
        blob, wrap = bytes.fromhex(bird.blob), bytes.fromhex(bird.wrap)
        return records.open_for_group(blob, wrap, key=key, secret=secret, place=_place(bird.id)) == _SONG
    except SealBroken:
        return False


def _sealed(scope: bytes, secret_id: str, secret: bytes) -> Bird:
    bird = new_id()
    public = ScopeKey(GROUP, RECORD, 1, scope).public
    sealed = records.seal_for_group(_SONG, public=public, secret=secret, place=_place(bird))
    return Bird(bird, secret_id, sealed.blob.hex(), sealed.wrap.hex())


def _place(bird: str) -> Place:
    return Place(GROUP, bird, RECORD, GROUP)
