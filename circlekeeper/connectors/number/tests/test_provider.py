"""The contract every provider keeps, kept by a telephone number."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from circlekeeper.areas.agreements import actions as agreements
from circlekeeper.areas.meetings import actions, provider
from circlekeeper.areas.meetings.models import Meeting
from circlekeeper.areas.meetings.tests import factories
from circlekeeper.areas.meetings.tests.contract import Contract, Rig
from circlekeeper.connectors.number.provider import Number
from circlekeeper.foundation import guard
from circlekeeper.foundation.errors import Refused

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
NUMBER = "+49 (30) 123-456, PIN 4711#"
SESSION = provider.Session("01meeting", "velvet-77", NOW, NOW + timedelta(hours=1), address=NUMBER)


class TestContract(Contract):
    @pytest.fixture
    def rig(self):
        return Rig(Number(), SESSION, same_link_for_all=True)


@pytest.mark.parametrize(
    "typed", ["", "ring me", "https://meet.example.org/a", "+49", "+49 30 123456, PIN", "1" * 40]
)
def test_what_is_no_telephone_number_is_refused(typed):
    with pytest.raises(Refused) as refusal:
        Number().check_address(typed)
    assert refusal.value.field == "address"


@pytest.mark.django_db(databases=["default", "shred"])
def test_fmt14_tec1_whoever_was_let_in_reads_the_number_its_code_and_what_it_may_show():
    found = factories.circle("Wren", ready=True)
    where = {"by": found.leader.id, "group_id": found.id, "series_id": found.facts.series_id}
    actions.choose_second(provider_name="number", address=NUMBER, now=factories.NOW, **where)
    actions.try_second(now=factories.NOW, **where)
    agreements.publish_all(by=found.leader.id, group_id=found.id, now=factories.NOW)
    with guard.outside_action("doors of a test"):
        Meeting.objects.filter(pk=found.meeting_id).update(state="doors", doors_at=factories.NOW)
    actions.move_meeting(by=found.leader.id, now=factories.NOW, **found.here)
    factories.join(found, "Robin")
    link, client = factories.token(found, "Robin", factories.NOW), Client()
    client.cookies["ck_door"] = "phone"
    assert client.get(f"/m/{link}/in/").status_code == 302, "nobody reads it before a host let them in"
    factories.let_in(found, link, now=factories.NOW)
    page = client.get(f"/m/{link}/in/").content.decode()
    assert 'href="tel:+4930123456,,4711"' in page
    assert "4711" in page
    assert "stands on the phone bill" in page
    assert "number can show on the other side" in page
