"""When meetings fall, across clock changes; who may pass the door."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil import rrule
from hypothesis import given, settings
from hypothesis import strategies as st

from circlekeeper.areas.meetings import rules
from circlekeeper.areas.meetings.rules import Came, DoorAnswer

ZONES = (
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "Pacific/Auckland",
    "UTC",
)
zones = st.sampled_from(ZONES).map(ZoneInfo)
days = st.dates(date(2024, 1, 1), date(2029, 12, 31))
times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
rhythms = st.sampled_from(rules.EVERY)


def slots(first_on, at=time(19, 0), zone="Europe/Berlin", every="week", until=None, span=None, minutes=90):
    return list(
        rules.slots(
            first_on=first_on,
            at=at,
            zone=ZoneInfo(zone) if isinstance(zone, str) else zone,
            minutes=minutes,
            every=every,
            until=until,
            days=span or (first_on, first_on + timedelta(days=400)),
        )
    )


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("first_on", [date(2026, 2, 5), date(2026, 9, 3)])
def test_forty_weeks_across_both_clock_changes_seven_stays_seven(zone, first_on):
    found = slots(first_on, zone=zone)[:40]

    assert len(found) == 40
    assert {slot.starts_at.astimezone(ZoneInfo(zone)).time() for slot in found} == {time(19, 0)}
    assert {later.local_on - slot.local_on for slot, later in pairwise(found)} == {timedelta(days=7)}
    if zone in ("Europe/Berlin", "America/New_York"):
        assert len({slot.starts_at.time() for slot in found}) == 2


@settings(max_examples=60, deadline=None)
@given(first_on=days, at=times, zone=zones, every=rhythms, late=st.integers(0, 500), length=st.integers(0, 120))
def test_a_window_shows_exactly_its_part_of_the_series(first_on, at, zone, every, late, length):
    whole = slots(first_on, at, zone, every, span=(first_on, first_on + timedelta(days=700)))
    begin = first_on + timedelta(days=late)
    end = begin + timedelta(days=length)

    part = slots(first_on, at, zone, every, span=(begin, end))

    assert part == [slot for slot in whole if begin <= slot.local_on <= end]


@settings(max_examples=60, deadline=None)
@given(first_on=days, every=rhythms)
def test_the_days_are_those_another_calendar_finds(first_on, every):
    nth = (first_on.day - 1) // 7 + 1
    wanted = {
        "week": {"freq": rrule.WEEKLY},
        "fortnight": {"freq": rrule.WEEKLY, "interval": 2},
        "month": {
            "freq": rrule.MONTHLY,
            "byweekday": rrule.weekday(first_on.weekday(), -1 if nth == 5 else nth),
        },
        "once": {"freq": rrule.YEARLY, "interval": 9},
    }[every]
    end = first_on + timedelta(days=400)
    other = rrule.rrule(dtstart=datetime.combine(first_on, time()), until=datetime.combine(end, time()), **wanted)

    assert [slot.local_on for slot in slots(first_on, every=every)] == [each.date() for each in other]


def test_a_fifth_thursday_becomes_the_last_one():
    found = [slot.local_on for slot in slots(date(2026, 1, 29), every="month")[:5]]

    assert found == [date(2026, 1, 29), date(2026, 2, 26), date(2026, 3, 26), date(2026, 4, 30), date(2026, 5, 28)]


def test_a_time_the_clocks_skip_comes_the_same_distance_later():
    """Berlin, 29 March 2026: 02:30 does not exist."""
    slot = slots(date(2026, 3, 29), at=time(2, 30), every="once")[0]

    assert slot.starts_at == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert slot.starts_at.astimezone(ZoneInfo("Europe/Berlin")).time() == time(3, 30)


def test_a_time_that_comes_twice_is_the_first():
    """Berlin, 25 October 2026: 02:30 comes twice."""
    slot = slots(date(2026, 10, 25), at=time(2, 30), every="once")[0]

    assert slot.starts_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@settings(max_examples=60, deadline=None)
@given(day=days, at=times, zone=zones, minutes=st.integers(10, 600))
def test_a_meeting_lasts_as_many_real_minutes_as_planned(day, at, zone, minutes):
    slot = slots(day, at, zone, "once", minutes=minutes)[0]

    assert slot.ends_at - slot.starts_at == timedelta(minutes=minutes)
    assert abs(slot.starts_at.astimezone(zone).replace(tzinfo=None) - datetime.combine(day, at)) <= timedelta(
        hours=1
    )


def test_until_ends_a_series_and_the_last_day_counts():
    found = slots(date(2026, 11, 23), until=date(2026, 12, 7))

    assert [slot.local_on.day for slot in found] == [23, 30, 7]


OPENS = datetime(2026, 11, 23, 17, 45, tzinfo=UTC)
SEVEN = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
MINE = Came(asking=True, unverified=False, removed=False)


def door(**facts):
    usual: dict[str, Any] = {
        "state": "doors",
        "opens_at": OPENS,
        "locks_at": None,
        "now": SEVEN,
        "revoked": False,
        "another_device": False,
        "came": [],
    }
    return rules.door(**(usual | facts))


@pytest.mark.parametrize(
    ("facts", "answer"),
    [
        ({}, DoorAnswer.WAIT),
        ({"state": "planned"}, DoorAnswer.WAIT),
        ({"state": "planned", "now": OPENS}, DoorAnswer.WAIT),
        ({"state": "planned", "now": OPENS - timedelta(seconds=1)}, DoorAnswer.TOO_EARLY),
        ({"now": OPENS - timedelta(hours=1)}, DoorAnswer.WAIT),  # a host opened the doors earlier
        ({"another_device": True}, DoorAnswer.WAIT_UNVERIFIED),
        ({"another_device": True, "came": [Came(False, False, False)]}, DoorAnswer.WAIT_UNVERIFIED),
        ({"state": "locked"}, DoorAnswer.LOCKED),
        ({"state": "locked", "came": [MINE]}, DoorAnswer.WAIT),
        ({"state": "locked", "came": [MINE], "another_device": True}, DoorAnswer.LOCKED),
        ({"state": "locked", "came": [Came(True, True, False)]}, DoorAnswer.LOCKED),
        ({"locks_at": SEVEN}, DoorAnswer.LOCKED),
        ({"locks_at": SEVEN, "came": [MINE]}, DoorAnswer.WAIT),
        ({"locks_at": SEVEN + timedelta(seconds=1)}, DoorAnswer.WAIT),
        ({"revoked": True}, DoorAnswer.REVOKED),
        ({"state": "closed", "revoked": True}, DoorAnswer.OVER),
        ({"state": "cancelled"}, DoorAnswer.OVER),
        ({"came": [Came(True, False, True)]}, DoorAnswer.REMOVED),
        ({"came": [Came(False, False, True)], "another_device": True}, DoorAnswer.REMOVED),
        ({"came": [Came(True, True, True)], "another_device": True}, DoorAnswer.REMOVED),
        ({"came": [Came(False, True, True)]}, DoorAnswer.WAIT),  # a stranger with a forwarded link was sent away
    ],
)
def test_tec4_tec5_fmt5_where_a_link_leads(facts, answer):
    assert door(**facts) is answer


states = st.sampled_from(("planned", "doors", "locked", "closed", "cancelled"))
arrivals = st.lists(
    st.builds(Came, asking=st.booleans(), unverified=st.booleans(), removed=st.booleans()), max_size=4
)


@given(state=states, revoked=st.booleans(), another=st.booleans(), came=arrivals, minutes=st.integers(-600, 600))
def test_tec5_nobody_passes_a_locked_door_who_was_not_here(state, revoked, another, came, minutes):
    answer = door(
        state=state,
        revoked=revoked,
        another_device=another,
        came=came,
        now=SEVEN + timedelta(minutes=minutes),
        locks_at=SEVEN,
    )

    waits = answer in (DoorAnswer.WAIT, DoorAnswer.WAIT_UNVERIFIED)
    if waits:
        assert not revoked
        assert state not in ("closed", "cancelled")
        assert not any(each.removed and each.asking for each in came)
    if waits and (state == "locked" or (state == "doors" and minutes >= 0)):
        assert any(not each.unverified for each in came)
        assert answer is DoorAnswer.WAIT


def test_reg1_the_same_device_leaves_different_marks_at_different_links():
    assert rules.device_mark("phone", "a" * 26) != rules.device_mark("phone", "b" * 26)
    assert rules.device_mark("phone", "a" * 26) == rules.device_mark("phone", "a" * 26)
    assert rules.token_hash("x") != rules.token_hash("y")


def test_mod4_host_and_chat_watcher_are_two_people_where_the_level_is_strict():
    parts = [("ada", "host"), ("ada", "chat"), ("ben", "host"), ("cem", "chat")]

    assert rules.clashes(parts, strict=True) == ["ada"]
    assert rules.clashes(parts, strict=False) == []


def test_mod4_what_nobody_carries_is_named_and_a_small_group_needs_no_team():
    assert rules.gaps(["host", "cohost"], online=True, hosts=2) == ["welfare", "chat", "tech"]
    assert rules.gaps(["host", "door", "welfare"], online=False, hosts=2) == []
    assert rules.gaps(["host"], online=True, hosts=1) == []
