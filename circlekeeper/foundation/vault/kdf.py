"""Deriving keys: keyed BLAKE2b from strong secrets, one Argon2id call from a passphrase."""

import hashlib
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

import argon2.low_level
from django.conf import settings

SALT_BYTES = 16
# Each derivation takes up to 256 MiB; two at once is what a small machine stands, the others wait their turn.
_AT_ONCE = threading.BoundedSemaphore(2)
_QUEUE_SECONDS = 20


class Busy(Exception):
    """Too many sign-ins at this moment; try again shortly."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one Argon2id call takes (RFC 9106): memory in KiB, passes, lanes."""

    memory_kib: int
    passes: int
    lanes: int = 1

    def __str__(self) -> str:
        return f"m={self.memory_kib},t={self.passes},p={self.lanes}"

    @classmethod
    def parse(cls, text: str) -> "Cost":
        """Read what ``str`` wrote."""
        values = dict(part.split("=") for part in text.split(","))
        return cls(int(values["m"]), int(values["t"]), int(values["p"]))


FULL = Cost(256 * 1024, 3)
SMALL = Cost(64 * 1024, 3)
TESTS = Cost(64, 1)
_SMALL_HOST_BYTES = 2 * 1024**3


@cache
def cost() -> Cost:
    """What a new passphrase costs on this machine: 256 MiB and 3 passes, or 64 MiB where memory is under 2 GB."""
    if os.environ.get("CIRCLEKEEPER_KDF") == "tests" and settings.DEBUG_KDF_FOR_TESTS:
        return TESTS
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return SMALL if memory < _SMALL_HOST_BYTES else FULL


@contextmanager
def _turn() -> Iterator[None]:
    if not _AT_ONCE.acquire(timeout=_QUEUE_SECONDS):
        raise Busy
    try:
        yield
    finally:
        _AT_ONCE.release()


def root_from_password(password: str, salt: bytes, params: Cost) -> bytes:
    """The 32-byte root of one passphrase. Slow on purpose; never call it inside a transaction.

    :raises Busy: others are signing in and the queue did not move for twenty seconds.
    """
    with _turn():
        return argon2.low_level.hash_secret_raw(
            secret=password.encode(),
            salt=salt,
            time_cost=params.passes,
            memory_cost=params.memory_kib,
            parallelism=params.lanes,
            hash_len=32,
            type=argon2.low_level.Type.ID,
        )


def derive(key: bytes, context: str, *parts: bytes) -> bytes:
    """A 32-byte key for one purpose (keyed BLAKE2b, RFC 7693). Different contexts or parts give unrelated keys."""
    state = hashlib.blake2b(key=key, digest_size=32, person=b"circlekeeper-kdf")
    for part in (context.encode(), *parts):
        state.update(len(part).to_bytes(4, "big") + part)
    return state.digest()
