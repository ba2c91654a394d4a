"""Forgetting: a destroyed secret is gone from the store, from its files, and for every copy of the main database."""

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from circlekeeper.foundation.guard import outside_action
from circlekeeper.foundation.vault import groupkeys, records, shredstore, storekeys
from circlekeeper.foundation.vault.envelope import Place, SealBroken
from circlekeeper.foundation.vault.groupkeys import Scope
from circlekeeper.foundation.vault.ring import KeyRing
from circlekeeper.foundation.vault.shred.models import Secret, Tombstone
from circlekeeper.foundation.vault.shredstore import Shredded
from circlekeeper.foundation.vault.tests.conftest import NOW, group, person, ring

both = pytest.mark.django_db(databases=["default", "shred"])
really = pytest.mark.django_db(databases=["default", "shred"], transaction=True)
G = "g" * 26


def some(count: int = 1, group_id: str = G) -> list[shredstore.NewSecret]:
    return shredstore.new_secrets(count, record="roster", group_id=group_id, now=NOW)


@both
def test_secrets_are_read_back_in_one_query(django_assert_num_queries):
    made = some(500)

    with django_assert_num_queries(1, using="shred"):
        found = shredstore.secrets(each.id for each in made)

    assert found == {each.id: each.value for each in made}
    assert len(set(found.values())) == 500
    assert all(len(value) == 32 for value in found.values())


@both
def test_a_destroyed_secret_says_so_and_the_others_stay():
    gone, stays = some(2)

    assert shredstore.shred([gone.id], now=NOW) == 1

    with pytest.raises(Shredded):
        shredstore.secret(gone.id)
    assert shredstore.secret(stays.id) == stays.value
    assert shredstore.secrets([gone.id, stays.id]) == {stays.id: stays.value}


@both
def test_destroying_again_or_nothing_changes_nothing():
    (gone,) = some()
    shredstore.shred([gone.id], now=NOW)

    assert shredstore.shred([gone.id], now=NOW) == 0
    assert shredstore.shred([], now=NOW) == 0
    assert [stone.ref for stone in shredstore.tombstones("shred")] == [gone.id]


@both
def test_dat6_what_is_on_hold_stays_until_the_hold_ends():
    one, other = some(2)
    assert shredstore.hold([one.id, "no-such"], until=NOW.date() + timedelta(days=3)) == 1
    assert shredstore.held([one.id, other.id], on=NOW.date()) == {one.id}

    assert shredstore.shred([one.id, other.id], now=NOW) == 1
    assert shredstore.shred([one.id], now=NOW + timedelta(days=3)) == 0
    assert shredstore.secret(one.id) == one.value
    assert [stone.ref for stone in shredstore.tombstones("shred")] == [other.id]

    assert shredstore.shred([one.id], now=NOW + timedelta(days=4)) == 1


@both
def test_a_hold_that_was_released_holds_no_longer():
    (one,) = some()
    shredstore.hold([one.id], until=NOW.date() + timedelta(days=99))

    assert shredstore.release([one.id]) == 1

    assert shredstore.held([one.id], on=NOW.date()) == set()
    assert shredstore.shred([one.id], now=NOW) == 1


@both
def test_destroying_is_all_or_nothing_with_its_tombstones(monkeypatch):
    (one,) = some()

    def fail(_rows: object) -> None:
        list(_rows)  # type: ignore[call-overload]
        raise OSError("disk full")

    monkeypatch.setattr(Tombstone.objects, "bulk_create", fail)
    with pytest.raises(OSError, match="disk full"):
        shredstore.shred([one.id], now=NOW)

    assert shredstore.secret(one.id) == one.value


