"""A service that is gone, and the second place (FMT14)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from circlekeeper.areas.agreements import actions as agreements
from circlekeeper.areas.meetings import actions, checks, events, provider, queries
from circlekeeper.areas.meetings.models import Arrival, Connection, Meeting, SecondPlace, Setup
from circlekeeper.areas.meetings.provider import Call, Trouble
from circlekeeper.areas.meetings.tests import factories
from circlekeeper.areas.meetings.tests.factories import BEFORE, NOW, STARTS
from circlekeeper.areas.meetings.tests.test_pages import cockpit_of, text
from circlekeeper.areas.meetings.tests.test_services import KEY, Service, planned
from circlekeeper.areas.roster import queries as roster
from circlekeeper.areas.safeguards.evidence import Question, Verdict
from circlekeeper.foundation import announce, guard
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.jobs import tables
from circlekeeper.foundation.ledger import queries as log
from circlekeeper.foundation.vault import shredstore

pytestmark = pytest.mark.django_db(databases=["default", "shred"])
MINUTE = timedelta(minutes=1)


@pytest.fixture
def services():
    """Two services that are run by different people."""
    first, other, before = Service(), Service(), provider.providers()
    other.name, other.title = "other", "Other rooms"
    provider.install([*before, first, other])
    yield first, other
    provider.install(before)


def evening(*aliases: str) -> factories.Circle:
    """A group that meets at the first service tonight."""
    found = factories.circle()
    planned(found)
    agreements.publish_all(by=found.leader.id, group_id=found.id, now=BEFORE)
    for alias in aliases:
        factories.join(found, alias)
    return found


def about(found: factories.Circle) -> dict[str, str]:
    return {"by": found.leader.id, "group_id": found.id, "series_id": found.facts.series_id}


def connect_other(found: factories.Circle) -> None:
    values = {"server": "https://other.example", "key": KEY}
    actions.connect_service(
        by=found.leader.id, group_id=found.id, provider_name="other", values=values, now=BEFORE
    )


def test_fmt14_a_second_place_is_another_service_that_was_tried_and_the_policy_names_it(services, as_host):
    _first, other = services
    found = evening("Wren")
    host, series = as_host(found.leader), reverse("meetings:series", args=[found.id, found.facts.series_id])
    unconnected = host.post(series + "second/", {"provider_name": "other"})
    assert "Connect this service first" in unconnected.content.decode()
    connect_other(found)
    assert host.post(series + "second/", {"provider_name": "service"}).status_code == 422
    assert host.post(series + "second/", {"provider_name": "other"}).status_code == 302
    assert "Nobody has tried it yet" in text(host.get(series))
    other.on["lobby"] = "off"
    assert "not set as it has to be" in text(host.post(series + "second/try/"))
    other.on["lobby"] = "on"
    assert checks.another_place_was_tried(Question(found.id, NOW)).verdict is Verdict.NOT_MET
    assert host.post(series + "second/try/").status_code == 302
    assert checks.another_place_was_tried(Question(found.id, NOW)).verdict is Verdict.MET
    assert f"It was tried on 23 November 2026, {found.leader.handle}" in text(host.get(series))
    assert not other.rooms, "what was tried was cleared away"
    assert {"service", "Other rooms"} <= {each.name for each in queries.platforms(found.id)}
    with pytest.raises(Refused, match="second place of your meetings"):
        actions.disconnect_service(by=found.leader.id, group_id=found.id, provider_name="other", now=NOW)


def killed(first: Service, found: factories.Circle) -> str:
    """Tonight's meeting is set up, its second place was tried, and its service stops answering; returns its old room."""
    connect_other(found)
    actions.choose_second(provider_name="other", address="", now=NOW, **about(found))
    actions.try_second(now=NOW, **about(found))
    actions.look_at_due(now=NOW)
    first.fails = Trouble.UNREACHABLE
    for minute in (10, 9):
        actions.look_at_due(now=STARTS - minute * MINUTE)
        assert found.facts.held_at == "service"
    return Setup.objects.get().room


def test_fmt14_a_killed_service_moves_the_meeting_with_new_links_and_everybody_is_told(
    services, as_host, as_member, at
):
    first, _other = services
    found = evening("Wren", "Robin")
    old = factories.token(found, "Wren")
    killed(first, found)
    at(STARTS - 8 * MINUTE)
    actions.look_at_due(now=STARTS - 8 * MINUTE)
    assert (found.facts.held_at, found.facts.moved_at) == ("other", STARTS - 8 * MINUTE)
    assert [each.by for each in log.entries_about(found.meeting_id, verbs=("meetings.meeting.move",))] == [
        "system"
    ]

    page = text(as_host(found.leader).get(cockpit_of(found)))
    assert "Moved to your second place: Other rooms" in page
    assert "The service cannot be reached now" in page
    assert Client().get(f"/m/{old}/").status_code == 404, "the old link is dead"
    assert "another service than usual" in text(as_member(found, "Robin").get("/me/"))
    letters = queries.occasions(found.id, STARTS - 8 * MINUTE, STARTS)
    assert f"moved:{found.meeting_id}" in {each.key for each in letters}
    assert tables.events().filter(name=announce.name_of(events.MeetingMoved)).count() == 1


