"""Adding to the log, and that nothing else is possible."""

import json
from datetime import datetime, timedelta, timezone
from hashlib import sha256

import pytest
from django.db import DatabaseError, connection, transaction

from circlekeeper.foundation import guard, ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.ledger import leaf, queries
from circlekeeper.foundation.ledger.models import Detail, Entry
from circlekeeper.foundation.ledger.tests.conftest import NOW
from circlekeeper.foundation.reveal import reveal

pytestmark = pytest.mark.django_db


@action("ledger.test.act")
def act(*, by: str, now: datetime, times: int = 1) -> list[int]:
    return [ledger.record(by=by, about="thing", at=now) for _ in range(times)]


def test_numbers_count_from_zero_without_gaps():
    assert act(by="person-1", now=NOW, times=3) == [0, 1, 2]
    assert act(by="person-1", now=NOW) == [3]
    assert queries.size() == 4


def test_the_verb_is_that_of_the_action_unless_said_otherwise():
    act(by="person-1", now=NOW)
    ledger.append_alone(by="person-1", about="thing", at=NOW, verb="roster.contact.open")

    assert list(Entry.objects.order_by("seq").values_list("action", flat=True)) == [
        "ledger.test.act",
        "roster.contact.open",
    ]


def test_a_leaf_is_canonical_json_with_ids_a_verb_and_a_moment_only():
    at = datetime(2026, 3, 1, 20, 30, 5, 999_999, tzinfo=timezone(timedelta(hours=1)))
    ledger.append_alone(by="person-1", about="member:2", at=at, verb="roster.contact.open")

    entry = Entry.objects.get()
    said = bytes(entry.leaf)
    assert json.loads(said) == {
        "v": 1,
        "seq": 0,
        "ts": "2026-03-01T19:30:05Z",
        "actor": "person-1",
        "action": "roster.contact.open",
        "subject": "member:2",
        "detail": None,
    }
    assert json.dumps(json.loads(said), sort_keys=True, separators=(",", ":")).encode() == said
    assert bytes(entry.leaf_hash) == sha256(b"\x00" + said).digest()
    assert entry.at.isoformat() == "2026-03-01T19:30:05+00:00"


def test_a_detail_is_kept_beside_the_log_under_a_salted_hash():
    for _ in range(2):
        ledger.append_alone(by="person-1", about="member-1", at=NOW, verb="roster.contact.open", detail=b"sealed")

    kept = Detail.objects.order_by("entry_id")
    hashes = [sha256(bytes(detail.salt) + b"sealed").hexdigest() for detail in kept]
    assert hashes == [json.loads(bytes(entry.leaf))["detail"] for entry in Entry.objects.order_by("seq")]
    assert len(set(hashes)) == 2
    assert queries.sealed_detail(0) == b"sealed"
    assert queries.sealed_detail(7) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"by": "Maria Lopez"},
        {"by": "maria@example.org"},
        {"by": "192.0.2.7"},
        {"by": ""},
        {"by": "a" * 65},
        {"about": "Maria"},
        {"about": "m\u00e9"},
        {"about": 'a","x":"'},
        {"about": "member-1\n"},
        {"verb": "Opened it"},
        {"verb": ""},
        {"at": NOW.replace(tzinfo=None)},
    ],
)
def test_anything_that_could_carry_a_name_is_refused_and_its_text_not_repeated(wrong):
    right = {"by": "person-1", "about": "member-1", "at": NOW, "verb": "roster.contact.open"}
    with pytest.raises(ValueError, match="the log") as refusal:
        ledger.append_alone(**(right | wrong))

    value = next(iter(wrong.values()))
    assert not value or str(value) not in str(refusal.value)
    assert queries.size() == 0


def test_a_line_rolled_back_leaves_no_gap():
    with guard.outside_action("test"), transaction.atomic():
        assert ledger.record(by="person-1", about="thing", at=NOW, verb="test.a.b") == 0
        transaction.set_rollback(True)

    assert act(by="person-1", now=NOW) == [0]


def test_written_counts_what_this_thread_recorded():
    before = ledger.written()
    act(by="person-1", now=NOW, times=2)

    assert ledger.written() - before == 2


def test_outside_an_action_and_without_a_verb_nothing_is_recorded():
    with guard.outside_action("test"), transaction.atomic(), pytest.raises(ValueError, match="verb"):
        ledger.record(by="person-1", about="thing", at=NOW)


@pytest.mark.django_db(transaction=True)
def test_a_line_needs_a_transaction_and_a_line_alone_needs_none():
    with guard.outside_action("test"), pytest.raises(transaction.TransactionManagementError):
        ledger.record(by="person-1", about="thing", at=NOW, verb="test.a.b")
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        ledger.append_alone(by="person-1", about="thing", at=NOW, verb="test.a.b")


@pytest.mark.django_db(transaction=True)
def test_a_look_that_fails_after_its_line_keeps_the_line():
    @reveal("roster.contact.open")
    def open_contact(*, by: str, about: str, now: datetime) -> None:
        raise RuntimeError("the key could not be unwrapped")

    with pytest.raises(RuntimeError, match="key"):
        open_contact(by="person-1", about="member-1", now=NOW)

    assert queries.size() == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entry SET actor = 'nobody'",
        "UPDATE ledger_entry SET seq = seq + 10",
        "DELETE FROM ledger_entry",
        "DELETE FROM ledger_entry WHERE seq = 1",
        "UPDATE ledger_checkpoint SET note = ''",
        "DELETE FROM ledger_checkpoint",
    ],
)
def test_dat3_the_database_itself_refuses_to_change_or_delete(log, statement):
    log(3)
    ledger.make_checkpoint(NOW)
    with (
        guard.outside_action("test"),
        pytest.raises(DatabaseError, match="only grows"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)

    assert ledger.verify().ok


@pytest.mark.sqlite_only
def test_replacing_a_row_is_refused_too(log):
    if connection.vendor != "sqlite":
        pytest.skip("REPLACE is SQLite's")
    log(2)
    with (
        guard.outside_action("test"),
        pytest.raises(DatabaseError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("REPLACE INTO ledger_entry SELECT * FROM ledger_entry WHERE seq = 1")


def test_entries_about_shows_one_records_lines_newest_first(log):
    log(3, about="member-1")
    log(2, about="member-2")
    ledger.append_alone(by="person-9", about="member-1", at=NOW, verb="roster.contact.correct")

    found = queries.entries_about("member-1")
    assert [line.number for line in found] == [5, 2, 1, 0]
    assert found[0] == queries.LedgerLine(5, NOW, "person-9", "roster.contact.correct", "member-1")
    assert [line.number for line in queries.entries_about("member-1", before=2, limit=1)] == [1]
    assert [line.number for line in queries.entries_about("member-1", verbs={"roster.contact.correct"})] == [5]
    assert queries.entries_about("member-3") == []


def test_the_rebuilt_leaf_knows_every_field_of_a_line():
    line = leaf.Line("person-1", "member-1", NOW, "a.b.c")
    assert leaf.leaf(7, line, "f" * 64).decode() == (
        '{"action":"a.b.c","actor":"person-1","detail":"' + "f" * 64 + '","seq":7,'
        '"subject":"member-1","ts":"2026-03-01T19:30:00Z","v":1}'
    )
