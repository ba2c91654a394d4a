"""Every way to spoil the log, and that the check names what was done."""

import pytest
from django.db import connection

from circlekeeper.foundation import ledger
from circlekeeper.foundation.ledger import anchor, forgetting, keys, merkle, note, queries, stored
from circlekeeper.foundation.ledger.tests.conftest import NOW, fence_down

pytestmark = pytest.mark.django_db


def spoil(*statements):
    with fence_down() as cursor:
        for statement in statements:
            cursor.execute(statement)


def rewrite(number, **columns):
    """Change an entry the careful way: columns, leaf and hash all fit together afterwards."""
    with fence_down() as cursor:
        cursor.execute("SELECT leaf, actor FROM ledger_entry WHERE seq = %s", [number])
        said, actor = cursor.fetchone()
        changed = bytes(said).replace(actor.encode(), columns["actor"].encode())
        cursor.execute(
            "UPDATE ledger_entry SET actor = %s, leaf = %s, leaf_hash = %s WHERE seq = %s",
            [columns["actor"], changed, merkle.leaf_hash(changed), number],
        )


def finding():
    verdict = ledger.verify()
    assert not verdict.ok
    return verdict.detail


def test_an_untouched_log_is_fine_and_its_root_is_that_of_its_leaves(log):
    log(7)
    signed = ledger.make_checkpoint(NOW)
    log(5)

    verdict = ledger.verify()
    hashes = [said for run in stored.leaf_hashes(0, 12) for said in run]
    assert verdict.ok
    assert (verdict.size, verdict.checkpoint_size) == (12, signed.size) == (12, 7)
    assert verdict.root == merkle.root(hashes).hex()
    assert signed.root == merkle.root(hashes[:7])


def test_an_empty_log_is_fine():
    verdict = ledger.verify()

    assert (verdict.ok, verdict.size, verdict.checkpoint_size) == (True, 0, 0)
    assert verdict.root == merkle.EMPTY_ROOT.hex()


@pytest.mark.parametrize(
    "change",
    [
        "actor = 'person-2'",
        "actor = actor || ' '" if connection.vendor == "postgresql" else "actor = actor || char(0) || 'x'",
        "action = 'a.b.c'",
        "subject = 'member-9'",
        "detail_hash = ''",
        "at = '2026-03-01 19:30:01+00'" if connection.vendor == "postgresql" else "at = '2026-03-01 19:30:01'",
        "leaf = leaf_hash",
        "leaf_hash = leaf",
    ],
)
def test_dat3_one_row_edited_in_sql_is_named(log, change):
    log(9)
    spoil(f"UPDATE ledger_entry SET {change} WHERE seq = 5")  # noqa: S608

    assert finding().startswith("Entry 5 was changed")


def test_the_first_of_several_is_named(log):
    log(9)
    spoil("UPDATE ledger_entry SET actor = 'x' WHERE seq IN (3, 6)", "DELETE FROM ledger_detail WHERE seq = 7")
    spoil("DELETE FROM ledger_entry WHERE seq = 7")

    assert finding().startswith("Entry 3 ")


def test_an_entry_removed_is_named(log):
    log(9)
    spoil("DELETE FROM ledger_entry WHERE seq = 4")

    assert finding() == "Entry 4 is missing."


def test_the_first_entry_removed_is_named(log):
    log(3)
    spoil("DELETE FROM ledger_entry WHERE seq = 0")

    assert finding() == "Entry 0 is missing."


def test_entries_that_changed_places_are_named(log):
    log(9)
    spoil(
        "DELETE FROM ledger_detail",
        "UPDATE ledger_entry SET seq = 100 WHERE seq = 2",
        "UPDATE ledger_entry SET seq = 2 WHERE seq = 6",
        "UPDATE ledger_entry SET seq = 6 WHERE seq = 100",
    )

    assert finding() == "Entry 2 was moved: what stands there was written as entry 6."


def test_an_old_entry_played_again_is_named(log):
    log(5)
    spoil(
        "INSERT INTO ledger_entry (seq, at, actor, action, subject, detail_hash, leaf, leaf_hash)"
        " SELECT 5, at, actor, action, subject, detail_hash, leaf, leaf_hash FROM ledger_entry WHERE seq = 2"
    )

    assert finding() == "Entry 5 was moved: what stands there was written as entry 2."


def test_a_tail_cut_off_after_it_was_signed_is_named(log):
    log(9)
    ledger.make_checkpoint(NOW)
    spoil("DELETE FROM ledger_detail", "DELETE FROM ledger_entry WHERE seq >= 6")

    assert finding() == "The end of the log was cut off: 9 entries were signed, and entry 6 is missing."
    assert "older than this installation" in str(ledger.rolled_back())


def test_a_tail_cut_off_with_its_checkpoint_is_seen_from_outside(log):
    log(6)
    ledger.make_checkpoint(NOW)
    log(3)
    ledger.make_checkpoint(NOW)
    spoil(
        "DELETE FROM ledger_detail",
        "DELETE FROM ledger_entry WHERE seq >= 6",
        "DELETE FROM ledger_checkpoint WHERE size = 9",
    )

    assert "9 entries were signed, and entry 6 is missing" in finding()
    assert ledger.rolled_back() == (
        "The database is older than this installation: its log has 6 entries, but 9 were signed before."
    )