def test_fmt14_new_links_lead_to_the_new_room_and_the_old_one_opens_for_nobody(services):
    first, other = services
    found = evening("Wren")
    old_room = killed(first, found)
    for minute in (8, 7):  # moved, then set up there
        actions.look_at_due(now=STARTS - minute * MINUTE)
    new = factories.token(found, "Wren", STARTS - 7 * MINUTE)
    with guard.outside_action("doors of a test"):
        Meeting.objects.filter(pk=found.meeting_id).update(state="doors", doors_at=NOW)
    factories.let_in(found, new, now=STARTS - 6 * MINUTE)
    room = Setup.objects.get(provider="other").room
    way = queries.way_in(meeting_id=found.meeting_id, token=new, now=STARTS)
    assert way.startswith(f"https://service.example/{room}?")
    assert room != old_room

    first.fails = Trouble.UNREACHABLE
    actions.clear_away(now=STARTS)
    assert Setup.objects.get(provider="service").purged_at is None, "it is asked again"
    first.fails = None
    call = Call("POST", "started", {"x-signature": KEY}, old_room.encode())
    with pytest.raises(AssertionError):  # nothing is planned in that room any more
        actions.hear(connection_id=Connection.objects.get(provider="service").pk, call=call, now=STARTS)
    actions.clear_away(now=STARTS)
    assert old_room not in first.rooms
    assert room in other.rooms


def test_fmt14_without_a_second_place_that_was_tried_the_hosts_are_told_and_nothing_moves(services, as_host, at):
    first, _other = services
    found = evening("Wren")
    actions.choose_second(provider_name="outside-link", address=factories.LINK, now=NOW, **about(found))
    actions.look_at_due(now=NOW)
    first.fails = Trouble.NOT_ALLOWED
    for minute in (20, 15, 10, 9, 8):
        actions.look_at_due(now=STARTS - minute * MINUTE)
    at(STARTS - 7 * MINUTE)
    assert found.facts.held_at == "service"
    page = text(as_host(found.leader).get(cockpit_of(found)))
    assert "there is no second place that was tried" in page
    with pytest.raises(Refused, match="second place"):
        actions.move_meeting(by=found.leader.id, now=NOW, **found.here)


def test_fmt14_a_host_moves_a_running_meeting_to_a_link_and_who_was_sent_away_stays_away(services, as_host, at):
    found = evening("Wren", "Robin", "Finch")
    actions.choose_second(provider_name="outside-link", address=factories.LINK, now=NOW, **about(found))
    actions.try_second(now=NOW, **about(found))  # a person's word: nothing can be asked there
    with pytest.raises(Refused, match="first place"):
        actions.choose_second(provider_name="service", address="", now=NOW, **about(found))
    actions.look_at_due(now=NOW)
    factories.say_recording(found, off=True)
    with guard.outside_action("doors of a test"):
        Meeting.objects.filter(pk=found.meeting_id).update(state="doors", doors_at=NOW)
    wren, finch = (factories.token(found, alias) for alias in ("Wren", "Finch"))
    factories.let_in(found, wren)
    away = factories.wait(finch, device="tablet")
    actions.remove(by=found.leader.id, group_id=found.id, arrival_id=away, now=NOW)
    with pytest.raises(Refused, match="People are inside"):
        actions.move_meeting(by="system", now=NOW, **found.here)

    host, cockpit = as_host(found.leader), cockpit_of(found)
    assert "Your second place" in text(host.get(cockpit))
    assert "Everybody who is inside comes to the door again" in text(host.get(cockpit + "move/"))
    assert host.post(cockpit + "move/").status_code == 302
    assert host.post(cockpit + "move/").status_code == 409
    assert "A host moved it." in text(host.get(cockpit))
    assert actions.RECORDING not in queries.answers(found.meeting_id), "it has to be looked at again"
    with pytest.raises(NotHere):
        queries.place(token=wren, device="phone", now=NOW)
    assert set(Arrival.objects.values_list("state", flat=True)) == {"left", "removed"}
    again = factories.token(found, "Finch", NOW + MINUTE)
    assert factories.come(again, "tablet", NOW + MINUTE).arrival_id is None, "who was sent away stays away"

    new = factories.token(found, "Wren", NOW + MINUTE)
    factories.let_in(found, new, now=NOW + MINUTE)
    assert queries.way_in(meeting_id=found.meeting_id, token=new, now=NOW + MINUTE) == factories.LINK
    with pytest.raises(Refused, match="moved any more"):
        actions.move_meeting(by=found.leader.id, now=NOW, **found.here)
    with pytest.raises(Refused, match="second place now"):
        actions.choose_second(provider_name="outside-link", address=factories.LINK, now=NOW, **about(found))
    assert roster.active_ids(found.id) == set(queries.links_offered(found.meeting_id))

    actions.close_meeting(by=found.leader.id, now=NOW + 2 * MINUTE, **found.here)
    secret = SecondPlace.objects.get().address_secret_id
    actions.end_series(now=NOW + 3 * MINUTE, **about(found))
    with pytest.raises(shredstore.Shredded):
        shredstore.secret(secret)


def test_fmt14_the_schedule_can_be_taken_along_and_nothing_else(services, as_host):
    found = evening("Wren")
    page = reverse("meetings:dates", args=[found.id, found.facts.series_id])
    lines = as_host(found.leader).get(page).content.decode().splitlines()
    assert lines[0] == "2026-11-23 19:00-20:30 Europe/Berlin"
    assert len(lines) == 9
