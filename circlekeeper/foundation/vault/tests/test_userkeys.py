"""A person's keys open with their passphrase's key and with their kit, and with nothing else."""

import pytest

from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.guard import outside_action
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.vault import keylog, userkeys
from circlekeeper.foundation.vault.envelope import SealBroken
from circlekeeper.foundation.vault.models import PersonKey
from circlekeeper.foundation.vault.tests.conftest import KEK, NOW, person
from circlekeeper.foundation.vault.userkeys import NotAKit, RecoveryKit

pytestmark = pytest.mark.django_db(databases=["default", "shred"])


def made() -> tuple[str, RecoveryKit]:
    person_id = new_id()
    with outside_action("test data"):
        return person_id, userkeys.make_person_keys(person_id=person_id, kek=KEK, now=NOW)


def test_passphrase_and_kit_open_the_same_secret():
    person_id, kit = made()

    assert len(kit.words.split()) == 12
    assert userkeys.unlock_with_kek(person_id, KEK) == userkeys.unlock_with_kit(person_id, kit.words.upper())


def test_another_passphrase_or_someone_elses_kit_opens_nothing():
    person_id, _kit = made()
    _other, others_kit = made()

    with pytest.raises(SealBroken):
        userkeys.unlock_with_kek(person_id, bytes(32))
    with pytest.raises(SealBroken):
        userkeys.unlock_with_kit(person_id, others_kit.words)
    with pytest.raises(NotHere):
        userkeys.unlock_with_kek(new_id(), KEK)


def test_someone_elses_row_cannot_be_put_in_its_place():
    victim, thief = person(), person()
    stolen = PersonKey.objects.get(pk=thief).wrapped_by_password
    with outside_action("test data"):
        PersonKey.objects.filter(pk=victim).update(wrapped_by_password=stolen)

    with pytest.raises(SealBroken):
        userkeys.unlock_with_kek(victim, KEK)


def test_a_kit_counts_once_it_was_typed_back():
    person_id, kit = made()
    assert userkeys.kit_confirmed([person_id]) == {person_id: False}

    wrong = kit.words.rsplit(" ", 1)[0]
    with pytest.raises(NotAKit) as said:
        userkeys.confirm_kit(person_id=person_id, kit=wrong, now=NOW)
    assert str(said.value) == ""
    assert userkeys.kit_confirmed([person_id]) == {person_id: False}

    userkeys.confirm_kit(person_id=person_id, kit="  ".join(kit.words.split()), now=NOW)
    assert userkeys.kit_confirmed([person_id]) == {person_id: True}


def test_a_new_kit_ends_the_old_one_and_must_be_typed_back_again():
    person_id, old = made()
    userkeys.confirm_kit(person_id=person_id, kit=old.words, now=NOW)

    fresh = userkeys.new_kit(secret=userkeys.unlock_with_kek(person_id, KEK), now=NOW)

    assert userkeys.kit_confirmed([person_id]) == {person_id: False}
    with pytest.raises(SealBroken):
        userkeys.unlock_with_kit(person_id, old.words)
    assert userkeys.unlock_with_kit(person_id, fresh.words) == userkeys.unlock_with_kek(person_id, KEK)


def test_a_new_passphrase_keeps_the_keys_and_the_kit():
    person_id, kit = made()
    secret = userkeys.unlock_with_kek(person_id, KEK)

    userkeys.change_kek(secret=secret, kek=bytes([7]) * 32, now=NOW)

    assert userkeys.unlock_with_kek(person_id, bytes([7]) * 32) == secret
    assert userkeys.unlock_with_kit(person_id, kit.words) == secret
    with pytest.raises(SealBroken):
        userkeys.unlock_with_kek(person_id, KEK)


def test_the_stored_half_of_a_passphrase_does_not_open_the_keys():
    root = bytes([5]) * 32

    assert userkeys.verifier_from_root(root) != userkeys.kek_from_root(root)
    assert root not in (userkeys.verifier_from_root(root), userkeys.kek_from_root(root))


def test_a_public_key_that_was_swapped_in_the_database_is_refused():
    victim, thief = person(), person()
    assert len(userkeys.public_key(victim)) == 32
    swapped = PersonKey.objects.get(pk=thief)
    with outside_action("test data"):
        PersonKey.objects.filter(pk=victim).update(public=swapped.public, sign_public=swapped.sign_public)

    with pytest.raises(keylog.KeysChanged):
        userkeys.public_key(victim)


def test_four_words_tell_two_people_apart():
    one, other = person(), person()

    assert userkeys.fingerprint(one) == userkeys.fingerprint(one) != userkeys.fingerprint(other)
    assert len(userkeys.fingerprint(one).split()) == 4


def test_no_secret_stands_in_the_table_or_in_a_printed_object():
    person_id, kit = made()
    secret = userkeys.unlock_with_kek(person_id, KEK)
    row = PersonKey.objects.filter(pk=person_id).values().get()

    stored = b"".join(bytes(value) for value in row.values() if isinstance(value, bytes | memoryview))
    assert secret.value not in stored
    assert bytes(secret.signing) not in stored
    assert repr(secret.value) not in repr(secret)
    assert kit.words not in repr(kit)
