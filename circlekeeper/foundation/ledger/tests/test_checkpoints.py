"""Signing, the copy outside the database, and going on after a restore."""

import pytest
from django.db import transaction

from circlekeeper.foundation import ledger
from circlekeeper.foundation.ledger import anchor, keys, merkle, note, queries, stored
from circlekeeper.foundation.ledger.models import Checkpoint, Entry
from circlekeeper.foundation.ledger.tests.conftest import NOW, fence_down

pytestmark = pytest.mark.django_db


def test_a_checkpoint_is_a_signed_note_and_is_kept_twice(log, checkpoint_folder):
    log(5)
    signed = ledger.make_checkpoint(NOW)

    outside = (checkpoint_folder / "latest.txt").read_text()
    assert outside == queries.newest_checkpoint_note()
    assert note.read_checkpoint(outside, keys.key()) == signed
    assert outside.startswith(f"circlekeeper/{signed.origin.partition('/')[2]}\n5\n")
    assert queries.checkpoint_size() == 5
    assert [path.name for path in checkpoint_folder.iterdir()] == ["latest.txt"]


def test_nothing_new_means_no_new_checkpoint(log):
    log(5)
    first = ledger.make_checkpoint(NOW)

    assert ledger.make_checkpoint(NOW) == first
    assert Checkpoint.objects.count() == 1


def test_an_empty_log_can_be_signed(db):
    assert ledger.make_checkpoint(NOW).root == merkle.EMPTY_ROOT
    assert ledger.verify().ok
    assert ledger.rolled_back() is None


def test_each_checkpoint_goes_on_from_the_last_and_reads_only_what_is_new(log, monkeypatch):
    read: list[int] = []
    original = stored.pages

    def counted(sql, **limits):
        for rows in original(sql, **limits):
            read.extend(row[0] for row in rows)
            yield rows

    for count in (1, 6, 9, 16):
        numbers = log(count)
        monkeypatch.setattr(stored, "pages", counted)
        read.clear()
        signed = ledger.make_checkpoint(NOW)
        assert set(read) == set(numbers) | ({numbers.start - 1} & set(read))
        monkeypatch.setattr(stored, "pages", original)
        assert signed.root == stored.range_root(0, numbers.stop)
    rows = stored.checkpoints()
    for old, new in zip(rows, rows[1:], strict=False):
        proof = merkle.consistency_proof(old_size=old.size, new_size=new.size, root_of=stored.range_root)
        assert merkle.verify_consistency(
            old_size=old.size, new_size=new.size, proof=proof, old_root=old.root, new_root=new.root
        )


def test_damage_among_the_new_entries_is_never_signed_over(log):
    log(4)
    ledger.make_checkpoint(NOW)
    log(4)
    with fence_down() as cursor:
        cursor.execute("UPDATE ledger_entry SET leaf = leaf_hash WHERE seq = 6")

    with pytest.raises(ledger.LogDamaged, match="changed or are not complete"):
        ledger.make_checkpoint(NOW)
    assert queries.checkpoint_size() == 4


def test_a_restored_older_database_is_noticed_and_can_go_on_openly(log, checkpoint_folder):
    log(4)
    ledger.make_checkpoint(NOW)
    log(4)
    ledger.make_checkpoint(NOW)
    with fence_down() as cursor:  # as a restore of the first backup leaves it
        cursor.execute("DELETE FROM ledger_detail")
        cursor.execute("DELETE FROM ledger_entry WHERE seq >= 4")
        cursor.execute("DELETE FROM ledger_checkpoint WHERE size > 4")

    assert ledger.rolled_back() is not None
    with pytest.raises(ledger.LogDamaged, match="older than this installation"):
        ledger.make_checkpoint(NOW)

    signed = ledger.continue_after_restore(by="person-1", about="restore-1", now=NOW)

    assert signed.size == 5
    assert Entry.objects.get(seq=4).action == "ledger.log.restore"
    assert ledger.rolled_back() is None
    assert ledger.verify().ok
    aside = [path for path in checkpoint_folder.iterdir() if path.name.startswith("before-restore-8-")]
    assert note.read_checkpoint(aside[0].read_text(), keys.key()).size == 8


def test_a_restored_database_that_grew_past_the_old_size_is_still_noticed(log):
    log(4)
    ledger.make_checkpoint(NOW)
    log(2)
    ledger.make_checkpoint(NOW)
    with fence_down() as cursor:
        cursor.execute("DELETE FROM ledger_detail")
        cursor.execute("DELETE FROM ledger_entry WHERE seq >= 4")
        cursor.execute("DELETE FROM ledger_checkpoint WHERE size > 4")
    log(9, about="member-2")

    assert "the first 6 entries differ" in str(ledger.rolled_back())


def test_without_a_file_there_is_nothing_to_compare_with(log):
    log(3)
    assert ledger.rolled_back() is None


@pytest.mark.django_db(transaction=True)
def test_a_checkpoint_is_refused_inside_a_transaction_that_could_still_fail(log):
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        ledger.make_checkpoint(NOW)
    assert anchor.read() is None
