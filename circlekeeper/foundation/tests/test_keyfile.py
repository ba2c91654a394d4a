"""Secret files: made once, whole or not at all, never overwritten."""

import multiprocessing
from pathlib import Path

import pytest

from circlekeeper.foundation import keyfile


def test_a_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path):
    path = tmp_path / "keys" / "one.key"

    first = keyfile.read_or_make(path)

    assert keyfile.read_or_make(path) == first
    assert len(first) == keyfile.KEY_BYTES
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert [each.name for each in path.parent.iterdir()] == ["one.key"]


@pytest.mark.parametrize("damage", [b"", b"short", b"x" * 33])
def test_a_damaged_key_is_named_and_never_replaced(tmp_path: Path, damage: bytes):
    path = tmp_path / "one.key"
    path.write_bytes(damage)

    with pytest.raises(ValueError, match=r"one\.key"):
        keyfile.read_or_make(path)

    assert path.read_bytes() == damage


def test_processes_that_start_together_agree_on_one_key(tmp_path: Path):
    path = tmp_path / "keys" / "one.key"

    with multiprocessing.get_context("fork").Pool(8) as pool:
        found = pool.map(keyfile.read_or_make, [path] * 32)

    assert len(set(found)) == 1
