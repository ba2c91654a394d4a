"""Who holds a group's keys: given, checked, taken away, replaced; never down to nobody."""

from datetime import timedelta

import pytest
from nacl.public import PublicKey, SealedBox

from circlekeeper.foundation import ledger
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.guard import outside_action
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.ledger import queries as lines
from circlekeeper.foundation.vault import grants, groupkeys, keylog, shredstore, userkeys
from circlekeeper.foundation.vault.groupkeys import ALL, WHOLE, KeysMoved, LastHolder, Scope
from circlekeeper.foundation.vault.models import Grant, GroupKey, PersonKey
from circlekeeper.foundation.vault.ring import NoGrant
from circlekeeper.foundation.vault.tests.conftest import NOW, group, person, ring

pytestmark = pytest.mark.django_db(databases=["default", "shred"])

LATER = NOW + timedelta(days=3)


def give(by: str, group_id: str, to: str, scopes: frozenset[Scope] = ALL) -> None:
    groupkeys.grant(ring=ring(by), group_id=group_id, to=to, scopes=scopes, now=LATER)


def test_whoever_makes_a_group_holds_all_of_it():
    ada = person()
    group_id = group(ada)

    for scope in Scope:
        assert ring(ada).can(group_id, scope)
        assert ring(ada).scope_key(group_id, scope).public == groupkeys.public_key(group_id, scope)
    (holder,) = groupkeys.holders(group_id)
    assert (holder.person_id, holder.whole, holder.scopes, holder.since) == (ada, True, ALL, NOW)


def test_scopes_and_groups_have_keys_of_their_own():
    ada = person()
    one, other = group(ada), group(ada)

    found = {groupkeys.public_key(each, scope) for each in (one, other) for scope in Scope}
    assert len(found) == 2 * len(Scope)


def test_someone_outside_opens_nothing():
    group_id, bob = group(person()), person()

    assert not ring(bob).can(group_id, Scope.DOOR)
    with pytest.raises(NoGrant):
        ring(bob).scope_key(group_id, Scope.DOOR)
    with pytest.raises(NoGrant):
        ring(bob).group_secret(group_id)
    with pytest.raises(NotHere):
        groupkeys.public_key(new_id(), Scope.DOOR)


def test_a_part_that_was_given_opens_and_can_be_passed_on_and_no_more():
    ada, bob, cleo = person(), person(), person()
    group_id = group(ada)
    give(ada, group_id, bob, frozenset({Scope.DOOR, Scope.EMERGENCY}))

    assert ring(bob).scope_key(group_id, Scope.DOOR) == ring(ada).scope_key(group_id, Scope.DOOR)
    assert not ring(bob).can(group_id, Scope.ROSTER)
    with pytest.raises(NoGrant):
        give(bob, group_id, cleo, frozenset({Scope.ROSTER}))
    with pytest.raises(NoGrant):
        give(bob, group_id, cleo)

    give(bob, group_id, cleo, frozenset({Scope.DOOR}))
    assert ring(cleo).can(group_id, Scope.DOOR)
    assert {each.person_id: each.scopes for each in groupkeys.holders(group_id)} == {
        ada: ALL,
        bob: {Scope.DOOR, Scope.EMERGENCY},
        cleo: {Scope.DOOR},
    }


def test_giving_twice_changes_nothing_and_a_part_can_become_the_whole():
    ada, bob = person(), person()
    group_id = group(ada)
    give(ada, group_id, bob, frozenset({Scope.DOOR}))
    give(ada, group_id, bob, frozenset({Scope.DOOR}))
    assert Grant.objects.filter(person_id=bob).count() == 1

    give(ada, group_id, bob)

    assert ring(bob).group_secret(group_id) == ring(ada).group_secret(group_id)
    assert [each.whole for each in groupkeys.holders(group_id)] == [True, True]


def test_every_gift_stands_in_the_log():
    ada, bob = person(), person()
    group_id = group(ada)
    give(ada, group_id, bob)
    groupkeys.revoke(by=ada, group_id=group_id, person_id=bob, now=LATER)

    assert [(line.by, line.verb) for line in lines.entries_about(bob)] == [
        (ada, "vault.group.revoke"),
        (ada, "vault.group.grant"),
    ]


