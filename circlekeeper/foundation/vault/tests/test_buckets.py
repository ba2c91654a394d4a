"""One key a day: whoever asks first makes it, everyone gets the same, and it goes as one."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections

from circlekeeper.foundation.vault import buckets, groupkeys, shredstore
from circlekeeper.foundation.vault.groupkeys import LastHolder
from circlekeeper.foundation.vault.shred.models import Secret
from circlekeeper.foundation.vault.shredstore import Shredded
from circlekeeper.foundation.vault.tests.conftest import NOW, group, person, ring

both = pytest.mark.django_db(databases=["default", "shred"])
really = pytest.mark.django_db(databases=["default", "shred"], transaction=True)
G, TODAY = "g" * 26, NOW.date()
THREADS = 64


def of(day=TODAY, *, record="attendance", group_id=G):
    return buckets.bucket(group_id=group_id, record=record, day=day, now=NOW)


@both
def test_a_day_has_one_key_and_every_day_class_and_group_its_own():
    first = of()

    assert of() == first
    assert buckets.open_bucket(first.id) == first.key
    others = [of(TODAY + timedelta(days=1)), of(record="threads"), of(group_id="h" * 26)]
    assert len({first.key, *(each.key for each in others)}) == 4


@both
def test_a_forgotten_day_does_not_open_and_the_day_after_does():
    today, tomorrow = of(), of(TODAY + timedelta(days=1))

    shredstore.shred([today.id], now=NOW)

    with pytest.raises(Shredded):
        buckets.open_bucket(today.id)
    assert buckets.open_bucket(tomorrow.id) == tomorrow.key
    assert of().key != today.key  # asked for late, the day begins anew; the old rows stay closed


@both
def test_the_key_is_not_the_stored_secret_and_does_not_show_in_print():
    made = of()

    assert made.key != shredstore.secret(made.id)
    assert repr(made.key) not in repr(made)


def _at_once(work):
    """Run in sixty-four threads that start together."""
    start = threading.Barrier(THREADS)

    def one(number):
        try:
            start.wait(30)
            return work(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(one, range(THREADS)))


@really
def test_sixty_four_who_ask_at_once_get_one_key():
    found = _at_once(lambda _number: of())

    assert len({(each.id, each.key) for each in found}) == 1
    assert Secret.objects.count() == 1


@really
def test_sixty_four_revocations_at_once_leave_one_holder():
    """Eight leaders, each revoked by eight threads at the same moment: seven go, one stays."""
    people = [person() for _ in range(8)]
    group_id = group(people[0])
    for each in people[1:]:
        groupkeys.grant(ring=ring(people[0]), group_id=group_id, to=each, scopes=groupkeys.ALL, now=NOW)

    def revoke(number: int) -> bool:
        try:
            groupkeys.revoke(by="system", group_id=group_id, person_id=people[number % 8], now=NOW)
        except LastHolder:
            return False
        return True

    answers = _at_once(revoke)

    (left,) = groupkeys.holders(group_id)
    assert left.whole
    assert ring(left.person_id).can(group_id, groupkeys.Scope.ROSTER)
    assert not all(answers)
