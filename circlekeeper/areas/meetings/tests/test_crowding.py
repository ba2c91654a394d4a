"""A link that was passed on to many, and an address whose secret is gone."""

import pytest

from circlekeeper.areas.meetings import queries
from circlekeeper.areas.meetings.actions import arriving
from circlekeeper.areas.meetings.models import Arrival, Series
from circlekeeper.areas.meetings.rules import DoorAnswer
from circlekeeper.areas.meetings.tests import factories
from circlekeeper.areas.meetings.tests.factories import NOW, STARTS, come, doors_open, token
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.vault import shredstore

pytestmark = pytest.mark.django_db(databases=["default", "shred"])


def test_a_link_that_went_round_does_not_fill_the_waiting_room():
    found = doors_open("Wren")
    link = token(found, "Wren")
    for number in range(arriving.MOST_DEVICES):
        come(link, f"device-{number}")

    with pytest.raises(Refused):
        come(link, "one-too-many")
    assert Arrival.objects.count() == arriving.MOST_DEVICES
    assert come(link, "device-0").answer is DoorAnswer.WAIT, "whoever has a place keeps it"

    assert come(token(found, "Wren"), "own phone").answer is DoorAnswer.WAIT, (
        "a new link from one's own page works"
    )


def test_a_place_whose_secret_is_gone_is_told_to_nobody_and_breaks_nothing():
    found = factories.circle("Wren", online=False, address="Blue door, 3 Mill Lane")
    link = token(found, "Wren")
    shredstore.shred([Series.objects.get().address_secret_id], now=NOW)

    assert queries.venue(token=link, now=STARTS) == ""


def test_an_online_link_whose_secret_is_gone_leads_nowhere():
    found = factories.circle("Wren")
    shredstore.shred([Series.objects.get().address_secret_id], now=NOW)

    with pytest.raises(NotHere):
        queries.way_in(meeting_id=found.meeting_id, token="any", now=STARTS)
