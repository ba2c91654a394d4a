"""A secret lives behind a cookie as long as its session, and the table alone gives nothing away."""

from datetime import timedelta

import pytest

from circlekeeper.foundation.guard import outside_action
from circlekeeper.foundation.vault import sessions
from circlekeeper.foundation.vault.models import KeySession
from circlekeeper.foundation.vault.tests.conftest import NOW

pytestmark = pytest.mark.django_db(databases=["default", "shred"])

IDLE = timedelta(minutes=30)
SECRET = bytes(range(32))


def opened(subject: str = "p1", idle: timedelta = IDLE) -> str:
    return sessions.open_session(subject=subject, secret=SECRET, idle=idle, now=NOW)


def test_the_cookie_brings_the_secret_back_for_its_subject_only():
    token = opened()

    assert sessions.resume(token, "p1", NOW) == SECRET
    assert sessions.resume(token, "p2", NOW) is None
    assert sessions.resume("A" * 43, "p1", NOW) is None
    assert sessions.resume("", "p1", NOW) is None
    assert sessions.subject_of(token) == "p1"


def test_a_member_key_of_sixteen_bytes_is_kept_as_well():
    token = sessions.open_session(subject="member:m1:g1", secret=SECRET[:16], idle=IDLE, now=NOW)

    assert sessions.resume(token, "member:m1:g1", NOW) == SECRET[:16]


def test_idle_too_long_ends_it_for_good():
    token = opened()

    assert sessions.resume(token, "p1", NOW + IDLE) == SECRET
    assert sessions.resume(token, "p1", NOW + 2 * IDLE + timedelta(seconds=1)) is None
    assert sessions.resume(token, "p1", NOW) is None
    assert not KeySession.objects.exists()


def test_however_busy_it_ends_after_twelve_hours():
    token = opened()
    at = NOW
    while at - NOW < sessions.LONGEST:
        assert sessions.resume(token, "p1", at) == SECRET
        at += timedelta(minutes=20)

    assert sessions.resume(token, "p1", NOW + sessions.LONGEST + timedelta(seconds=1)) is None


def test_a_clock_set_back_does_not_make_a_session_longer():
    token = opened()

    assert sessions.resume(token, "p1", NOW - timedelta(minutes=4)) == SECRET
    assert sessions.resume(token, "p1", NOW - timedelta(hours=3)) is None
    assert sessions.resume(token, "p1", NOW) is None


def test_it_is_touched_once_a_minute_at_most(django_assert_num_queries):
    token = opened()

    with django_assert_num_queries(1):
        sessions.resume(token, "p1", NOW + timedelta(seconds=59))
    with django_assert_num_queries(2):
        sessions.resume(token, "p1", NOW + timedelta(seconds=61))
    with django_assert_num_queries(1):
        sessions.resume(token, "p1", NOW + timedelta(seconds=90))
    assert KeySession.objects.get().used_at == NOW + timedelta(seconds=61)


def test_a_session_is_closed_alone_or_with_all_of_its_subject():
    one, two, other = opened(), opened(), opened("p2")

    sessions.close(one)
    assert sessions.resume(one, "p1", NOW) is None
    assert sessions.resume(two, "p1", NOW) == SECRET

    assert sessions.close_all("p1") == 1
    assert sessions.resume(two, "p1", NOW) is None
    assert sessions.resume(other, "p2", NOW) == SECRET


def test_a_stolen_table_holds_neither_token_nor_secret():
    token = opened()
    row = KeySession.objects.get()

    assert len(token) == 43
    assert token not in row.token_hash
    assert SECRET not in bytes(row.sealed)
    assert opened() != token


def test_a_row_given_to_another_subject_does_not_open():
    token = opened()
    with outside_action("test data"):
        KeySession.objects.update(subject="p2")

    assert sessions.resume(token, "p2", NOW) is None
