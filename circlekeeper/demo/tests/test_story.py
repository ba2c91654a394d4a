"""The story at awkward moments: it must come out the same whenever it is loaded."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from circlekeeper.areas.meetings import queries as meetings
from circlekeeper.areas.retention import queries as retention
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.demo import story
from circlekeeper.demo.groups import evening, lantern, meadow
from circlekeeper.foundation import ledger
from circlekeeper.foundation.accounts import queries as accounts

pytestmark = [pytest.mark.slow, pytest.mark.django_db(databases=["default", "shred"])]


@pytest.mark.parametrize(
    "moment",
    [datetime(2027, 12, 31, 23, 55, 30, tzinfo=UTC), datetime(2028, 2, 29, 0, 0, 0, tzinfo=UTC)],
    ids=["before midnight and the new year", "a leap day's first second"],
)
def test_it_comes_out_the_same_whenever_it_is_loaded(moment):
    with time_machine.travel(moment, tick=False):
        world = story.tell(moment)

        high, medium, low = (world.circles[group.NAME] for group in (lantern, evening, meadow))
        tonight = meetings.coming(group_ids=[high.id], now=moment)[0]
        assert timedelta(minutes=10) <= tonight.starts_at - moment < timedelta(minutes=11)
        assert safeguards.posture(high.id, moment).blocking == 2
        assert safeguards.posture(low.id, moment).blocking == 0
        assert [each.person_id for each in accounts.waiting_for_keys(medium.id)] == [world.hosts["vera"].id]
        tomorrow = moment.date() + timedelta(days=1)
        assert retention.due(moment.date()) == []
        assert sum(each.record == "roster" for each in retention.due(tomorrow)) >= 2
        assert retention.certificates(low.id)
        assert ledger.verify().ok
