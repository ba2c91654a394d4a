"""Derivation: unrelated keys for unrelated purposes; the slow one two at a time, dear unless these are tests."""

import threading

import argon2.low_level
import pytest
from argon2.exceptions import HashingError
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from circlekeeper.foundation.vault import kdf

KEY = bytes(range(32))
SALT = bytes(kdf.SALT_BYTES)
parts = st.lists(st.binary(max_size=8), max_size=4)


@pytest.fixture
def fresh_cost():
    kdf.cost.cache_clear()
    yield
    kdf.cost.cache_clear()


@given(one=parts, other=parts, context=st.text(max_size=6), another=st.text(max_size=6))
def test_keys_are_the_same_only_for_the_same_purpose_and_parts(one, other, context, another):
    same = (context, one) == (another, other)

    assert (kdf.derive(KEY, context, *one) == kdf.derive(KEY, another, *other)) == same


def test_a_derived_key_has_32_bytes_and_depends_on_the_key():
    assert len(kdf.derive(KEY, "x")) == kdf.KEY_BYTES
    assert kdf.derive(KEY, "x") != kdf.derive(bytes(32), "x")


def test_a_cost_is_read_back_as_it_was_written():
    assert kdf.Cost.parse(str(kdf.FULL)) == kdf.FULL == kdf.Cost(256 * 1024, 3, 1)


def test_cheap_derivation_is_refused_outside_tests(settings, monkeypatch, fresh_cost):
    monkeypatch.setenv("CIRCLEKEEPER_KDF", "tests")
    settings.DEBUG_KDF_FOR_TESTS = False

    with pytest.raises(ImproperlyConfigured):
        kdf.cost()

    settings.DEBUG_KDF_FOR_TESTS = True
    assert kdf.cost() == kdf.TESTS


@pytest.mark.parametrize(("gigabytes", "cost"), [(1, kdf.SMALL), (1.9, kdf.SMALL), (2, kdf.FULL), (64, kdf.FULL)])
def test_a_small_machine_takes_less_memory(monkeypatch, fresh_cost, gigabytes, cost):
    monkeypatch.delenv("CIRCLEKEEPER_KDF", raising=False)
    monkeypatch.setattr(kdf, "memory_bytes", lambda: int(gigabytes * 1024**3))

    assert kdf.cost() == cost


def test_a_container_counts_its_own_limit_and_not_the_machines_memory(monkeypatch, tmp_path):
    none, limit = tmp_path / "memory.max", tmp_path / "limit"
    none.write_text("max\n")
    limit.write_text("536870912\n")
    monkeypatch.setattr(kdf, "_LIMITS", (none, tmp_path / "missing", limit))

    assert kdf.memory_bytes() == 512 * 1024**2


def test_two_derive_at_a_time_and_a_third_waits_no_longer_than_the_queue(monkeypatch):
    inside, go_on, most = threading.Semaphore(0), threading.Event(), []
    running, lock = [0], threading.Lock()

    def slow(**_kwargs: object) -> bytes:
        with lock:
            running[0] += 1
            most.append(running[0])
        inside.release()
        go_on.wait(10)
        with lock:
            running[0] -= 1
        return bytes(32)

    monkeypatch.setattr(argon2.low_level, "hash_secret_raw", slow)
    monkeypatch.setattr(kdf, "_QUEUE_SECONDS", 0.05)
    threads = [threading.Thread(target=kdf.root_from_password, args=("a", SALT, kdf.TESTS)) for _ in range(2)]
    for thread in threads:
        thread.start()
    assert inside.acquire(timeout=5)
    assert inside.acquire(timeout=5)

    with pytest.raises(kdf.Busy):
        kdf.root_from_password("b", SALT, kdf.TESTS)

    go_on.set()
    for thread in threads:
        thread.join()
    assert kdf.root_from_password("c", SALT, kdf.TESTS) == bytes(32)
    assert max(most) == 2


def test_a_machine_without_memory_is_busy_and_the_turn_is_given_back(monkeypatch):
    def no_memory(**_kwargs: object) -> bytes:
        raise HashingError("Memory allocation error")

    with monkeypatch.context() as broken:
        broken.setattr(argon2.low_level, "hash_secret_raw", no_memory)
        for _ in range(3):
            with pytest.raises(kdf.Busy):
                kdf.root_from_password("violet", SALT, kdf.TESTS)

    assert len(kdf.root_from_password("violet", SALT, kdf.TESTS)) == kdf.KEY_BYTES


def test_a_short_salt_is_refused():
    with pytest.raises(ValueError, match="16 bytes"):
        kdf.root_from_password("violet", b"short", kdf.TESTS)
