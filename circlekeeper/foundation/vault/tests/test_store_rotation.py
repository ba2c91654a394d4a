"""The store key is replaced: whatever is cut off at whatever step, every secret still opens and the old key ends."""

import os
import signal
import threading

import pytest
from django.db import connections

from circlekeeper.foundation import keyfile
from circlekeeper.foundation.vault import shredstore, storekeys
from circlekeeper.foundation.vault.envelope import SealBroken
from circlekeeper.foundation.vault.shred.models import Secret
from circlekeeper.foundation.vault.tests.conftest import NOW

both = pytest.mark.django_db(databases=["default", "shred"])
really = pytest.mark.django_db(databases=["default", "shred"], transaction=True)
G = "g" * 26
_updates: list[bool] = []


def some(count: int) -> dict[str, bytes]:
    made = shredstore.new_secrets(count, record="roster", group_id=G, now=NOW)
    return {each.id: each.value for each in made}


@both
def test_every_secret_opens_under_the_new_key_and_the_old_one_is_gone(own_keys_folder):
    made = some(300)
    old = (own_keys_folder / "shred-store.key").read_bytes()
    before = {row.pk: bytes(row.sealed) for row in Secret.objects.all()}

    assert shredstore.rotate_store_key() == 300

    assert shredstore.secrets(made) == made
    assert all(bytes(row.sealed) != before[row.pk] for row in Secret.objects.all())
    assert [each.name for each in own_keys_folder.iterdir()] == ["shred-store.key"]
    assert (own_keys_folder / "shred-store.key").read_bytes() != old


@both
def test_a_copy_of_the_store_from_before_does_not_open_with_the_key_of_today():
    (secret_id,) = some(1)
    copy = bytes(Secret.objects.get(pk=secret_id).sealed)
    shredstore.rotate_store_key()

    with pytest.raises(SealBroken):
        storekeys.StoreKeys().open(secret_id, G, copy)


@both
def test_the_old_key_is_overwritten_before_its_file_goes(own_keys_folder):
    made = some(3)
    old = (own_keys_folder / "shred-store.key").read_bytes()
    other_name = own_keys_folder / "same-file"
    os.link(own_keys_folder / "shred-store.key", other_name)

    shredstore.rotate_store_key()

    assert other_name.read_bytes() != old
    assert shredstore.secrets(made) == made


@both
def test_with_nothing_begun_there_is_nothing_to_finish():
    assert shredstore.finish_rotation() == 0
    assert shredstore.rotate_store_key() == 0


@both
def test_what_was_written_while_a_rotation_lay_half_done_is_under_the_new_key(own_keys_folder):
    old = some(2)
    keyfile.read_or_make(storekeys.next_path())
    new = some(2)

    assert shredstore.secrets([*old, *new]) == old | new
    assert shredstore.finish_rotation() == 2  # those from before only
    assert shredstore.secrets([*old, *new]) == old | new


def _die(*_args: object, **_kwargs: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _die_at_second_update(execute, sql, params, many, context):
    _updates.append(sql.startswith("UPDATE"))
    return _die() if sum(_updates) == 2 else execute(sql, params, many, context)


def _arm(step: str) -> None:
    """Make this process end at one step of a rotation."""
    if step == "next key made":
        storekeys._seal_anew = _die  # type: ignore[assignment]
    elif step == "half of the rows written":
        connections["shred"].execute_wrappers.append(_die_at_second_update)
    elif step == "rows committed":
        storekeys._retire_old_key = _die
    elif step == "old key overwritten":
        os.replace = _die
    elif step == "key renamed":
        storekeys._sync = _die


_STEPS = ("next key made", "half of the rows written", "rows committed", "old key overwritten", "key renamed")


@really
@pytest.mark.parametrize("step", _STEPS)
def test_killed_at_any_step_every_secret_still_opens_and_the_rotation_is_finished(own_keys_folder, step):
    made = some(400)
    old = (own_keys_folder / "shred-store.key").read_bytes()
    connections.close_all()  # the child must not share a connection
    child = os.fork()
    if not child:
        try:
            _arm(step)
            shredstore.rotate_store_key()
        finally:
            os._exit(3)  # it lived too long
    _pid, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    assert os.WTERMSIG(status) == signal.SIGKILL

    assert shredstore.secrets(made) == made
    late = some(3)
    shredstore.finish_rotation()

    assert shredstore.secrets([*made, *late]) == made | late
    assert not storekeys.next_path().exists()
    assert (own_keys_folder / "shred-store.key").read_bytes() != old
    shredstore.rotate_store_key()
    assert shredstore.secrets([*made, *late]) == made | late


@both
def test_a_rotation_between_a_readers_two_looks_is_not_noticed(monkeypatch):
    made = some(3)
    looks = []

    def look() -> storekeys.StoreKeys:
        looks.append(1)
        if len(looks) == 1:
            storekeys.rotate_store_key()
        return storekeys.StoreKeys()

    monkeypatch.setattr(shredstore, "StoreKeys", look)

    assert shredstore.secrets(made) == made
    assert len(looks) == 2


@really
def test_readers_and_writers_go_on_through_rotations():
    """Nothing is lost between a writer that has read the key and a rotation that retires it."""
    stop, made, faults = threading.Event(), {}, []

    def work() -> None:
        try:
            while not stop.is_set():
                fresh = some(2)
                made.update(fresh)
                assert shredstore.secrets(fresh) == fresh
        except Exception as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for _ in range(6):
        shredstore.rotate_store_key()
    stop.set()
    for thread in threads:
        thread.join()

    assert faults == []
    assert shredstore.secrets(made) == made
    assert len(made) > 6