def test_nothing_is_sealed_to_a_key_that_was_swapped():
    ada, bob, thief = person(), person(), person()
    group_id = group(ada)
    swapped = PersonKey.objects.get(pk=thief)
    with outside_action("test data"):
        PersonKey.objects.filter(pk=bob).update(public=swapped.public)

    with pytest.raises(keylog.KeysChanged):
        give(ada, group_id, bob)
    assert not Grant.objects.filter(person_id=bob).exists()


def test_group_keys_that_were_swapped_are_refused_by_writers_and_readers():
    ada = person()
    group_id = group(ada)
    fake = {scope.value: bytes(32).hex() for scope in Scope}
    with outside_action("test data"):
        GroupKey.objects.filter(group_id=group_id).update(publics=fake)

    with pytest.raises(keylog.KeysChanged):
        groupkeys.public_key(group_id, Scope.DOOR)
    with pytest.raises(keylog.KeysChanged):
        ring(ada).scope_key(group_id, Scope.DOOR)


def forged(group_id: str, victim: str, secret: bytes, **values: object) -> Grant:
    """A row as someone who can write to the database would make it."""
    sealed = SealedBox(PublicKey(userkeys.public_key(victim))).encrypt(secret)
    fields = {"scope": WHOLE, "granted_by": victim, "granter_keys": b"", "signature": b"", "version": 1, **values}
    return Grant(group_id=group_id, person_id=victim, sealed=sealed, granted_at=NOW, **fields)


def test_a_forged_founding_grant_is_as_if_it_were_not_there():
    ada, bob = person(), person()
    group_id = group(ada)
    with outside_action("test data"):
        forged(group_id, bob, bytes(32)).save(force_insert=True)

    with pytest.raises(NoGrant):
        ring(bob).scope_key(group_id, Scope.DOOR)


def test_a_grant_signed_by_someone_else_or_with_unknown_keys_does_not_count():
    ada, bob, cleo, thief = person(), person(), person(), person()
    group_id = group(ada)
    door = ring(ada).scope_secret(group_id, Scope.DOOR)
    give(ada, group_id, bob, frozenset({Scope.DOOR}))
    real = Grant.objects.get(person_id=bob)
    copy = {"scope": "door", "granted_by": ada, "granter_keys": bytes(real.granter_keys)}
    with outside_action("test data"):
        # Ada's signature for Bob does not cover Cleo; the thief's keys are not Ada's, whatever the row says.
        forged(group_id, cleo, door, **copy, signature=bytes(real.signature)).save(force_insert=True)
        row = forged(group_id, thief, door, **copy)
        row.granter_keys = ring(thief).publics
        row.signature = ring(thief).sign(grants._message(group_id, thief, "door", 1, bytes(row.sealed)))
        row.save(force_insert=True)

    assert ring(bob).can(group_id, Scope.DOOR)
    assert not ring(cleo).can(group_id, Scope.DOOR)
    assert not ring(thief).can(group_id, Scope.DOOR)


def test_a_grant_of_another_secret_does_not_count_even_if_well_signed():
    ada, bob = person(), person()
    group_id, other = group(ada), group(bob)
    secret = ring(bob).group_secret(other)
    row = forged(group_id, ada, secret, scope="door", granted_by=bob, granter_keys=ring(bob).publics)
    row.signature = ring(bob).sign(grants._message(group_id, ada, "door", 1, bytes(row.sealed)))
    with outside_action("test data"):
        Grant.objects.filter(scope="door").delete()
        row.save(force_insert=True)

    expected = grants.scope_secret(ring(ada).group_secret(group_id), Scope.DOOR)
    assert ring(ada).scope_secret(group_id, Scope.DOOR) == expected


def test_grants_outlive_their_granters_keys():
    ada, bob = person(), person()
    group_id = group(ada)
    give(ada, group_id, bob)
    with outside_action("test data"):
        PersonKey.objects.filter(pk=ada).delete()

    assert ring(bob).can(group_id, Scope.ROSTER)


