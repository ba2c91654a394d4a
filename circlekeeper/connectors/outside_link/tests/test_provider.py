"""The contract every provider keeps, kept by the attested outside link."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circlekeeper.areas.meetings import provider
from circlekeeper.areas.meetings.provider import Evidence
from circlekeeper.areas.meetings.tests.contract import Contract, Rig
from circlekeeper.areas.safeguards.evidence import EVIDENCE_WORDS
from circlekeeper.connectors.outside_link.provider import OutsideLink
from circlekeeper.foundation.errors import Refused

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
LINK = "https://meet.example.org/room"
SESSION = provider.Session("01meeting", "velvet-77", NOW, NOW + timedelta(hours=1), address=LINK)
WEAK = (Evidence.SERVED_CONFIG, Evidence.WRITTEN_UNVERIFIED, Evidence.ATTESTED, Evidence.IMPOSSIBLE)


@pytest.fixture
def way() -> provider.Provider:
    return OutsideLink()


class TestContract(Contract):
    @pytest.fixture
    def rig(self, way):
        return Rig(way, SESSION, same_link_for_all=True)


def test_kit8_it_never_claims_that_something_holds_which_nobody_looked_at(way):
    """What cannot be read back is unknown, and no weak kind of word is ever called verified."""
    assert way.verify(SESSION, now=NOW)
    assert not any(each.holds for each in way.verify(SESSION, now=NOW))
    assert not any(each.holds for each in way.purge(SESSION, now=NOW))
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
        timedelta(hours=1),
    )
    assert not same.holds


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
        way.check_address(address)
    assert refusal.value.field == "address"


@given(st.text(max_size=60))
def test_no_text_whatever_makes_it_fall_over(text):
    try:
        OutsideLink().check_address(text)
    except Refused:
        return
    assert text.strip().lower().startswith("https://")
