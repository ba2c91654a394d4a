"""The Merkle tree of RFC 6962 section 2.1 and RFC 9162 section 2.1: roots, proofs, and the two verifiers.

Pure functions over SHA-256 hashes (32 bytes each); no database, no Django. Indexes count from 0.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()

RangeRoot = Callable[[int, int], bytes]


def leaf_hash(leaf: bytes) -> bytes:
    """Hash of one entry. The zero byte keeps an entry from passing for an inner node."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of two neighbouring subtrees."""
    return sha256(b"\x01" + left + right).digest()


class Edge:
    """The right edge of a growing tree: one hash for each perfect subtree, so k new leaves cost O(k)."""

    __slots__ = ("_peaks", "size")

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes | None] = []

    def extend(self, leaf_hashes: Sequence[bytes]) -> None:
        """Add leaf hashes on the right, in order."""
        self.size += len(leaf_hashes)
        row, level = list(leaf_hashes), 0
        while row:
            if level == len(self._peaks):
                self._peaks.append(None)
            waiting = self._peaks[level]
            if waiting is not None:
                row.insert(0, waiting)
            self._peaks[level] = row.pop() if len(row) % 2 else None
            # Inlined node_hash: this line is where the time of a large tree goes.
            row = [
                sha256(b"\x01" + left + right).digest() for left, right in zip(row[::2], row[1::2], strict=True)
            ]
            level += 1

    def root(self) -> bytes:
        """The root of everything added so far."""
        found: bytes | None = None
        for peak in self._peaks:
            if peak is not None:
                found = peak if found is None else node_hash(peak, found)
        return EMPTY_ROOT if found is None else found

    def subtrees(self) -> list[tuple[int, int, bytes]]:
        """The perfect subtrees from left to right as (first leaf, leaf after the last, hash)."""
        start, found = 0, []
        for level in reversed(range(len(self._peaks))):
            peak = self._peaks[level]
            if peak is not None:
                found.append((start, start + (1 << level), peak))
                start += 1 << level
        return found

    def to_bytes(self) -> bytes:
        """The hashes of ``subtrees``, joined; with the size this is the whole edge."""
        return b"".join(peak for _, _, peak in self.subtrees())

    @classmethod
    def from_bytes(cls, size: int, joined: bytes) -> "Edge":
        """Read back what ``to_bytes`` wrote.

        :raises ValueError: the bytes do not belong to a tree of this size.
        """
        if size < 0 or len(joined) != size.bit_count() * HASH_BYTES:
            raise ValueError("the edge does not fit the size")
        edge = cls()
        edge.size = size
        edge._peaks = [None] * size.bit_length()
        at = 0
        for level in reversed(range(size.bit_length())):
            if size >> level & 1:
                edge._peaks[level] = joined[at : at + HASH_BYTES]
                at += HASH_BYTES
        return edge


def root(leaf_hashes: Sequence[bytes]) -> bytes:
    """The root over these leaf hashes."""
    edge = Edge()
    edge.extend(leaf_hashes)
    return edge.root()


def ranges(leaf_hashes: Sequence[bytes]) -> RangeRoot:
    """The root of any run of leaves of a list, in the shape the proof builders ask for."""
    return lambda start, end: root(leaf_hashes[start:end])


def inclusion_proof(*, index: int, size: int, root_of: RangeRoot) -> list[bytes]:
    """Hashes from the leaf at ``index`` up to the root of the first ``size`` leaves (RFC 6962, 2.1.1).

    Each leaf outside the proven one is asked for once, through ``root_of(start, end)``.

    :raises ValueError: there is no such leaf in a tree of that size.
    """
    if not 0 <= index < size:
        raise ValueError("no such leaf")
    start, end, path = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(root_of(middle, end))
            end = middle
        else:
            path.append(root_of(start, middle))
            start = middle
    return path[::-1]


def consistency_proof(*, old_size: int, new_size: int, root_of: RangeRoot) -> list[bytes]:
    """Hashes showing that the first ``old_size`` leaves are still the same in the larger tree (RFC 6962, 2.1.2).

    :raises ValueError: the old tree is empty or larger than the new one.
    """
    if not 0 < old_size <= new_size:
        raise ValueError("no proof between these sizes")
    start, end, whole, path = 0, new_size, True, []
    while old_size != end:
        middle = start + _split(end - start)
        if old_size <= middle:
            path.append(root_of(middle, end))
            end = middle
        else:
            path.append(root_of(start, middle))
            start, whole = middle, False
    if not whole:
        path.append(root_of(start, end))
    return path[::-1]


def verify_inclusion(*, leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the leaf hash ``leaf`` stands at ``index`` in the tree with this root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size or not _are_hashes(leaf, root, *proof):
        return False
    place, last, found = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(step, found)
            place, last = _climb(place, last)
        else:
            found = node_hash(found, step)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def verify_consistency(
    *, old_size: int, new_size: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes
) -> bool:
    """Whether the tree with ``new_root`` only adds to the one with ``old_root`` (RFC 9162, 2.1.4.2).

    False for an empty old tree: there is nothing to be consistent with.
    """
    if old_size == new_size:
        return old_size > 0 and not proof and old_root == new_root
    if not 0 < old_size < new_size or not _are_hashes(old_root, new_root, *proof):
        return False
    steps = [old_root, *proof] if old_size.bit_count() == 1 else list(proof)
    return bool(proof) and _folds_to(steps, old_size - 1, new_size - 1, old_root, new_root)


def _folds_to(steps: list[bytes], place: int, last: int, old_root: bytes, new_root: bytes) -> bool:
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old, new = node_hash(step, old), node_hash(step, new)
            place, last = _climb(place, last)
        else:
            new = node_hash(new, step)
        place, last = place >> 1, last >> 1
    return last == 0 and old == old_root and new == new_root


def _climb(place: int, last: int) -> tuple[int, int]:
    while place and not place & 1:
        place, last = place >> 1, last >> 1
    return place, last


def _split(size: int) -> int:
    # The largest power of two below size.
    return 1 << ((size - 1).bit_length() - 1)


def _are_hashes(*values: bytes) -> bool:
    return all(len(value) == HASH_BYTES for value in values)
