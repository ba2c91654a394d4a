"""The days somebody came: shown to that somebody alone, and gone when they are forgotten."""

from datetime import timedelta

import pytest

from circlekeeper.areas.meetings import actions, queries
from circlekeeper.areas.meetings.models import Attendance
from circlekeeper.areas.meetings.tests.factories import STARTS, doors_open, let_in, token
from circlekeeper.foundation.vault import shredstore

pytestmark = pytest.mark.django_db(databases=["default", "shred"])
END = STARTS + timedelta(minutes=90)


@pytest.fixture
def evening():
    found = doors_open("Wren", "Robin")
    for alias in ("Wren", "Robin"):
        let_in(found, token(found, alias))
    actions.close_meeting(by=found.leader.id, now=END, **found.here)
    return found


def _pieces(found, alias):
    member = found.members[alias]
    return queries.SOURCE.of(found.id, member.id, b"", END)


def test_dat3_a_member_reads_the_days_they_came_and_nobody_elses(evening):
    piece = _pieces(evening, "Wren")[0]
    assert [each["on"] for each in piece.holds["came"]] == [evening.facts.local_on.isoformat()]
    assert evening.members["Robin"].id not in str(piece)


def test_the_days_of_a_forgotten_member_go_and_the_others_stay(evening):
    wren, robin = evening.members["Wren"], evening.members["Robin"]
    assert actions.forget_days(by="system", group_id=evening.id, member_id=wren.id, now=END) == 1
    assert queries.days_came(group_id=evening.id, member_id=wren.id) == []
    assert len(queries.days_came(group_id=evening.id, member_id=robin.id)) == 1
    assert actions.forget_days(by="system", group_id=evening.id, member_id=wren.id, now=END) == 0


def test_a_day_on_hold_stays(evening):
    wren = evening.members["Wren"]
    shredstore.hold(Attendance.objects.values_list("secret_id", flat=True), until=END.date())
    assert actions.forget_days(by="system", group_id=evening.id, member_id=wren.id, now=END) == 0
