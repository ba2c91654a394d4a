"""The list at the door of a room."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from circlekeeper.areas.meetings import actions as meetings_do
from circlekeeper.areas.meetings import queries as meetings
from circlekeeper.areas.meetings.models import Arrival, PersonalLink
from circlekeeper.areas.meetings.tests import factories
from circlekeeper.areas.meetings.tests.conftest import as_host, as_member, at
from circlekeeper.areas.meetings.tests.factories import NOW, Circle, doors_open, token, wait
from circlekeeper.areas.venues import rules
from circlekeeper.areas.venues.rules import Standing
from circlekeeper.foundation.errors import Refused

__all__ = ["as_host", "as_member", "at"]
pytestmark = pytest.mark.django_db(databases=["default", "shred"])


def address(found: Circle) -> str:
    return f"/groups/{found.id}/meetings/{found.meeting_id}/list/"


def row(page: bytes, alias: str) -> str:
    """What the list says of the first person of this name."""
    return next(each for each in page.decode().split("<li ")[1:] if f"<bdi>{alias}</bdi>" in each)


def send(host: Client, found: Circle, alias: str, do: str = "tick", **more: str) -> int:
    said = {"do": do, "member": found.members[alias].id, **more}
    return host.post(address(found), said).status_code


def test_fmt3_the_list_has_names_people_chose_and_is_gone_after_the_close(as_host, as_member):
    found = doors_open("Wren", "Robin", online=False)
    first = found.members["Wren"]
    second = factories.join(found, "Wren")
    host = as_host(found.leader)
    assert "Open the list" in host.get(f"/groups/{found.id}/meetings/{found.meeting_id}/").content.decode()

    shown = host.get(address(found)).content
    for word in (b"Northtown", b"112", b"by hand", b"@"):
        assert word not in shown
    told = [as_member_word(as_member, found, "Wren")]
    said = re.findall("says “([a-z ]+)”", shown.decode())
    assert sorted(said) == sorted(rules.code_word(found.meeting_id, each.id) for each in (first, second))
    assert told[0] == rules.code_word(found.meeting_id, second.id), "the member reads their own word"
    assert "says" not in row(shown, "Robin"), "nobody else needs one"

    found.members["Wren"] = first
    assert send(host, found, "Wren") == 302
    assert send(host, found, "Wren") == 302, "twice is once"
    assert send(host, found, "Robin") == 302
    assert send(host, found, "Robin", "untick") == 302
    assert "1 person is inside" in host.get(address(found)).content.decode()

    meetings_do.close_meeting(by=found.leader.id, now=NOW, **found.here)
    after = host.get(address(found)).content.decode()
    assert "1 person came. The list is gone." in after
    assert "Wren" not in after
    assert not PersonalLink.objects.exists()
    assert not Arrival.objects.exists()


def as_member_word(as_member, found: Circle, alias: str) -> str:
    page = as_member(found, alias).get("/me/").content.decode()
    return str(re.findall("say “([a-z ]+)”", page)[0])


def test_fmt2_after_the_window_only_who_was_here_comes_in_and_the_rest_ask_the_host(as_host, at):
    found = doors_open("Wren", "Robin", "Finch", online=False)
    host = as_host(found.second)
    assert send(host, found, "Wren") == 302
    link = token(found, "Wren")
    assert factories.come(link).arrival_id, "their line dropped; they left the room and come back"
    later = NOW + timedelta(minutes=10)
    meetings_do.read_opening_card(by=found.leader.id, now=later, **found.here)
    meetings_do.lock_doors(by=found.leader.id, now=later, **found.here)

    at(NOW + timedelta(minutes=12))
    shown = host.get(address(found)).content
    assert "Ask the host" in row(shown, "Robin")
    assert "Back in" in row(shown, "Wren")
    assert send(host, found, "Robin") == 409
    assert send(host, found, "Wren") == 302
    assert send(host, found, "Finch", ago="300") == 302, "ticked without network before the doors were locked"
    assert meetings.been_inside(found.meeting_id) == {found.members[each].id for each in ("Wren", "Finch")}


def test_fmt2_the_list_is_for_hosts_and_whoever_keeps_the_door(as_host):
    found = doors_open("Wren", online=False)
    meetings_do.release_host(by=found.leader.id, person_id=found.second.id, now=NOW, **found.here)
    other = as_host(found.second)
    assert "Wren" not in other.get(address(found)).content.decode()
    assert send(other, found, "Wren") == 404
    meetings_do.assign_host(by=found.leader.id, person_id=found.second.id, part="door", now=NOW, **found.here)
    assert "Wren" in other.get(address(found)).content.decode()

    link = token(found, "Wren")
    arrival = wait(link)
    meetings_do.remove(by=found.leader.id, group_id=found.id, arrival_id=arrival, now=NOW)
    assert "Ask the host" in row(other.get(address(found)).content, "Wren"), "sent away"
    with pytest.raises(Refused):
        meetings_do.tick(
            by=found.second.id, member_id=found.members["Wren"].id, came_at=NOW, now=NOW, **found.here
        )


def test_fmt2_what_the_list_says_of_one_person():
    assert rules.standing("", been=False, shut=False) is Standing.EXPECTED
    assert rules.standing("", been=False, shut=True) is Standing.ASK
    assert rules.standing("left", been=True, shut=True) is Standing.BACK
    assert rules.standing("removed", been=True, shut=False) is Standing.ASK
    assert rules.told_apart("m", {"a": "wren", "b": "wren", "c": "robin"}).keys() == {"a", "b"}