def test_off_whoever_is_revoked_opens_nothing_from_the_next_request_on():
    ada, bob = person(), person()
    group_id = group(ada)
    give(ada, group_id, bob)
    give(ada, group_id, bob, frozenset({Scope.DOOR}))

    groupkeys.revoke(by=ada, group_id=group_id, person_id=bob, now=LATER)

    assert not ring(bob).can(group_id, Scope.DOOR)
    assert [each.person_id for each in groupkeys.holders(group_id)] == [ada]
    assert [stone.ref for stone in shredstore.tombstones("grant")] == [f"{group_id}:{bob}"]


def test_the_last_holder_of_the_whole_key_stays_even_if_others_hold_parts():
    ada, bob = person(), person()
    group_id = group(ada)
    give(ada, group_id, bob, ALL - {Scope.ROSTER})

    with pytest.raises(LastHolder) as said:
        groupkeys.revoke(by=bob, group_id=group_id, person_id=ada, now=LATER)

    assert "only person" in said.value.sentence
    assert ring(ada).can(group_id, Scope.ROSTER)
    assert shredstore.tombstones("grant") == []


def test_a_new_leader_takes_over_and_the_old_one_goes():
    ada, bob = person(), person()
    group_id = group(ada)
    give(ada, group_id, bob)

    groupkeys.revoke(by=bob, group_id=group_id, person_id=ada, now=LATER)

    with pytest.raises(LastHolder):
        groupkeys.revoke(by=bob, group_id=group_id, person_id=bob, now=LATER)


def test_a_restored_backup_does_not_bring_a_revoked_person_back():
    ada, bob = person(), person()
    group_id = group(ada)
    give(ada, group_id, bob)
    backup = list(Grant.objects.filter(group_id=group_id).values())
    groupkeys.revoke(by=ada, group_id=group_id, person_id=bob, now=LATER)
    with outside_action("test data"):
        Grant.objects.filter(group_id=group_id, person_id=bob).delete()
        Grant.objects.bulk_create(Grant(**row) for row in backup if row["person_id"] == bob)
    assert ring(bob).can(group_id, Scope.ROSTER)

    done = groupkeys.reconcile(by="system", now=LATER)

    assert (done.revoked, done.stuck) == (1, ())
    assert not ring(bob).can(group_id, Scope.ROSTER)
    assert groupkeys.reconcile(by="system", now=LATER).revoked == 0


def test_a_restore_names_groups_whose_only_holder_had_been_revoked():
    ada = person()
    group_id = group(ada)
    shredstore.remember("grant", f"{group_id}:{ada}", now=LATER)

    done = groupkeys.reconcile(by="system", now=LATER)

    assert (done.revoked, done.stuck) == (0, (group_id,))


def test_someone_given_keys_again_after_a_revocation_keeps_them():
    ada, bob = person(), person()
    group_id = group(ada)
    shredstore.remember("grant", f"{group_id}:{bob}", now=NOW)
    give(ada, group_id, bob)

    assert groupkeys.reconcile(by="system", now=LATER).revoked == 0
    assert ring(bob).can(group_id, Scope.DOOR)


def test_the_log_stays_whole_through_all_of_it():
    ada, bob = person(), person()
    group_id = group(ada)
    give(ada, group_id, bob)
    groupkeys.rotate(ring=ring(ada), group_id=group_id, now=LATER)
    groupkeys.revoke(by=ada, group_id=group_id, person_id=bob, now=LATER)

    assert ledger.verify().ok


def test_a_ring_from_before_a_rotation_gives_nothing():
    ada, bob = person(), person()
    group_id = group(ada)
    old = ring(ada)
    assert old.can(group_id, Scope.DOOR)
    groupkeys.rotate(ring=ring(ada), group_id=group_id, now=LATER)

    with pytest.raises(KeysMoved):
        groupkeys.grant(ring=old, group_id=group_id, to=bob, scopes=ALL, now=LATER)
    with pytest.raises(KeysMoved):
        groupkeys.rotate(ring=old, group_id=group_id, now=LATER)
