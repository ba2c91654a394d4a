"""People and groups of the vault alone, without the rooms above it, and a key folder of its own for every test."""

from datetime import UTC, datetime

import pytest

from circlekeeper.foundation.guard import outside_action
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.vault import groupkeys, userkeys
from circlekeeper.foundation.vault.ring import KeyRing

NOW = datetime(2026, 11, 23, 19, 0, tzinfo=UTC)
KEK = bytes(range(32))


@pytest.fixture(autouse=True)
def own_keys_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path / "keys"


def person() -> str:
    """Someone with keys; their id."""
    person_id = new_id()
    with outside_action("test data"):
        userkeys.make_person_keys(person_id=person_id, kek=KEK, now=NOW)
    return person_id


def ring(person_id: str) -> KeyRing:
    """Their open keys, as a new request finds them."""
    return KeyRing(userkeys.unlock_with_kek(person_id, KEK))


def group(by: str) -> str:
    """A group's keys, held by their maker; its id."""
    group_id = new_id()
    groupkeys.create_group_keys(by=by, group_id=group_id, now=NOW)
    return group_id
