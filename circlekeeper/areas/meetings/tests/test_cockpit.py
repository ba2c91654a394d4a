"""The cockpit: four parts on one page, one button within reach, words before forms."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from circlekeeper.areas.incidents import queries as incidents
from circlekeeper.areas.meetings import actions, queries, sources
from circlekeeper.areas.meetings.sources import Line, Part
from circlekeeper.areas.meetings.tests import factories
from circlekeeper.areas.meetings.tests.factories import NOW, STARTS, doors_open
from circlekeeper.areas.meetings.tests.test_pages import cockpit_of, text

pytestmark = pytest.mark.django_db(databases=["default", "shred"])


@pytest.fixture
def others() -> Iterator[Any]:
    """Names rooms above that give lines to the cockpit, for one test."""
    before = list(sources._providers)
    yield sources.install
    sources.install(before)


def thumb(response: Any) -> str:
    found = re.search(r'<nav class="thumb".*?</nav>', response.content.decode(), re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found.group()).split()) if found else ""


def step(response: Any) -> str:
    return str(re.findall(r'aria-current="step">([^<]+)<', response.content.decode())[0])


def test_kit5_the_button_of_the_moment_is_one_and_within_reach(at, as_host):
    found = factories.circle("Wren")
    factories.give_words(found)
    host, page = as_host(found.leader), cockpit_of(found)
    first = host.get(page)
    assert step(first) == "Before"
    assert "Open the doors" not in thumb(first)
    factories.prepare(found)
    assert thumb(host.get(page)).startswith("Open the doors")
    host.post(page, {"do": "open"})
    assert thumb(host.get(page)).startswith("Read the opening card")
    arrival = factories.wait(factories.token(found, "Wren"))
    assert thumb(host.get(page)).startswith("1 waits at the door")
    assert step(host.get(page)) == "Doors"
    host.post(page, {"do": "admit", "arrival": arrival})
    host.post(page, {"do": "card"})
    assert thumb(host.get(page)).startswith("Lock the doors")
    host.post(page, {"do": "lock"})
    assert step(host.get(page)) == "Together"
    assert thumb(host.get(page)).startswith("Begin: Arriving, and what we keep to")
    at(found.facts.ends_at)
    assert thumb(host.get(page)).startswith("Close the meeting")
    assert (
        text(host.get(page)).count("Take a moment before you go on with your day.") == 2
    )  # its card, and at the end
    host.post(page, {"do": "close"})
    assert step(host.get(page)) == "After"


def test_inc4_one_button_leads_to_the_words_first_and_the_form_last(as_host):
    found = doors_open("Wren")
    host, page = as_host(found.leader), cockpit_of(found)
    assert "Something happened" in thumb(host.get(page))
    choices = host.get(page + "happened/")
    assert "Someone may be in danger" in text(choices)
    shown = text(host.get(page + "happened/danger/"))
    assert shown.index("Are you safe right now?") < shown.index("What did you see and do?")
    assert host.get(page + "happened/gossip/").status_code == 404
    assert host.get(page + "happened/drift/").status_code == 404

    said = host.post(page + "happened/danger/", {"words": "A member shook. We called."}, follow=True)
    assert "written down and sealed" in text(said)
    assert "shook" not in said.content.decode()
    (draft,) = incidents.drafts(found.id, meeting_id=found.meeting_id)
    assert draft.kind == "danger"
    words = incidents.draft_words(
        by=found.second.id, about=draft.id, group_id=found.id, ring=found.second.ring, now=NOW
    )
    assert words == "A member shook. We called."
    assert host.post(page + "happened/leak/", {"words": "a" * 4001}).status_code == 422


def test_kit8_something_that_records_before_the_start_keeps_the_doors_closed(as_host):
    found = factories.circle("Wren", ready=True)
    host, page = as_host(found.leader), cockpit_of(found)
    host.post(page + "happened/leak/", {"words": ""})
    assert queries.answers(found.meeting_id)["recording-off"].holds
    host.post(page + "happened/recording/", {"words": ""})
    assert not queries.answers(found.meeting_id)["recording-off"].holds
    assert host.post(page, {"do": "open"}).status_code == 409


def test_tec1_a_room_above_adds_a_line_to_each_part_without_a_template(at, as_host, others):
    def lines(part: Part, meeting: queries.MeetingFacts, who: Any, now: Any) -> list[Line]:
        assert who.id == found.leader.id
        return [Line(f"Said in {part}", met=False, word="a word", at=meeting.clock(now), url="/x/", press="Go")]

    found = factories.circle("Wren", ready=True)
    others([lines])
    host, page = as_host(found.leader), cockpit_of(found)
    assert "Said in before a word, 18:30 Berlin time Go" in text(host.get(page))
    host.post(page, {"do": "open"})
    running = text(host.get(page))
    assert all(f"Said in {part}" in running for part in ("doors", "together", "recording-asked"))
    assert "Said in before" not in running
    at(STARTS)
    actions.close_meeting(by=found.leader.id, now=STARTS, **found.here)
    assert "Said in after" in text(host.get(page))