@both
def test_secrets_that_no_row_came_to_use_are_reaped_and_days_are_not():
    used, lost = some(2)
    day = shredstore.day_secret(group_id=G, record="attendance", day=NOW.date(), now=NOW)
    (young,) = shredstore.new_secrets(1, record="roster", group_id=G, now=NOW + timedelta(hours=30))

    assert shredstore.reap_orphans(used={used.id}, now=NOW + timedelta(hours=31)) == 1

    assert set(shredstore.secrets([used.id, lost.id, day.id, young.id])) == {used.id, day.id, young.id}


@both
def test_many_secrets_that_lost_their_rows_at_once_are_a_mistake_and_stay():
    made = shredstore.new_secrets(30, record="roster", group_id=G, now=NOW)
    later = NOW + timedelta(days=9)

    with pytest.raises(shredstore.TooManyOrphans):
        shredstore.reap_orphans(used=set(), now=later)
    assert len(shredstore.secrets([each.id for each in made])) == 30

    assert shredstore.reap_orphans(used={each.id for each in made[5:]}, now=later) == 5


@both
def test_a_sealed_value_moved_to_another_row_does_not_open():
    one, other = some(2)
    with outside_action("test data"):
        Secret.objects.filter(pk=one.id).update(sealed=Secret.objects.get(pk=other.id).sealed)

    with pytest.raises(SealBroken):
        shredstore.secret(one.id)


@both
def test_a_lost_store_key_is_not_silently_replaced(own_keys_folder):
    (one,) = some()
    kept = (own_keys_folder / "shred-store.key").read_bytes()
    (own_keys_folder / "shred-store.key").unlink()

    with pytest.raises(storekeys.StoreKeyMissing):
        some()
    assert not (own_keys_folder / "shred-store.key").exists()

    (own_keys_folder / "shred-store.key").write_bytes(kept)
    assert shredstore.secret(one.id) == one.value


@both
def test_tombstones_come_oldest_first_and_by_kind():
    shredstore.remember("consent", "m2:mail", now=NOW)
    shredstore.remember("consent", "m1:mail", now=NOW - timedelta(days=1))
    shredstore.remember("grant", "g1:p1", now=NOW)

    assert [(stone.ref, stone.at) for stone in shredstore.tombstones("consent")] == [
        ("m1:mail", NOW - timedelta(days=1)),
        ("m2:mail", NOW),
    ]


@really
@pytest.mark.sqlite_only
def test_ret3_dat6_a_copy_of_the_main_database_and_every_group_key_do_not_bring_one_member_back(tmp_path):
    """Promise 2: fifty members, everything of the main database copied, one secret destroyed: 49 open, one does not."""
    if connection.vendor != "sqlite":
        pytest.skip("copies SQLite's own file")
    ada = person()
    group_id = group(ada)
    made = _fifty_members(group_id)
    key = ring(ada).scope_key(group_id, Scope.ROSTER)
    with outside_action("test table"), connection.cursor() as cursor:
        # Kept in the main database, so that the thief's copy has them.
        cursor.execute("CREATE TABLE test_record (id text, secret_id text, blob blob, wrap blob)")
        rows = [(each, secret.id, record.blob, record.wrap) for each, (secret, record) in made.items()]
        cursor.executemany("INSERT INTO test_record VALUES (%s, %s, %s, %s)", rows)
    try:
        connection.cursor().execute(f"VACUUM INTO '{tmp_path / 'backup.sqlite3'}'")
    finally:
        with outside_action("test table"), connection.cursor() as cursor:
            cursor.execute("DROP TABLE test_record")
    assert len(_readable(tmp_path / "backup.sqlite3", key)) == 50

    shredstore.shred([made["m17"][0].id], now=NOW)

    assert _readable(tmp_path / "backup.sqlite3", key) == set(made) - {"m17"}
    assert isinstance(ring(ada), KeyRing)


def _place(row: str, group_id: str) -> Place:
    return Place("roster_compartment", row, "contact", group_id)


