"""Deriving keys: keyed BLAKE2b from strong secrets, one Argon2id call from a passphrase."""

import contextlib
import hashlib
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import argon2.low_level
from argon2.exceptions import HashingError
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

KEY_BYTES = 32
SALT_BYTES = 16
# Each derivation takes up to 256 MiB; two at once is what a small machine stands, the others wait their turn.
_AT_ONCE = threading.BoundedSemaphore(2)
_QUEUE_SECONDS = 20


class Busy(Exception):
    """Too many sign-ins, or too little memory, at this moment; try again shortly."""


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
# What a container may use is written here (cgroup v2, then v1); the machine's own memory may be far more.
_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


@cache
def cost() -> Cost:
    """What a new passphrase costs on this machine: 256 MiB and 3 passes, or 64 MiB where memory is under 2 GB.

    :raises ImproperlyConfigured: the environment asks for the cheap derivation of tests, and these are no tests.
    """
    if os.environ.get("CIRCLEKEEPER_KDF") == "tests":
        if settings.DEBUG_KDF_FOR_TESTS is not True:
            raise ImproperlyConfigured(
                "CIRCLEKEEPER_KDF=tests is for tests only: passphrases would be cheap to guess"
            )
        return TESTS
    return SMALL if memory_bytes() < _SMALL_HOST_BYTES else FULL


def memory_bytes() -> int:
    """How much memory this process may count on: the machine's, or less where a container sets a limit."""
    found = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    for path in _LIMITS:
        with contextlib.suppress(OSError, ValueError):  # not there, or "max"
            found.append(int(path.read_text()))
    return min(found)


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

    :raises Busy: others are signing in and the queue did not move for twenty seconds, or there was no memory left.
    :raises ValueError: the salt is not ``SALT_BYTES`` long.
    """
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes")
    with _turn():
        try:
            return argon2.low_level.hash_secret_raw(
                secret=password.encode(),
                salt=salt,
                time_cost=params.passes,
                memory_cost=params.memory_kib,
                parallelism=params.lanes,
                hash_len=KEY_BYTES,
                type=argon2.low_level.Type.ID,
            )
        except HashingError:
            # The other causes it knows are wrong lengths and costs, which are ours and checked.
            raise Busy from None


def derive(key: bytes, context: str, *parts: bytes) -> bytes:
    """A 32-byte key for one purpose (keyed BLAKE2b, RFC 7693). Different contexts or parts give unrelated keys."""
    told = b"".join([len(part).to_bytes(4, "big") + part for part in (context.encode(), *parts)])
    return hashlib.blake2b(told, key=key, digest_size=KEY_BYTES, person=b"circlekeeper-kdf").digest()
