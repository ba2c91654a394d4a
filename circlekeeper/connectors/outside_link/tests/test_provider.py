"""The contract every provider keeps, kept by the attested outside link."""

import inspect
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circlekeeper.areas.meetings import provider
from circlekeeper.areas.meetings.provider import Evidence
from circlekeeper.areas.safeguards.evidence import EVIDENCE_WORDS
from circlekeeper.connectors.outside_link.provider import OutsideLink
from circlekeeper.foundation import playbook
from circlekeeper.foundation.errors import Refused

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
WHERE: dict[str, Any] = {"meeting_id": "m", "address": "https://meet.example.org/room", "now": NOW}
WEAK = (Evidence.SERVED_CONFIG, Evidence.WRITTEN_UNVERIFIED, Evidence.ATTESTED, Evidence.IMPOSSIBLE)


@pytest.fixture
def way() -> provider.Provider:
    return OutsideLink()


def test_it_has_everything_a_provider_has(way):
    for name, wanted in inspect.getmembers(provider.Provider, inspect.isfunction):
        if not name.startswith("_"):
            assert inspect.signature(getattr(way, name)).parameters.keys() == {
                each for each in inspect.signature(wanted).parameters if each != "self"
            }, name
    assert way.name
    assert way.title
    assert way.sees


def test_tec2_every_capability_names_a_control_of_the_playbook_once_and_a_kind_of_word(way):
    controls = [each.control for each in way.capabilities()]

    assert set(controls) <= playbook.book().controls.keys()
    assert len(controls) == len(set(controls))
    assert all(each.evidence in EVIDENCE_WORDS and each.words for each in way.capabilities())


def test_tec3_tec7_what_it_proves_is_never_better_than_what_it_says_it_can(way):
    can = {each.control: each.evidence for each in way.capabilities()}
    order = list(Evidence)
    for proof in way.verify(**WHERE):
        assert order.index(proof.evidence) >= order.index(can[proof.control])
        assert proof.checked_at == NOW
        assert proof.lasts.total_seconds() > 0


def test_kit8_it_never_claims_that_something_holds_which_nobody_looked_at(way):
    """What cannot be read back is unknown, and no weak kind of word is ever called verified."""
    assert way.verify(**WHERE)
    assert not any(each.holds for each in way.verify(**WHERE))
    assert not any(each.holds for each in way.purge(**WHERE))
    for evidence in WEAK:
        assert "verified" not in str(EVIDENCE_WORDS[evidence]).lower()


def test_an_impossible_proof_never_holds():
    same = provider.Proof(
        "recording-off",
        Evidence.IMPOSSIBLE,
        "off",
        "off",
        provider.ScopeOfProof.MEETING,
        NOW,
        OutsideLink().verify(**WHERE)[0].lasts,
    )
    assert not same.holds


def test_applying_and_ending_take_any_good_address_twice(way):
    for _ in range(2):
        way.apply(**WHERE)
        way.end(**WHERE)
    assert way.mint_link(**WHERE) == WHERE["address"]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "meet.example.org/room",
        "http://meet.example.org/room",
        "ftp://meet.example.org",
        "https://",
        "https://localhost/room",
        "https://ada:secret@meet.example.org/room",
        "https://meet.example.org@evil.example/",
        "https://meet.example.org/ro om",
        "https://meet.example.org/\u202eroom",
        "https://meet.example.org:port/room",
        "https://[::1/room",
        "javascript:alert(1)",
        "https:meet.example.org",
    ],
)
def test_an_address_it_cannot_use_is_refused_beside_its_field(way, address):
    with pytest.raises(Refused) as refusal:
        way.apply(meeting_id="", address=address, now=NOW)
    assert refusal.value.field == "address"


@given(st.text(max_size=60))
def test_no_text_whatever_makes_it_fall_over(text):
    try:
        OutsideLink().apply(meeting_id="", address=text, now=NOW)
    except Refused:
        return
    assert text.strip().lower().startswith("https://")