def _fifty_members(group_id: str) -> dict[str, tuple[shredstore.NewSecret, records.SealedRecord]]:
    public = groupkeys.public_key(group_id, Scope.ROSTER)
    names = [f"m{number}" for number in range(50)]
    return {
        name: (
            secret,
            records.seal_for_group(
                {"alias": name}, public=public, secret=secret.value, place=_place(name, group_id)
            ),
        )
        for name, secret in zip(names, some(50, group_id), strict=True)
    }


def _readable(backup: Path, key: records.ScopeKey) -> set[str]:
    """Who can be read from a copy of the main database, with the opened group key and the shred store of today."""
    with sqlite3.connect(backup) as copy:
        rows = copy.execute("SELECT id, secret_id, blob, wrap FROM test_record").fetchall()
    copy.close()
    secrets, found = shredstore.secrets(row[1] for row in rows), set()
    for row, secret_id, blob, wrap in rows:
        # Whoever is gone is tried with every secret that is left, and with none.
        for secret in [secrets[secret_id]] if secret_id in secrets else [*secrets.values(), bytes(32)]:
            try:
                opened = records.open_for_group(
                    blob, wrap, key=key, secret=secret, place=_place(row, key.group_id)
                )
            except SealBroken:
                continue
            found.add(str(opened["alias"]))
    return found


def _files() -> list[Path]:
    main = Path(connections["shred"].settings_dict["NAME"])
    return sorted(main.parent.glob(main.name + "*"))


def _anywhere(raw: bytes) -> bool:
    return any(raw in file.read_bytes() for file in _files())


@really
@pytest.mark.sqlite_only
@pytest.mark.parametrize("settled", [True, False], ids=["in the file", "still in the log"])
def test_dat6_the_bytes_of_destroyed_secrets_are_in_no_file_of_the_store(settled):
    if connection.vendor != "sqlite":
        pytest.skip("reads SQLite's own files")
    made = some(120)
    sealed = {row.pk: bytes(row.sealed) for row in Secret.objects.all()}
    if settled:
        assert shredstore.checkpoint()
    assert all(_anywhere(raw) for raw in sealed.values())
    assert not any(_anywhere(each.value) for each in made)  # never in clear at all
    gone = [each.id for each in made[::3]]

    assert shredstore.shred(gone, now=NOW) == 40

    for each in made:
        assert _anywhere(sealed[each.id]) == (each.id not in gone)
    assert next(file for file in _files() if file.name.endswith("-wal")).stat().st_size == 0


@really
@pytest.mark.sqlite_only
def test_a_reader_in_the_way_is_said_and_the_next_call_cleans_up(caplog):
    if connection.vendor != "sqlite":
        pytest.skip("about SQLite's log")
    made = some(30)
    sealed = [bytes(row.sealed) for row in Secret.objects.all()]
    with connections["shred"].cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 50")
    reader = sqlite3.connect(connections["shred"].settings_dict["NAME"], isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM vault_shred_secret").fetchone()

    assert shredstore.shred([each.id for each in made], now=NOW) == 30
    assert "could not be cut" in caplog.text
    assert any(_anywhere(raw) for raw in sealed)
    reader.execute("COMMIT")
    reader.close()

    shredstore.shred([], now=NOW)
    assert not any(_anywhere(raw) for raw in sealed)
    with connections["shred"].cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 20000")


@both
def test_secrets_of_several_rows_are_one_write_or_none():
    before = Secret.objects.count()
    with CaptureQueriesContext(connections[shredstore.STORE]) as asked, shredstore.one_write():
        made = [shredstore.new_secret(record=name, group_id=G, now=NOW) for name in ("a", "b", "c")]
        assert len(asked) == 0
    assert sum("INSERT" in query["sql"] for query in asked) == 1
    assert shredstore.secrets([each.id for each in made]) == {each.id: each.value for each in made}

    with pytest.raises(RuntimeError), shredstore.one_write():
        shredstore.new_secrets(2, record="a", group_id=G, now=NOW)
        raise RuntimeError
    assert Secret.objects.count() == before + 3
