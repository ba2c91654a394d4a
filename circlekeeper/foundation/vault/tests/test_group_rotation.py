"""A group's keys are replaced: everyone who stays goes on, whoever left is shut out, and no record is lost on the way."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from circlekeeper.foundation.guard import outside_action
from circlekeeper.foundation.vault import groupkeys, lastholder, records, shredstore
from circlekeeper.foundation.vault.envelope import Place, SealBroken
from circlekeeper.foundation.vault.groupkeys import ALL, Scope
from circlekeeper.foundation.vault.models import Grant, GroupKey
from circlekeeper.foundation.vault.records import Wrapped
from circlekeeper.foundation.vault.ring import NoGrant
from circlekeeper.foundation.vault.tests.conftest import NOW, group, person, ring

pytestmark = pytest.mark.django_db(databases=["default", "shred"])

LATER = NOW + timedelta(days=3)


def give(by: str, group_id: str, to: str, scopes: frozenset[Scope] = ALL) -> None:
    groupkeys.grant(ring=ring(by), group_id=group_id, to=to, scopes=scopes, now=LATER)


def record(group_id: str, row: str = "m1") -> tuple[records.SealedRecord, bytes, Place]:
    place = Place("roster_compartment", row, "contact", group_id)
    secret = shredstore.new_secret(record="roster", group_id=group_id, now=NOW).value
    public = groupkeys.public_key(group_id, Scope.ROSTER)
    return records.seal_for_group({"alias": row}, public=public, secret=secret, place=place), secret, place


def read(who: str, group_id: str, made: tuple[records.SealedRecord, bytes, Place], wrap: bytes = b"") -> str:
    sealed, secret, place = made
    key = ring(who).scope_key(group_id, Scope.ROSTER)
    opened = records.open_for_group(sealed.blob, wrap or sealed.wrap, key=key, secret=secret, place=place)
    return str(opened["alias"])


def test_everyone_keeps_what_they_had_and_reads_old_and_new():
    ada, bob, cleo = person(), person(), person()
    group_id = group(ada)
    give(ada, group_id, bob)
    give(ada, group_id, cleo, frozenset({Scope.ROSTER}))
    before = groupkeys.holders(group_id)
    public, secret = groupkeys.public_key(group_id, Scope.ROSTER), ring(ada).group_secret(group_id)
    old = record(group_id)

    assert groupkeys.rotate(ring=ring(ada), group_id=group_id, now=LATER + timedelta(days=9)) == 2

    assert groupkeys.holders(group_id) == before
    assert set(Grant.objects.filter(revoked_at=None).values_list("version", flat=True)) == {2}
    assert groupkeys.public_key(group_id, Scope.ROSTER) != public
    assert ring(ada).group_secret(group_id) == ring(bob).group_secret(group_id) != secret
    new = record(group_id, "m2")
    for who in (ada, bob, cleo):
        assert (read(who, group_id, old), read(who, group_id, new)) == ("m1", "m2")
    assert not ring(cleo).can(group_id, Scope.DOOR)


def test_records_survive_many_rotations_without_being_wrapped_anew():
    ada = person()
    group_id = group(ada)
    made = []
    for number in range(4):
        made.append(record(group_id, f"m{number}"))
        groupkeys.rotate(ring=ring(ada), group_id=group_id, now=LATER)

    assert [read(ada, group_id, each) for each in made] == ["m0", "m1", "m2", "m3"]
    assert [key.version for key in ring(ada).scope_key(group_id, Scope.ROSTER).older] == [4, 3, 2, 1]


def test_whoever_left_with_a_copy_of_the_old_secret_opens_nothing_once_wraps_are_new():
    ada, bob = person(), person()
    group_id = group(ada)
    give(ada, group_id, bob)
    taken = ring(bob).scope_key(group_id, Scope.ROSTER)
    sealed, secret, place = made = record(group_id)
    assert not groupkeys.rotation_due(group_id)
    groupkeys.revoke(by=ada, group_id=group_id, person_id=bob, now=LATER)
    assert groupkeys.rotation_due(group_id)

    groupkeys.rotate(ring=ring(ada), group_id=group_id, now=LATER)
    key = ring(ada).scope_key(group_id, Scope.ROSTER)
    wraps = records.rewrap([Wrapped("m1", sealed.wrap, secret, place)], key=key)

    assert not groupkeys.rotation_due(group_id)
    assert read(ada, group_id, made, wraps["m1"]) == "m1"
    with pytest.raises(SealBroken):
        records.open_for_group(sealed.blob, wraps["m1"], key=taken, secret=secret, place=place)
    with pytest.raises(NoGrant):
        ring(bob).scope_key(group_id, Scope.ROSTER)
    newest = GroupKey.objects.get(group_id=group_id, version=2)
    with pytest.raises(SealBroken):
        groupkeys.older_secret(newest, Scope.ROSTER, taken.value)


def test_someone_given_keys_after_a_rotation_reads_what_was_written_before_it():
    ada, bob = person(), person()
    group_id = group(ada)
    made = record(group_id)
    groupkeys.rotate(ring=ring(ada), group_id=group_id, now=LATER)
    give(ada, group_id, bob, frozenset({Scope.ROSTER}))

    assert read(bob, group_id, made) == "m1"


def test_a_rewrap_cut_off_in_the_middle_loses_nothing_and_goes_on():
    ada = person()
    group_id = group(ada)
    made = {f"m{number}": record(group_id, f"m{number}") for number in range(6)}
    groupkeys.rotate(ring=ring(ada), group_id=group_id, now=LATER)
    key = ring(ada).scope_key(group_id, Scope.ROSTER)
    rows = [Wrapped(row, sealed.wrap, secret, place) for row, (sealed, secret, place) in made.items()]
    half = records.rewrap(rows[:3], key=key)

    for row, each in made.items():
        assert read(ada, group_id, each, half.get(row, b"")) == row
    merged = [Wrapped(row.id, half.get(row.id, row.wrap), row.secret, row.place) for row in rows]
    assert set(records.rewrap(merged, key=key)) == {"m3", "m4", "m5"}


class _Crash(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("at", range(5))
def test_a_rotation_that_ends_anywhere_leaves_the_old_keys_or_the_new_ones(monkeypatch, at):
    ada, bob = person(), person()
    group_id = group(ada)
    give(ada, group_id, bob)
    made = record(group_id)
    steps = 0

    def counted(execute, sql, params, many, context):
        nonlocal steps
        if sql.lstrip()[:6].upper() in ("INSERT", "UPDATE"):
            steps += 1
            if steps > at:
                raise _Crash
        return execute(sql, params, many, context)

    with pytest.raises(_Crash), connection.execute_wrapper(counted):
        groupkeys.rotate(ring=ring(ada), group_id=group_id, now=LATER)

    assert groupkeys.current_version(group_id) == 1
    assert read(bob, group_id, made) == "m1"
    assert groupkeys.rotate(ring=ring(ada), group_id=group_id, now=LATER) == 2
    assert read(bob, group_id, made) == "m1"


def test_only_a_holder_of_the_whole_key_replaces_it():
    ada, bob = person(), person()
    group_id = group(ada)
    give(ada, group_id, bob, frozenset({Scope.ROSTER}))

    with pytest.raises(NoGrant):
        groupkeys.rotate(ring=ring(bob), group_id=group_id, now=LATER)
    assert groupkeys.current_version(group_id) == 1


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE vault_grant SET revoked_at = '2026-11-23 19:00:00+00:00' WHERE group_id = %s",
        "DELETE FROM vault_grant WHERE group_id = %s",
        "UPDATE vault_grant SET scope = 'door' WHERE group_id = %s",
        "UPDATE vault_grant SET version = 9 WHERE group_id = %s",
        "UPDATE vault_grant SET group_id = 'x' WHERE group_id = %s",
    ],
)
def test_the_database_itself_keeps_one_whole_holder(sql):
    ada, bob = person(), person()
    group_id = group(ada)
    give(ada, group_id, bob)

    with outside_action("test data"), pytest.raises(IntegrityError), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(sql, [group_id])

    assert len(groupkeys.holders(group_id)) == 2
    assert ring(bob).can(group_id, Scope.ROSTER)


def test_the_database_itself_does_not_let_a_revoked_grant_come_back():
    ada, bob = person(), person()
    group_id = group(ada)
    give(ada, group_id, bob)
    groupkeys.revoke(by=ada, group_id=group_id, person_id=bob, now=LATER)

    with outside_action("test data"), pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.filter(group_id=group_id, person_id=bob).update(revoked_at=None)


def test_a_group_that_is_destroyed_with_its_public_keys_leaves_no_grant():
    group_id = group(person())

    with outside_action("test data"):
        GroupKey.objects.filter(group_id=group_id).delete()
        assert Grant.objects.filter(group_id=group_id).delete()[0] == 1


def test_the_triggers_can_be_taken_down_and_put_up_again():
    group_id = group(person())
    with outside_action("test data"), transaction.atomic(), connection.cursor() as cursor:
        for statement in [*lastholder.drop(connection.vendor), *lastholder.create(connection.vendor)]:
            cursor.execute(statement)

    with outside_action("test data"), pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.filter(group_id=group_id).delete()
