"""Many writers at once: no error, no gap, no number twice."""

from concurrent.futures import ThreadPoolExecutor
from itertools import chain

import pytest
from django.db import connection, transaction

from circlekeeper.foundation import guard, ledger
from circlekeeper.foundation.ledger import queries
from circlekeeper.foundation.ledger.tests.conftest import NOW

THREADS, EACH = 64, 5


def writer(number: int) -> list[int]:
    try:
        alone = [
            ledger.append_alone(by=f"person-{number}", about="member-1", at=NOW, verb="roster.contact.open")
            for _ in range(EACH)
        ]
        with guard.outside_action("test"), transaction.atomic():
            together = ledger.record_many([ledger.Line(f"person-{number}", "member-2", NOW, "a.b.c")] * EACH)
        if number % 16 == 0:
            ledger.make_checkpoint(NOW)
        return [*alone, *together]
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_sixty_four_writers_leave_no_error_and_no_gap():
    with ThreadPoolExecutor(THREADS) as pool:
        numbers = list(chain.from_iterable(pool.map(writer, range(THREADS))))

    assert sorted(numbers) == list(range(THREADS * EACH * 2))
    assert queries.size() == len(numbers)
    ledger.make_checkpoint(NOW)
    verdict = ledger.verify()
    assert verdict.ok, verdict.detail
    assert verdict.checkpoint_size == len(numbers)
