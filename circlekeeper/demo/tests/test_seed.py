"""What a visitor of the demo types, and who is in it."""

import pytest
from allauth.mfa.totp.internal import auth as totp

from circlekeeper.demo import cast, seed, sheet
from circlekeeper.demo.child import Shown
from circlekeeper.foundation.accounts.passphrase import PassphraseValidator
from circlekeeper.foundation.vault import memberkeys


def test_the_same_seed_gives_the_same_words_and_each_person_others():
    handles = [part.handle for part in cast.PARTS]
    assert [seed.passphrase(each) for each in handles] == [seed.passphrase(each) for each in handles]
    assert len({seed.passphrase(each) for each in handles}) == len(handles)
    assert len({seed.app_secret(each) for each in handles}) == len(handles)


@pytest.mark.django_db
@pytest.mark.parametrize("part", cast.PARTS, ids=lambda part: part.handle)
def test_tec10_passphrases_of_the_demo_would_be_accepted(part):
    PassphraseValidator(words=["Circlekeeper", part.handle]).validate(seed.passphrase(part.handle))


@pytest.mark.parametrize("moment", [59, 1111111109, 20000000000])
def test_the_printed_code_is_the_one_an_app_shows(moment):
    shown = totp.format_hotp_value(totp.hotp_value(seed.app_secret("rowan"), moment // 30))
    assert seed.app_code("rowan", moment) == shown


def test_printed_member_keys_are_member_keys():
    assert [len(memberkeys.parse_member_key(seed.member_key(each.alias))) for each in cast.MEMBERS] == [16] * 3


def test_the_sheet_names_everyone_and_no_address_of_a_group_that_has_none():
    groups = [Shown("a" * 26, each.group, "low", "open") for each in cast.MEMBERS]
    said = sheet.whole([*groups, Shown("z" * 26, "Not yet", "high", "draft")], address="A", folder="F", fresh=True)
    for part in cast.PARTS:
        assert f"{part.handle}  " in said
        assert seed.passphrase(part.handle) in said
    assert f"A/g/{'a' * 26}/" in said
    assert "z" * 26 not in said
