"""A record opens for the group with its scope's key and for its holder with theirs, and for neither without its secret."""

import secrets
from dataclasses import replace

import nacl.public
import pytest
from hypothesis import given
from hypothesis import strategies as st

from circlekeeper.foundation.vault import records
from circlekeeper.foundation.vault.envelope import Place, SealBroken
from circlekeeper.foundation.vault.records import ScopeKey, Wrapped

PLACE = Place("roster_compartment", "m1", "contact", "g1")
OTHERS = [
    replace(PLACE, table="x"),
    replace(PLACE, row="x"),
    replace(PLACE, field="x"),
    replace(PLACE, group="x"),
    replace(PLACE, version=2),
]
FIELDS = {"address": "wren@example.org", "says": "yes"}
SECRET, OTHER_SECRET, HOLDER = bytes([1]) * 32, bytes([2]) * 32, bytes([3]) * 16


def scope_key(version: int = 1, *older: ScopeKey) -> ScopeKey:
    return ScopeKey("g1", "roster", version, secrets.token_bytes(32), older)


KEY, STRANGER = scope_key(), scope_key()


def sealed(key: ScopeKey = KEY) -> records.SealedRecord:
    return records.seal_for_group(FIELDS, public=key.public, secret=SECRET, place=PLACE, holder=HOLDER)


def opened(record, wrap=None, *, key=KEY, secret=SECRET, place=PLACE):
    return records.open_for_group(record.blob, wrap or record.wrap, key=key, secret=secret, place=place)


@given(fields=st.dictionaries(st.text(max_size=8), st.text(max_size=30), max_size=5))
def test_what_an_anonymous_writer_seals_the_group_and_the_holder_open(fields):
    made = records.seal_for_group(fields, public=KEY.public, secret=SECRET, place=PLACE, holder=HOLDER)

    settled = records.settle(made.wrap, key=KEY, secret=SECRET, place=PLACE)

    assert opened(made) == opened(made, settled) == fields
    own = records.open_for_holder(made.blob, made.holder_wrap, holder=HOLDER, secret=SECRET, place=PLACE)
    assert own == fields


def test_without_a_member_key_there_is_no_wrap_for_a_holder():
    made = records.seal_for_group(FIELDS, public=KEY.public, secret=SECRET, place=PLACE)

    assert made.holder_wrap == b""


def test_dat6_without_its_secret_nothing_opens_even_with_every_key():
    made = sealed()
    settled = records.settle(made.wrap, key=KEY, secret=SECRET, place=PLACE)

    for wrap in (made.wrap, settled):
        with pytest.raises(SealBroken):
            opened(made, wrap, secret=OTHER_SECRET)
    with pytest.raises(SealBroken):
        records.open_for_holder(made.blob, made.holder_wrap, holder=HOLDER, secret=OTHER_SECRET, place=PLACE)
    with pytest.raises(SealBroken):
        records.settle(made.wrap, key=KEY, secret=OTHER_SECRET, place=PLACE)


def test_dat6_an_opened_box_alone_is_still_sealed_under_the_secret():
    """Even a thief with the scope's private key and the whole main database finds ciphertext inside the box."""
    made = sealed()
    inner = nacl.public.SealedBox(KEY.private).decrypt(made.wrap[9:])

    assert inner[:1] == b"\x01"  # an envelope, not a data key
    assert len(inner) > 33


def test_another_groups_key_or_another_members_key_opens_nothing():
    made = sealed()
    settled = records.settle(made.wrap, key=KEY, secret=SECRET, place=PLACE)

    for wrap in (made.wrap, settled):
        with pytest.raises(SealBroken):
            opened(made, wrap, key=STRANGER)
    with pytest.raises(SealBroken):
        records.open_for_holder(made.blob, made.holder_wrap, holder=bytes(16), secret=SECRET, place=PLACE)


@pytest.mark.parametrize("elsewhere", OTHERS, ids=str)
def test_dat1_nothing_of_a_record_opens_in_another_place(elsewhere):
    made = sealed()
    settled = records.settle(made.wrap, key=KEY, secret=SECRET, place=PLACE)

    for wrap in (made.wrap, settled):
        with pytest.raises(SealBroken):
            opened(made, wrap, place=elsewhere)
    with pytest.raises(SealBroken):
        records.open_for_holder(made.blob, made.holder_wrap, holder=HOLDER, secret=SECRET, place=elsewhere)
    with pytest.raises(SealBroken):
        records.settle(made.wrap, key=KEY, secret=SECRET, place=elsewhere)


