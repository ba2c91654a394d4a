"""A group's secret on three papers, of which any two together open it and one alone says nothing.

Each paper holds 128 random bits. The secret is sealed three times, under a key of each pair of papers, so nothing here is
arithmetic of our own: a pair's key is BLAKE2b over both, and each half is missing 128 bits without the other.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from circlekeeper.foundation.vault import envelope, kdf, words
from circlekeeper.foundation.vault.envelope import Place, SealBroken
from circlekeeper.foundation.vault.words import NotWords

__all__ = ["PAPERS", "Made", "NotWords", "SealBroken", "make", "open_with"]

PAPERS = 3


@dataclass(frozen=True, slots=True)
class Made:
    """A fresh kit: the words of each paper, shown once, and what is kept (pair -> hexadecimal blob)."""

    papers: tuple[str, ...] = field(repr=False)
    pairs: Mapping[str, str]


def make(secret: bytes, *, group_id: str, version: int) -> Made:
    """Put a group's secret of one version on three papers."""
    shares = [words.fresh() for _paper in range(PAPERS)]
    pairs = {
        _name(first, second): envelope.seal(
            _key(shares[first], shares[second]), secret, _place(group_id, version, _name(first, second))
        ).hex()
        for first, second in itertools.combinations(range(PAPERS), 2)
    }
    return Made(tuple(words.as_words(share) for share in shares), pairs)


def open_with(typed: Sequence[str], pairs: Mapping[str, str], *, group_id: str, version: int) -> bytes:
    """The secret, from the words of two papers in either order.

    :raises NotWords: a text is no paper's. :raises SealBroken: the two do not belong together, or not to this kit.
    """
    one, other = (words.parse(text) for text in typed)
    for name, blob in pairs.items():
        for key in (_key(one, other), _key(other, one)):
            try:
                return envelope.unseal(key, bytes.fromhex(blob), _place(group_id, version, name))
            except SealBroken:
                continue
    raise SealBroken


def _name(first: int, second: int) -> str:
    return f"{first + 1}{second + 1}"


def _key(first: bytes, second: bytes) -> bytes:
    return kdf.derive(first + second, "offline-kit")


def _place(group_id: str, version: int, pair: str) -> Place:
    return Place("offline-kit", group_id, pair, group_id, version)
