"""Emergency plans with numbers somebody checked."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circlekeeper.areas.meetings.tests.conftest import as_host, as_member, at
from circlekeeper.areas.meetings.tests.factories import STARTS, circle
from circlekeeper.areas.venues import queries, rules
from circlekeeper.areas.venues.models import Plan
from circlekeeper.areas.venues.tests.test_places import placed

__all__ = ["as_host", "as_member", "at"]
pytestmark = pytest.mark.django_db(databases=["default", "shred"])
TYPED = {
    "where": "",
    "country": "at",
    "steps": "Stay with them.\nRing.",
    "numbers": "Ambulance, 144\nWomen at risk, 0800 222 555",
    "verified_on": "2026-11-20",
}


def test_fmt4_a_plan_is_written_checked_printed_and_read_by_members_elsewhere(as_host, as_member):
    found = circle("Wren")
    host, plans = as_host(found.leader), f"/groups/{found.id}/plans/"
    assert "No plan is written" in host.get(plans).content.decode()
    wrong = host.post(plans + "new/", TYPED | {"numbers": "Ambulance 144"})
    assert wrong.status_code == 422
    assert "Line 1: write who answers" in wrong.content.decode()
    assert host.post(plans + "new/", TYPED | {"verified_on": "2027-01-01"}).status_code == 422

    made = host.post(plans + "new/", TYPED)
    shown = host.get(made.url).content.decode()
    for words in ("Whoever joins from AT", "Stay with them.", 'href="tel:0800222555"', "20 November 2026"):
        assert words in shown
    assert host.post(plans + "new/", TYPED).status_code == 422, "one plan for a country"
    mine = as_member(found, "Wren")
    assert "Read the plan" in mine.get("/me/").content.decode()
    assert "Women at risk" in mine.get("/me/plan/").content.decode()
    assert b"Women" not in bytes(Plan.objects.get().sealed)

    assert host.post(made.url + "change/", TYPED | {"steps": "Ring first."}).status_code == 302
    assert "Ring first." in host.get(made.url).content.decode()
    assert host.post(made.url, {"do": "drop"}).status_code == 302
    assert not Plan.objects.exists()


def test_fmt4_the_plan_of_a_place_is_read_when_the_place_may_be_known(as_host, as_member, at):
    found = placed("Wren")
    venue = queries.places(found.id)[0]
    cockpit = f"/groups/{found.id}/meetings/{found.meeting_id}/"
    host = as_host(found.leader)
    assert "There is no plan for this place." in host.get(cockpit).content.decode()
    host.post(f"/groups/{found.id}/plans/new/", TYPED | {"where": venue.id, "steps": "Out by the yard."})
    assert "Open the plan" in host.get(cockpit).content.decode()

    for before, known in ((73, False), (71, True)):
        at(STARTS - timedelta(hours=before))
        page = as_member(found, "Wren").get("/me/plan/").content.decode()
        assert ("Out by the yard." in page) is known


@given(
    st.lists(
        st.tuples(st.text("abc, é", min_size=1).map(str.strip).filter(bool), st.sampled_from(["112", "+49 30 1"]))
    )
)
def test_fmt4_numbers_are_read_as_they_were_written(pairs):
    text = "\n".join(f"{who}, {dial}" for who, dial in pairs)
    assert rules.number_lines(text) == tuple(pairs)
