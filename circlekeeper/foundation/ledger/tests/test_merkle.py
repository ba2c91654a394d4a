"""The tree against published figures, another implementation, and the definition itself."""

from hashlib import sha256
from typing import Any

import pymerkle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circlekeeper.foundation.ledger import merkle
from circlekeeper.foundation.ledger.tests import published

few = settings(max_examples=40, deadline=None)
leaf_lists = st.lists(st.binary(max_size=8), min_size=1, max_size=70)
HASHES = [merkle.leaf_hash(said) for said in published.LEAVES]


def by_definition(leaves: list[bytes]) -> bytes:
    """RFC 6962, 2.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + by_definition(leaves[:split]) + by_definition(leaves[split:])).digest()


@pytest.mark.parametrize("size", range(9))
def test_the_published_roots_come_out(size):
    assert merkle.root(HASHES[:size]) == published.ROOTS[size]


@pytest.mark.parametrize(("sizes", "path"), published.CONSISTENCY.items())
def test_the_published_consistency_proofs_come_out_and_hold(sizes, path):
    old, new = sizes
    made = merkle.consistency_proof(old_size=old, new_size=new, root_of=merkle.ranges(HASHES))

    assert [step.hex() for step in made] == list(path)
    assert merkle.verify_consistency(
        old_size=old, new_size=new, proof=made, old_root=published.ROOTS[old], new_root=published.ROOTS[new]
    )


def test_a_certificate_in_a_public_log_is_found_and_nothing_near_it():
    true: dict[str, Any] = {
        "leaf": published.CT_LEAF_HASH,
        "index": published.CT_INDEX,
        "size": published.CT_SIZE,
        "proof": published.CT_PATH,
        "root": published.CT_ROOT,
    }

    assert merkle.verify_inclusion(**true)
    lies: tuple[dict[str, Any], ...] = (
        {"index": published.CT_INDEX + 1},
        {"index": published.CT_SIZE},
        {"index": -1},
        {"size": published.CT_SIZE * 2},
        {"size": 0},
        {"proof": published.CT_PATH[:-1]},
        {"proof": [*published.CT_PATH, published.CT_ROOT]},
        {"proof": [published.CT_ROOT, *published.CT_PATH]},
        {"proof": [published.CT_PATH[0][:-1], *published.CT_PATH[1:]]},
        {"root": b""},
        {"leaf": b""},
        {"root": published.CT_LEAF_HASH},
    )
    for lie in lies:
        assert not merkle.verify_inclusion(**(true | lie)), lie


@few
@given(leaves=leaf_lists)
def test_the_root_is_the_one_defined_and_the_one_pymerkle_finds(leaves):
    other = pymerkle.InmemoryTree(algorithm="sha256")
    other.append_entries(leaves)

    assert merkle.root([merkle.leaf_hash(said) for said in leaves]) == by_definition(leaves) == other.get_root()


@few
@given(leaves=leaf_lists, picks=st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)))
def test_proofs_are_those_pymerkle_makes(leaves, picks):
    size = 1 + picks[0] % len(leaves)
    index = picks[1] % size
    other = pymerkle.InmemoryTree(algorithm="sha256")
    other.append_entries(leaves)
    root_of = merkle.ranges([merkle.leaf_hash(said) for said in leaves])

    ours = merkle.inclusion_proof(index=index, size=size, root_of=root_of)
    theirs = other.prove_inclusion(index + 1, size).serialize()["path"][1:]
    assert [step.hex() for step in ours] == theirs

    ours = merkle.consistency_proof(old_size=size, new_size=len(leaves), root_of=root_of)
    assert merkle.verify_consistency(
        old_size=size,
        new_size=len(leaves),
        proof=ours,
        old_root=other.get_root(size),
        new_root=other.get_root(),
    )


@few
@given(leaves=leaf_lists, cuts=st.lists(st.integers(1, 20), max_size=20))
def test_growing_in_any_steps_gives_the_same_edge(leaves, cuts):
    hashes = [merkle.leaf_hash(said) for said in leaves]
    edge, at = merkle.Edge(), 0
    for cut in [*cuts, len(hashes)]:
        edge.extend(hashes[at : at + cut])
        at += cut
        edge = merkle.Edge.from_bytes(edge.size, edge.to_bytes())

    edge.extend(hashes[at:])
    assert (edge.size, edge.root()) == (len(hashes), merkle.root(hashes))
    assert [end - start for start, end, _ in edge.subtrees()] == sorted(
        (1 << level for level in range(10) if len(hashes) >> level & 1), reverse=True
    )


@pytest.mark.parametrize(("size", "joined"), [(1, b""), (0, b"x" * 32), (3, b"x" * 32), (-1, b""), (1, b"x" * 31)])
def test_an_edge_that_does_not_fit_its_size_is_refused(size, joined):
    with pytest.raises(ValueError, match="does not fit"):
        merkle.Edge.from_bytes(size, joined)


def test_every_proof_of_every_small_tree_holds_and_no_other_place_passes():
    root_of = merkle.ranges(HASHES)
    for size in range(1, 9):
        for index in range(size):
            proof = merkle.inclusion_proof(index=index, size=size, root_of=root_of)
            places = [
                place
                for place in range(-1, size + 1)
                if merkle.verify_inclusion(
                    leaf=HASHES[index], index=place, size=size, proof=proof, root=published.ROOTS[size]
                )
            ]
            assert places == [index]


@few
@given(old=st.integers(1, 8), new=st.integers(1, 8), spoil=st.integers(0, 8 * 32 * 8 - 1))
def test_a_consistency_proof_with_one_wrong_bit_fails(old, new, spoil):
    if old > new:
        old, new = new, old
    proof = merkle.consistency_proof(old_size=old, new_size=new, root_of=merkle.ranges(HASHES))
    parts = [published.ROOTS[old], published.ROOTS[new], *proof]
    place, bit = divmod(spoil % (len(parts) * 256), 256)
    parts[place] = (int.from_bytes(parts[place]) ^ (1 << bit)).to_bytes(32)

    assert not merkle.verify_consistency(
        old_size=old, new_size=new, proof=parts[2:], old_root=parts[0], new_root=parts[1]
    )


@pytest.mark.parametrize(
    ("old", "new", "proof"),
    [
        (0, 8, []),
        (0, 0, []),
        (8, 6, published.CONSISTENCY[6, 8]),
        (6, 8, ()),
        (6, 8, published.CONSISTENCY[6, 8][:-1]),
        (6, 8, (*published.CONSISTENCY[6, 8], published.CONSISTENCY[6, 8][0])),
        (5, 8, published.CONSISTENCY[6, 8]),
        (6, 7, published.CONSISTENCY[6, 8]),
        (8, 8, published.CONSISTENCY[6, 8]),
        (6, 8, [step[2:] for step in published.CONSISTENCY[6, 8]]),
    ],
)
def test_misshapen_consistency_proofs_fail(old, new, proof):
    assert not merkle.verify_consistency(
        old_size=old,
        new_size=new,
        proof=[bytes.fromhex(step) for step in proof],
        old_root=published.ROOTS[old],
        new_root=published.ROOTS[new],
    )


def test_proofs_about_what_is_not_there_are_not_made():
    for index, size in ((0, 0), (3, 3), (-1, 3)):
        with pytest.raises(ValueError, match="no such leaf"):
            merkle.inclusion_proof(index=index, size=size, root_of=merkle.ranges(HASHES))
    for old, new in ((0, 3), (4, 3)):
        with pytest.raises(ValueError, match="no proof"):
            merkle.consistency_proof(old_size=old, new_size=new, root_of=merkle.ranges(HASHES))
