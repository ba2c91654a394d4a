"""The door, the cockpit and the plan, as a browser without script sees them."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from circlekeeper.areas.access import actions as access
from circlekeeper.areas.meetings import actions, queries
from circlekeeper.areas.meetings.tests import factories
from circlekeeper.areas.meetings.tests.factories import LINK, NOW, STARTS, doors_open, token
from circlekeeper.areas.roster import actions as roster

pytestmark = pytest.mark.django_db(databases=["default", "shred"])


def text(response) -> str:
    body = re.sub(r"<(script|style|noscript)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def title(response) -> str:
    return str(re.findall(r"<title>(.*?)</title>", response.content.decode(), re.DOTALL)[0]).strip()


def cockpit_of(found) -> str:
    return f"/groups/{found.id}/meetings/{found.meeting_id}/"


def arrivals_on(response) -> list[str]:
    return re.findall(r'name="arrival" value="([a-z0-9]+)"', response.content.decode())


def test_tec4_fmt5_the_door_from_the_own_page_to_the_meeting(as_host, as_member):
    found = doors_open("Wren")
    wren, host = as_member(found, "Wren"), as_host(found.leader)
    door = wren.post(f"/me/door/{found.meeting_id}/").headers["Location"]

    shown = wren.get(door)
    assert "Monday 23 November, 19:00" in text(shown)
    assert "Berlin time" in text(shown)
    wren.post(door, {"do": "arrive"})
    assert "You are in the waiting room" in text(wren.get(door))
    assert wren.get(door + "in/").headers["Location"] == door

    cockpit = host.get(cockpit_of(found))
    assert "<bdi>Wren</bdi>" in cockpit.content.decode()
    host.post(cockpit_of(found), {"do": "admit", "arrival": arrivals_on(cockpit)[0]})
    admitted = wren.get(door)
    assert "You can go in" in text(admitted)
    assert LINK not in admitted.content.decode()
    assert wren.get(door + "in/").headers["Location"] == LINK

    stranger = Client()
    stranger.post(door, {"do": "arrive"})
    assert "first opened on another device" in text(stranger.get(door))
    assert stranger.get(door + "in/").headers["Location"] == door
    assert "Unverified" in text(host.get(cockpit_of(found)))


def test_opening_a_link_takes_no_place():
    """A mail program that looks at links does not arrive."""
    found = doors_open("Wren")
    door = f"/m/{token(found, 'Wren')}/"
    for _ in range(3):
        assert Client().get(door).status_code == 200
    assert queries.at_the_door(**found.here) == []


@pytest.mark.parametrize("moment", ["too early", "waiting", "locked", "removed", "revoked", "cancelled", "closed"])
def test_every_face_of_the_door_is_calm_and_says_nothing_about_the_group(moment, at):
    found = factories.circle("Wren", "Robin", ready=True)
    link = token(found, "Wren")
    browser = Client()
    by: dict[str, Any] = {"by": found.leader.id, "now": NOW}
    words = {
        "too early": "Opens at 18:45 on Monday 23 November",
        "waiting": "You are in the waiting room",
        "locked": "You have done nothing wrong",
        "removed": "You cannot go in to this meeting",
        "revoked": "This link has been ended",
        "cancelled": "This meeting was cancelled",
        "closed": "This link does not lead anywhere now",
    }
    if moment == "cancelled":
        actions.cancel_meeting(**by, **found.here)
    elif moment != "too early":
        actions.open_doors(**by, **found.here)
    if moment in ("waiting", "removed"):
        browser.post(f"/m/{link}/", {"do": "arrive"})
    if moment == "removed":
        arrival = queries.at_the_door(**found.here)[0].id
        actions.remove(group_id=found.id, arrival_id=arrival, **by)
    if moment == "locked":
        actions.lock_doors(**by, **found.here)
    if moment == "revoked":
        actions.revoke_links(group_id=found.id, member_id=found.members["Wren"].id, **by)
    if moment == "closed":
        actions.close_meeting(**by, **found.here)

    shown = browser.get(f"/m/{link}/")

    assert words[moment] in text(shown)
    assert shown.status_code == (404 if moment == "closed" else 200)
    assert "Thursday circle" not in shown.content.decode()
    assert title(shown) in ("Your door", "Link")
    assert "velvet-sparrow" not in shown.content.decode()


def test_con4_the_norms_stand_in_the_waiting_room():
    found = doors_open("Wren")
    browser, door = Client(), f"/m/{token(found, 'Wren')}/"
    assert "What we all keep to" in text(browser.get(door))
    browser.post(door, {"do": "arrive"})
    assert "Nobody records" in text(browser.get(door))


def test_a_button_pressed_after_the_meeting_says_so_calmly():
    found = doors_open("Wren")
    browser, door = Client(), f"/m/{token(found, 'Wren')}/"
    browser.post(door, {"do": "arrive"})
    actions.close_meeting(by=found.leader.id, now=NOW, **found.here)
    for sent in ({"do": "arrive"}, {"do": "leave"}):
        answer = browser.post(door, sent)
        assert answer.status_code == 404
        assert "does not lead anywhere now" in text(answer)
    assert Client().post("/m/nosuchlink/", {"do": "leave"}).status_code == 404


def test_the_device_mark_is_a_cookie_no_script_can_read_and_ends_with_the_evening():
    found = doors_open("Wren")
    browser, door = Client(), f"/m/{token(found, 'Wren')}/"
    assert "ck_door" not in browser.get(door).cookies
    cookie = browser.post(door, {"do": "arrive"}).cookies["ck_door"]
    assert cookie["httponly"]
    assert int(cookie["max-age"]) <= 12 * 60 * 60
    actions.close_meeting(by=found.leader.id, now=NOW, **found.here)
    assert browser.get(door).cookies["ck_door"]["max-age"] == 0


def test_fmt1_fmt2_in_a_room_the_page_tells_the_place_and_whom_to_ask_when_it_is_too_late():
    found = doors_open("Wren", "Robin", online=False, address="Blue door, 3 Mill Lane")
    wren, robin = Client(), Client()
    door = f"/m/{token(found, 'Wren')}/"
    assert "Blue door, 3 Mill Lane" in text(wren.get(door))
    late = f"/m/{token(found, 'Robin')}/"
    actions.lock_doors(by=found.leader.id, now=STARTS, **found.here)
    closed = text(robin.get(late))
    assert "ask the host at the door" in closed
    assert "Mill Lane" not in closed
    wren.post(door, {"do": "arrive"})


def test_members_without_a_promise_are_told_what_is_missing(as_member):
    found = factories.circle("Wren")
    factories.join(found, "Robin", agreeing=False)
    answer = as_member(found, "Robin").post(f"/me/door/{found.meeting_id}/")
    assert answer.status_code == 409
    assert "promise" in text(answer)


def test_the_cockpit_before_the_meeting_says_what_is_missing_and_what_to_press(as_host):
    found = factories.circle("Wren")
    factories.give_words(found)
    host = as_host(found.leader)
    shown = text(host.get(cockpit_of(found)))
    assert "4 things before you can open" in shown
    assert "Test the waiting room now" in shown
    assert "Open the doors" not in shown

    for do in ("probe", "links"):
        assert host.post(cockpit_of(found), {"do": do}).status_code == 302
    host.post(cockpit_of(found) + "recording/", {"seen": "off"})
    for someone, part in ((found.leader, "host"), (found.second, "cohost")):
        host.post(cockpit_of(found) + "people/", {"person_id": someone.id, "part": part})
    assert "1 thing before you can open" in text(host.get(cockpit_of(found)))
    second = as_host(found.second)
    assert "I will be there" in text(second.get(cockpit_of(found)))
    second.post(cockpit_of(found), {"do": "confirm"})

    ready = text(host.get(cockpit_of(found)))
    assert "Everything is in place." in ready
    assert "A person" in ready  # the evidence word of the host's own look
    assert "verified" not in ready.lower()
    host.post(cockpit_of(found), {"do": "open"})
    assert "At the door" in text(host.get(cockpit_of(found)))


def test_what_cannot_be_done_is_said_on_the_cockpit_itself(as_host):
    found = factories.circle("Wren")
    refused = as_host(found.leader).post(cockpit_of(found), {"do": "open"})
    assert refused.status_code == 409
    assert "Not just now" in text(refused)
    assert "Who helps" in text(refused)


def test_the_cockpit_to_the_end(as_host):
    found = doors_open("Wren", level="high")
    host = as_host(found.leader)
    browser, door = Client(), f"/m/{token(found, 'Wren')}/"
    browser.post(door, {"do": "arrive"})
    arrival = arrivals_on(host.get(cockpit_of(found)))[0]

    host.post(cockpit_of(found), {"do": "hold", "arrival": arrival})
    assert "You asked them to wait" in text(host.get(cockpit_of(found)))
    assert "asks you to wait a little longer" in text(browser.get(door))
    host.post(cockpit_of(found), {"do": "admit", "arrival": arrival})
    assert "They lock by themselves at 19:10 (Berlin time)" in text(host.get(cockpit_of(found)))
    host.post(cockpit_of(found), {"do": "remove", "arrival": arrival})
    assert "Let them wait again" in text(host.get(cockpit_of(found)))
    host.post(cockpit_of(found), {"do": "hold", "arrival": arrival})
    host.post(cockpit_of(found), {"do": "admit", "arrival": arrival})

    assert host.post(cockpit_of(found), {"do": "lock"}).status_code == 409
    host.post(cockpit_of(found), {"do": "card"})
    host.post(cockpit_of(found), {"do": "lock"})
    assert "Locked" in text(host.get(cockpit_of(found)))
    host.post(cockpit_of(found), {"do": "unlock"})
    host.post(cockpit_of(found), {"do": "close"})
    after = text(host.get(cockpit_of(found)))
    assert "1 person came." in after
    assert "not read" not in after


def test_tec3_a_host_asks_and_whoever_waits_answers_with_one_tap(as_host):
    found = doors_open("Wren")
    host, browser, door = as_host(found.leader), Client(), f"/m/{token(found, 'Wren')}/"
    browser.post(door, {"do": "arrive"})
    arrival = arrivals_on(host.get(cockpit_of(found)))[0]
    version = queries.door_version(found.meeting_id)
    browser.post(door, {"do": "answer", "answer": "yes"})  # to nothing that was asked
    assert host.post(cockpit_of(found), {"do": "ask", "arrival": arrival, "question": "age"}).status_code == 404

    host.post(cockpit_of(found), {"do": "ask", "arrival": arrival, "question": "alone"})
    assert queries.door_version(found.meeting_id) != version
    assert "Does nobody else hear? No answer yet" in text(host.get(cockpit_of(found)))
    assert "Are you in a place where nobody else hears?" in text(browser.get(door))
    assert "A host asks" not in text(Client().get(door))
    browser.post(door, {"do": "answer", "answer": "my name is Wren"})
    browser.post(door, {"do": "answer", "answer": "no"})
    assert "A host asks" not in text(browser.get(door))
    assert "Does nobody else hear? No" in text(host.get(cockpit_of(found)))
    host.post(cockpit_of(found), {"do": "admit", "arrival": arrival})
    assert host.post(cockpit_of(found), {"do": "ask", "arrival": arrival, "question": "wait"}).status_code == 409


def test_an_unknown_button_and_another_groups_meeting_are_404(as_host):
    found, other = factories.circle("Wren"), factories.circle()
    host = as_host(found.leader)
    assert host.post(cockpit_of(found), {"do": "dance"}).status_code == 404
    assert host.get(f"/groups/{found.id}/meetings/{other.meeting_id}/").status_code == 404
    assert host.post(f"/groups/{found.id}/meetings/{other.meeting_id}/", {"do": "open"}).status_code == 404


def test_kit8_looking_at_recording_takes_a_dated_word(as_host):
    found = factories.circle("Wren")
    host, page = as_host(found.leader), cockpit_of(found) + "recording/"
    assert "Assistants or bots that take notes" in text(host.get(page))
    assert host.post(page, {}).status_code == 422
    host.post(page, {"seen": "on"})
    answer = queries.answers(found.meeting_id)["recording-off"]
    assert (answer.holds, answer.evidence, answer.by) == (False, "attested", found.leader.id)


def test_tec1_planning_tells_what_speaks_against_each_way(as_host):
    found = factories.circle()
    host, page = as_host(found.leader), f"/groups/{found.id}/meetings/plan/"
    shown = text(host.get(page))
    assert "numbers can show on screens and on bills" in shown
    assert "Berlin time" in shown
    assert "a person" in shown  # the kind of word behind each promise of the service
    plan = {"format": "online", "first_on": "2026-12-01", "local_time": "19:00", "minutes": "60", "every": "week"}

    wrong = host.post(page, plan)
    assert wrong.status_code == 422
    assert "Choose the service" in text(wrong)
    http = host.post(page, plan | {"provider_name": "outside-link", "address": "http://x.example"})
    assert "must begin with https://" in text(http)
    assert host.post(page, plan | {"provider_name": "outside-link", "address": LINK}).status_code == 302
    assert len(queries.series_of(found.id)) == 2


def test_times_are_those_of_the_groups_own_clock_everywhere(as_host):
    found = factories.circle("Wren")
    host = as_host(found.leader)
    for path in (f"/groups/{found.id}/meetings/", "/meetings/", cockpit_of(found), f"/groups/{found.id}/"):
        shown = text(host.get(path))
        assert "19:00" in shown, path
        assert "18:00" not in shown, path
        assert "Berlin time" in shown, path


def test_a_meeting_is_cancelled_and_held_after_all(as_host):
    found = factories.circle("Wren")
    host, page = as_host(found.leader), f"/groups/{found.id}/meetings/"
    host.post(cockpit_of(found) + "cancel/")
    assert "Cancelled. Hold it after all" in text(host.get(page))
    host.post(cockpit_of(found) + "cancel/", {"do": "restore"})
    assert found.facts.state == "planned"


def test_a_series_says_what_ending_it_does_and_never_shows_its_address(as_host):
    found = factories.circle("Wren")
    host, page = as_host(found.leader), f"/groups/{found.id}/meetings/series/{found.facts.series_id}/"
    shown = host.get(page)
    assert "Every Monday, 19:00" in text(shown)
    assert "cannot be undone" in text(shown)
    assert "velvet-sparrow" not in shown.content.decode()
    assert host.post(page + "address/", {"address": "nonsense"}).status_code == 422
    assert host.post(page + "address/", {"address": "https://meet.example.org/two"}).status_code == 302
    assert host.get(page + "end/").status_code == 405
    host.post(page + "end/")
    assert host.get(page).status_code == 404


def test_someone_on_the_team_can_say_that_they_do_not_come(as_host):
    found = factories.circle("Wren")
    host, page = as_host(found.leader), cockpit_of(found) + "people/"
    host.post(page, {"person_id": found.second.id, "part": "door"})
    assert "Keeps the door" in text(host.get(page))
    host.post(page, {"do": "release", "person_id": found.second.id})
    assert queries.helpers(found.meeting_id) == []


def test_the_own_page_says_when_the_door_opens(at, as_member):
    found = factories.circle("Wren")
    wren = as_member(found, "Wren")
    assert "Monday 23 November, 19:00 (Berlin time)" in text(wren.get("/me/"))
    assert "Your door opens at 18:45." in text(wren.get("/me/"))
    at(found.facts.opens_at + timedelta(seconds=1))
    assert "Your door works now." in text(wren.get("/me/"))
    roster.pause(by=found.members["Wren"].id, group_id=found.id, member_id=found.members["Wren"].id, now=NOW)
    assert "on a pause" in text(wren.get("/me/"))


def test_today_reminds_a_host_to_close_what_has_ended(at, as_host):
    found = doors_open("Wren")
    host = as_host(found.leader)
    assert "A meeting is running" in text(host.get("/today/"))
    at(found.facts.ends_at)
    assert "Close the meeting" in text(host.get("/today/"))


def test_acc1_hosts_read_that_an_interpreter_comes_and_neither_who_nor_for_whom(as_host):
    found = factories.circle("Wren")
    by: dict[str, Any] = {"by": found.leader.id, "group_id": found.id, "now": NOW}
    helper = access.list_helper(kind="interpreter", name="Iris Long", reach="030 99", **by)
    access.note_promise(helper_id=helper, **by)
    host = as_host(found.leader)
    assert "An interpreter comes." not in text(host.get(cockpit_of(found)))
    access.place_helper(helper_id=helper, meeting_id=found.meeting_id, **by)
    shown = text(host.get(cockpit_of(found)))
    assert "An interpreter comes. They promised to keep what they hear." in shown
    assert "Iris" not in shown