def test_a_wrap_cannot_be_used_for_another_record_of_the_same_member():
    """Two parts of one member share a secret; their wraps must not be interchangeable."""
    contact = sealed()
    alias_place = PLACE.with_field("alias")
    alias = records.seal_for_group({"alias": "Wren"}, public=KEY.public, secret=SECRET, place=alias_place)

    with pytest.raises(SealBroken):
        records.open_for_group(alias.blob, contact.wrap, key=KEY, secret=SECRET, place=alias_place)
    with pytest.raises(SealBroken):
        opened(contact, alias.wrap)


@pytest.mark.parametrize("settle", [False, True])
def test_one_changed_byte_anywhere_breaks_a_wrap(settle):
    made = sealed()
    wrap = records.settle(made.wrap, key=KEY, secret=SECRET, place=PLACE) if settle else made.wrap
    for at in range(len(wrap)):
        changed = bytearray(wrap)
        changed[at] ^= 0x20
        with pytest.raises(SealBroken):
            opened(made, bytes(changed))
    for length in range(1, len(wrap), 7):
        with pytest.raises(SealBroken):
            opened(made, wrap[:length])
    with pytest.raises(SealBroken):
        records.open_for_group(made.blob, b"", key=KEY, secret=SECRET, place=PLACE)


def test_a_correction_by_either_side_is_read_by_both():
    made = sealed()
    by_holder = records.reseal_for_holder(
        {"address": "new"}, made.holder_wrap, holder=HOLDER, secret=SECRET, place=PLACE
    )
    assert opened(replace(made, blob=by_holder)) == {"address": "new"}

    by_group = records.reseal_for_group({"address": "newer"}, made.wrap, key=KEY, secret=SECRET, place=PLACE)
    own = records.open_for_holder(by_group, made.holder_wrap, holder=HOLDER, secret=SECRET, place=PLACE)
    assert own == {"address": "newer"}


def test_a_member_key_made_later_opens_the_record_and_the_lost_one_does_not():
    made = sealed()
    fresh = bytes([9]) * 16
    wrap = records.add_holder(made.wrap, key=KEY, secret=SECRET, place=PLACE, holder=fresh)

    assert records.open_for_holder(made.blob, wrap, holder=fresh, secret=SECRET, place=PLACE) == FIELDS
    with pytest.raises(SealBroken):
        records.open_for_holder(made.blob, wrap, holder=HOLDER, secret=SECRET, place=PLACE)


def test_after_a_rotation_old_wraps_open_until_they_are_wrapped_anew():
    first = scope_key(1)
    boxed = sealed(first)
    settled = records.settle(boxed.wrap, key=first, secret=SECRET, place=PLACE)
    now = scope_key(2, first)

    assert opened(boxed, key=now) == opened(boxed, settled, key=now) == FIELDS

    rows = [Wrapped("boxed", boxed.wrap, SECRET, PLACE), Wrapped("settled", settled, SECRET, PLACE)]
    fresh = records.rewrap(rows, key=now)

    assert set(fresh) == {"boxed", "settled"}
    only_new = replace(now, older=())
    for wrap in fresh.values():
        assert opened(boxed, wrap, key=only_new) == FIELDS
        with pytest.raises(SealBroken):
            opened(boxed, wrap, key=first)
    again = [Wrapped(each, wrap, SECRET, PLACE) for each, wrap in fresh.items()]
    assert records.rewrap(again, key=now) == {}


def test_a_wrap_is_bound_to_the_version_of_the_key():
    settled = records.settle(sealed().wrap, key=KEY, secret=SECRET, place=PLACE)

    with pytest.raises(SealBroken):
        opened(sealed(), settled, key=replace(KEY, version=2))


def test_keys_do_not_show_where_an_object_is_printed():
    assert repr(KEY.value) not in repr(scope_key(2, KEY))
    assert repr(SECRET) not in repr(Wrapped("1", b"", SECRET, PLACE))
