"""The checklist turns red when the numbers of a group's own plan are old."""

from datetime import date, timedelta

import pytest

from circlekeeper.areas.meetings.tests.conftest import as_host, at
from circlekeeper.areas.meetings.tests.factories import NOW, circle
from circlekeeper.areas.safeguards.evidence import Question, Verdict
from circlekeeper.areas.venues import actions
from circlekeeper.areas.venues.sealing import Steps
from circlekeeper.roof import checks

__all__ = ["as_host", "at"]
pytestmark = pytest.mark.django_db(databases=["default", "shred"])


def test_fmt4_numbers_past_their_day_turn_the_checklist_red_until_they_are_checked(as_host, at):
    found = circle("Wren")
    made = actions.write_plan(
        by=found.leader.id,
        group_id=found.id,
        venue_id="",
        country="AT",
        said=Steps("Ring.", (("Ambulance", "144"),)),
        verified_on=date(2026, 5, 27),
        now=NOW,
    )
    found_now = checks.the_help_page_can_be_relied_on(Question(found.id, NOW))
    assert found_now.verdict is Verdict.MET, "the last day counts"
    later = NOW + timedelta(days=1)
    late = checks.the_help_page_can_be_relied_on(Question(found.id, later))
    assert late.verdict is Verdict.NOT_MET
    assert "1 plan of yours" in late.detail

    at(later)
    host = as_host(found.leader)
    assert "Ring the numbers of an emergency plan" in host.get("/today/").content.decode()
    assert "Check these numbers first" in host.get(f"/groups/{found.id}/plans/{made}/").content.decode()
    host.post(f"/groups/{found.id}/plans/{made}/", {"do": "check"})
    assert checks.the_help_page_can_be_relied_on(Question(found.id, later)).verdict is Verdict.MET
