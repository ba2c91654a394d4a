"""The evening: planned for a series, counted by the server's clock, readable without script."""

import re
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circlekeeper.areas.meetings import queries, rules
from circlekeeper.areas.meetings.tests import factories
from circlekeeper.areas.meetings.tests.factories import STARTS, doors_open
from circlekeeper.areas.meetings.tests.test_pages import cockpit_of, text
from circlekeeper.foundation import playbook

database = pytest.mark.django_db(databases=["default", "shred"])


@settings(max_examples=60)
@given(minutes=st.lists(st.integers(1, 90), min_size=1, max_size=12), total=st.integers(1, 600))
def test_kit5_an_evening_scaled_to_another_length_fills_it_and_drops_no_part(minutes, total):
    found = rules.scaled(minutes, total)
    assert len(found) == len(minutes)
    assert min(found) >= 1
    assert sum(found) == max(total, len(minutes))


def test_kit5_every_level_proposes_an_evening_of_an_hour_and_a_half():
    for level in playbook.Level:
        assert sum(each.minutes for each in playbook.book().agenda.at(level).item) == 90


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("10 Arriving\n\n 20  Sharing ", [("Arriving", 10), ("Sharing", 20)]),
        ("", []),
        ("10 Arriving\nSharing", 2),
        ("0 Nothing", 1),
        ("10 " + "a" * 61, 1),
    ],
)
def test_kit5_an_evening_is_typed_as_minutes_and_words(typed, found):
    assert rules.agenda_lines(typed) == found


@database
def test_kit5_a_leader_plans_the_evening_and_each_part_counts_from_the_moment_it_began(at, as_host):
    found = doors_open("Wren")
    host, page = as_host(found.leader), cockpit_of(found)
    series = f"/groups/{found.id}/meetings/series/{found.facts.series_id}/"
    assert "How are you here? One round 20 minutes" in text(host.get(series))
    assert host.post(series + "agenda/", {"items": "80 Sharing\n20 Ending"}).status_code == 422
    wrong = host.post(series + "agenda/", {"items": "Sharing"})
    assert "Line 1: begin with the minutes" in text(wrong)
    host.post(series + "agenda/", {"items": "15 Arriving\n60 Sharing\n15 Ending"})

    before = text(host.get(page))
    assert "Arriving 19:00" in before
    assert "Ends at 20:30 (Berlin time)." in before
    version = queries.door_version(found.meeting_id)
    at(STARTS + timedelta(minutes=5))
    assert host.post(page, {"do": "agenda", "number": "1"}).status_code == 302
    assert queries.door_version(found.meeting_id) != version
    shown = host.get(page)
    assert "Arriving since 19:05, until 19:20" in text(shown)
    assert "Sharing 19:20" in text(shown)
    assert "Ends at 20:35" in text(shown)
    until = int(re.findall(r'data-until="(\d+)"', shown.content.decode())[0])
    clock = int(re.findall(r'data-clock="(\d+)"', shown.content.decode())[0])
    assert until - clock == 15 * 60 * 1000

    assert host.post(page, {"do": "agenda", "number": "1"}).status_code == 409  # the other host was quicker
    assert host.post(page, {"do": "agenda", "number": "x"}).status_code == 409
    for number in ("2", "1", "2", "3", "4"):
        assert host.post(page, {"do": "agenda", "number": number}).status_code == 302
    assert "Every part is done." in text(host.get(page))
    host.post(series + "agenda/", {"items": ""})
    assert "How are you here?" in text(host.get(series))


@database
def test_kit5_the_evening_stands_still_before_and_after_the_meeting(as_host):
    found = factories.circle("Wren")
    host, page = as_host(found.leader), cockpit_of(found)
    assert host.post(page, {"do": "agenda", "number": "1"}).status_code == 409
    assert queries.agenda(found.facts).now == 0
