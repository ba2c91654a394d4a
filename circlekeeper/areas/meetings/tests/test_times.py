"""A member's own calendar: one entry, or an address of its own that ends when they leave."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from icalendar import Calendar

from circlekeeper.areas.meetings import actions
from circlekeeper.areas.meetings.models import Feed
from circlekeeper.areas.meetings.tests import factories
from circlekeeper.areas.meetings.tests.factories import NOW
from circlekeeper.areas.roster import actions as roster
from circlekeeper.areas.roster.models import Reach
from circlekeeper.foundation import announce, guard

pytestmark = pytest.mark.django_db(databases=["default", "shred"])
AsMember = Callable[[factories.Circle, str], Client]


def text(response: Any) -> str:
    return str(response.content.decode())


def address(client: Client) -> str:
    """Make a calendar address on the own page; returns its path."""
    shown = re.search(r"/c/[a-z0-9]+/calendar\.ics", text(client.post("/me/times/", {"do": "make"})))
    assert shown
    return shown.group(0)


def events(response: Any) -> list[Any]:
    assert isinstance(response, HttpResponse)
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return list(Calendar.from_ical(response.content).walk("VEVENT"))


def test_why1_one_entry_can_be_taken_along_and_says_nothing(as_member: AsMember):
    found = factories.circle("Wren", online=False, address="Room 4, Lindenstrasse 9")
    wren = as_member(found, "Wren")
    page = text(wren.get("/me/times/"))
    link = re.search(r"/me/times/[a-z0-9]+/entry\.ics", page)
    assert link

    answer = wren.get(link.group(0))

    assert [str(each["SUMMARY"]) for each in events(answer)] == ["Appointment"]
    assert events(answer)[0].decoded("DTSTART") == factories.STARTS
    assert answer.headers["Content-Disposition"] == 'attachment; filename="entry.ics"'
    assert not re.search(rb"LOCATION|ATTENDEE|ORGANIZER|DESCRIPTION|URL|VALARM|Linden", answer.content)
    assert found.meeting_id.encode() not in answer.content


def test_why1_a_calendar_address_is_shown_once_and_read_without_signing_in(as_member: AsMember):
    found = factories.circle("Wren", "Robin")
    wren = as_member(found, "Wren")
    path = address(wren)

    assert path.split("/")[2] not in text(wren.get("/me/times/"))
    read = Client().get(path)
    assert len(events(read)) > 4
    assert read.headers["Content-Disposition"] == 'attachment; filename="calendar.ics"'
    assert "no-store" in read.headers["Cache-Control"]
    assert not read.cookies
    token = path.split("/")[2]
    assert token.encode() not in bytes(Feed.objects.get().token_hash)
    assert Client().get(f"/m/{token}/").status_code == 404


def test_reg1_two_members_calendars_have_no_id_in_common(as_member: AsMember):
    found = factories.circle("Wren", "Robin")
    first, second = (
        {str(each["UID"]) for each in events(Client().get(address(as_member(found, alias))))}
        for alias in ("Wren", "Robin")
    )

    assert first
    assert not first & second


def test_a_meeting_that_is_called_off_is_called_off_in_the_calendar(as_member: AsMember):
    found = factories.circle("Wren")
    path = address(as_member(found, "Wren"))
    actions.cancel_meeting(by=found.leader.id, now=NOW, **found.here)

    states = {each.decoded("DTSTART"): str(each.get("STATUS", "")) for each in events(Client().get(path))}
    assert states[factories.STARTS] == "CANCELLED"
    assert list(states.values()).count("CANCELLED") == 1


def test_a_calendar_address_ends_when_its_member_says_so_or_makes_another(as_member: AsMember):
    found = factories.circle("Wren")
    wren = as_member(found, "Wren")
    first = address(wren)
    second = address(wren)

    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    assert wren.post("/me/times/", {"do": "end"}).status_code == 302
    assert Client().get(second).status_code == 404


@pytest.mark.parametrize("gone", ["leaves", "is forgotten"])
def test_pol5_a_calendar_address_ends_when_its_member_goes(gone: str, as_member: AsMember):
    found = factories.circle("Wren")
    path, member_id = address(as_member(found, "Wren")), found.members["Wren"].id
    go = roster.leave if gone == "leaves" else roster.forget_now
    go(by=member_id, group_id=found.id, member_id=member_id, now=NOW)

    assert Client().get(path).status_code == 404
    announce.deliver_due(announce.installed(), NOW + timedelta(minutes=1))
    assert not Feed.objects.exists()


def test_cnf2_the_calendar_of_a_member_on_a_pause_is_empty(as_member: AsMember):
    found = factories.circle("Wren")
    path, member_id = address(as_member(found, "Wren")), found.members["Wren"].id
    roster.pause(by=member_id, group_id=found.id, member_id=member_id, now=NOW)

    assert events(Client().get(path)) == []


def test_another_groups_meeting_is_not_there(as_member: AsMember):
    found, other = factories.circle("Wren"), factories.circle()

    assert as_member(found, "Wren").get(f"/me/times/{other.meeting_id}/entry.ics").status_code == 404
    assert Client().get("/c/nothing/calendar.ics").status_code == 404


def test_why1_who_agreed_is_asked_again_when_their_answer_has_run_out(
    as_member: AsMember, at: Callable[[Any], None]
):
    found = factories.circle("Wren")
    wren = as_member(found, "Wren")
    word = "May we still reach you?"
    wren.post("/me/contact/mail/", {"says": "yes", "address": "wren@example.net", "zone": "UTC"})
    assert word not in text(wren.get("/me/"))

    at(NOW + timedelta(days=91))
    later = as_member(found, "Wren")
    assert word in text(later.get("/me/"))
    assert "has run out" in text(later.get("/me/contact/"))

    later.post("/me/consent/contact/")
    assert word not in text(later.get("/me/"))


def test_why1_after_an_old_copy_is_brought_back_nothing_is_sent_until_it_is_said_again(as_member: AsMember):
    found = factories.circle("Wren")
    wren = as_member(found, "Wren")
    wren.post("/me/contact/mail/", {"says": "yes", "address": "wren@example.net", "zone": "UTC"})
    with guard.outside_action("a restore: these rows are in no backup"):
        Reach.objects.all().delete()

    assert "May we still reach you?" in text(wren.get("/me/"))
    assert "so nothing is sent" in text(wren.get("/me/contact/"))
    told = roster.tell(
        by=found.leader.id,
        ring=found.leader.ring,
        group_id=found.id,
        member_ids=[found.members["Wren"].id],
        occasion="one",
        now=NOW,
    )
    assert not told.by_letter