def test_a_careful_rewrite_of_a_signed_entry_is_narrowed_down(log):
    log(8)
    ledger.make_checkpoint(NOW)
    log(5)
    ledger.make_checkpoint(NOW)
    log(2)
    rewrite(12, actor="person-2")
    assert finding() == "Entry 12 was rewritten: it is not the entry that was signed."

    rewrite(9, actor="person-2")
    assert finding().startswith("One of the entries 8 to 11 was rewritten")

    rewrite(1, actor="person-2")
    assert finding().startswith("One of the entries 0 to 7 was rewritten")


def test_a_careful_rewrite_comes_before_a_later_clumsy_one(log):
    log(6)
    ledger.make_checkpoint(NOW)
    log(6)
    rewrite(2, actor="person-2")
    spoil("UPDATE ledger_entry SET actor = 'x' WHERE seq = 8")

    assert finding().startswith("One of the entries 0 to 3 was rewritten")


def test_a_log_written_anew_does_not_fit_the_copy_outside(log):
    log(6)
    ledger.make_checkpoint(NOW)
    spoil("DELETE FROM ledger_detail", "DELETE FROM ledger_entry", "DELETE FROM ledger_checkpoint")
    log(7, about="member-2")

    assert finding().startswith("One of the entries 0 to 5 was rewritten")
    assert ledger.rolled_back() == (
        "The log in the database is not the one this installation signed: the first 6 entries differ."
    )
    with pytest.raises(ledger.LogDamaged, match="not the one"):
        ledger.make_checkpoint(NOW)


@pytest.mark.parametrize(
    "change",
    ["size = 4", "root = edge", "note = replace(note, '6', '7')", "note = ''", "note = note || note"],
)
def test_a_changed_checkpoint_is_named(log, change):
    log(6)
    ledger.make_checkpoint(NOW)
    if change == "root = edge":
        log(1)  # so that root and edge differ
    spoil(f"UPDATE ledger_checkpoint SET {change}")  # noqa: S608

    assert "was changed or was not signed by this log" in finding()


def test_a_checkpoint_signed_by_another_key_is_named(log):
    log(6)
    signed = ledger.make_checkpoint(NOW)
    forged = note.sign(note.checkpoint_text(signed), name=signed.origin, seed=b"f" * 32)
    with fence_down() as cursor:
        cursor.execute("UPDATE ledger_checkpoint SET note = %s", [forged])

    assert finding() == "The checkpoint at 6 entries was changed or was not signed by this log."
    with pytest.raises(ledger.LogDamaged, match="another key"):
        ledger.make_checkpoint(NOW)


def test_a_changed_copy_outside_is_named(log, checkpoint_folder):
    log(6)
    ledger.make_checkpoint(NOW)
    (checkpoint_folder / "latest.txt").write_text("nonsense")

    assert finding() == "The checkpoint kept outside the database was changed or was not signed by this log."
    assert "changed or belongs to another" in str(ledger.rolled_back())


def test_a_missing_copy_outside_is_mentioned(log, checkpoint_folder):
    log(6)
    ledger.make_checkpoint(NOW)
    (checkpoint_folder / "latest.txt").unlink()

    verdict = ledger.verify()
    assert verdict.ok
    assert "missing" in verdict.detail
    ledger.make_checkpoint(NOW)
    assert anchor.read() == queries.newest_checkpoint_note() is not None


@pytest.mark.parametrize("change", ["sealed = salt", "salt = sealed", "seq = 2"])
def test_a_changed_detail_is_named(log, change):
    log(6)
    spoil(f"UPDATE ledger_detail SET {change} WHERE seq = 3")  # noqa: S608

    assert finding().startswith(f"Entry {2 if change == 'seq = 2' else 3} was changed: the sealed detail")


def test_forgetting_details_leaves_the_log_valid(log):
    from circlekeeper.foundation import guard

    log(6)
    before = ledger.make_checkpoint(NOW)
    with guard.outside_action("test"):
        assert forgetting.forget_details(about="member-1") == 3
    log(2)

    assert ledger.verify().ok
    assert ledger.make_checkpoint(NOW).size == before.size + 2


def test_pages_of_any_length_give_the_same_answer(log, monkeypatch):
    log(11)
    ledger.make_checkpoint(NOW)
    log(4)
    whole = ledger.verify()
    for length in (1, 2, 5, 15):
        monkeypatch.setattr(stored, "PAGE", length)
        assert ledger.verify() == whole
    spoil("UPDATE ledger_entry SET actor = 'x' WHERE seq = 10")
    for length in (1, 2, 5, 15):
        monkeypatch.setattr(stored, "PAGE", length)
        assert finding().startswith("Entry 10 was changed")


def test_the_origin_is_the_log_that_signs(log):
    log(1)
    assert ledger.make_checkpoint(NOW).origin == keys.key().name
