"""After the meeting: two questions, sealed, with a time of their own; unanswered, they wait on Today."""

from datetime import timedelta

import pytest

from circlekeeper.areas.meetings import actions, queries, wraps
from circlekeeper.areas.meetings.models import Choice, Debrief, NormNote
from circlekeeper.areas.meetings.tests.factories import NOW, doors_open
from circlekeeper.areas.meetings.tests.test_cockpit import thumb
from circlekeeper.areas.meetings.tests.test_pages import cockpit_of, text
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation.ledger import queries as log

pytestmark = pytest.mark.django_db(databases=["default", "shred"])
SAID = {"mood": "heavy", "follow_up": "yes", "words": "Kingfisher-word: a member left in tears."}


def test_kit5_two_questions_after_the_close_are_sealed_and_wait_until_answered_and_followed_up(at, as_host):
    found = doors_open("Wren")
    host, second, page = as_host(found.leader), as_host(found.second), cockpit_of(found)
    assert host.post(page + "after/", SAID).status_code == 422  # not over yet
    host.post(page, {"do": "close"})
    assert thumb(host.get(page)).startswith("Two questions, then you are done")
    assert "Two questions after the meeting" in text(host.get("/today/"))
    assert host.post(page + "after/", {"mood": "heavy"}).status_code == 422

    assert host.post(page + "after/", SAID).status_code == 302
    assert "You are done." in text(host.get(page))
    assert "Two questions after the meeting" not in text(second.get("/today/"))
    assert second.post(page + "after/", SAID).status_code == 422  # answered already
    row = Debrief.objects.get(meeting_id=found.meeting_id)
    assert b"Kingfisher" not in bytes(row.blob)
    assert row.due_on == safeguards.due_on(group_id=found.id, record="debriefs", start=found.facts.local_on)
    assert {column.model for column in wraps.WRAPS} == {Choice, Debrief, NormNote}

    assert "Something needs following up after a meeting" in text(second.get("/today/"))
    assert "Kingfisher" not in second.get(page + "after/").content.decode()
    read = text(second.get(page + "after/read/"))
    assert "Heavy" in read
    assert "Kingfisher-word" in read
    lines = log.entries_about(found.meeting_id, verbs=("meetings.debrief.open",))
    assert [each.by for each in lines] == [found.second.id]
    second.post(page + "after/read/")
    assert "following up" not in text(second.get("/today/"))
    assert second.post(page + "after/read/").status_code == 404


def test_kit5_a_meeting_that_was_never_spoken_of_stays_on_today_for_a_week(at, as_host):
    found = doors_open()
    actions.close_meeting(by=found.leader.id, now=NOW, **found.here)
    host = as_host(found.leader)
    at(NOW + timedelta(days=6))
    assert "Two questions after the meeting" in text(host.get("/today/"))
    at(NOW + timedelta(days=8))
    assert "Two questions after the meeting" not in text(host.get("/today/"))
    assert queries.debrief(found.meeting_id) is None
