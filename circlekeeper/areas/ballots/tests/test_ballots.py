"""Asking everybody through their own doors, without script, and what is left of it."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from circlekeeper.areas.ballots import actions, jobs, queries
from circlekeeper.areas.ballots.models import Ballot
from circlekeeper.areas.ballots.rules import Standing
from circlekeeper.areas.meetings import actions as meetings
from circlekeeper.areas.meetings import provider
from circlekeeper.areas.meetings import queries as meetings_queries
from circlekeeper.areas.meetings.tests.conftest import as_host, at
from circlekeeper.areas.meetings.tests.factories import NOW, Circle, doors_open, let_in, token
from circlekeeper.areas.meetings.tests.test_plan import Readable
from circlekeeper.foundation import announce
from circlekeeper.foundation.errors import Refused
from circlekeeper.foundation.jobs import tables
from circlekeeper.foundation.ledger import queries as log
from circlekeeper.foundation.ledger.models import Entry
from circlekeeper.foundation.vault import shredstore

__all__ = ["as_host", "at"]
pytestmark = pytest.mark.django_db(databases=["default", "shred"])
LATER = NOW + timedelta(seconds=5)


@pytest.fixture
def readable():
    """The outside link as a service that can be asked."""
    way, before = Readable(), provider.providers()  # type: ignore[abstract]
    way.name = "outside-link"
    provider.install([way])
    yield way
    provider.install(before)


def inside(found: Circle, *aliases: str) -> dict[str, tuple[Client, str]]:
    """These people inside, each with a browser on their own door."""
    made = {}
    for alias in aliases:
        client, door = Client(), f"/m/{token(found, alias)}/"
        client.post(door, {"do": "arrive"})
        made[alias] = client, door
    admit_all(found)
    return made


def admit_all(found: Circle) -> None:
    for each in meetings_rows(found):
        if each.state == "waiting":
            meetings.admit(by=found.leader.id, group_id=found.id, arrival_id=each.id, now=NOW)


def leaving(someone: tuple[Client, str]) -> dict[str, str]:
    client, door = someone
    return {"token": door.split("/")[2], "device": client.cookies["ck_door"].value}


def meetings_rows(found: Circle) -> Any:
    return meetings_queries.at_the_door(**found.here)


def say(someone: tuple[Client, str], answer: str) -> None:
    client, door = someone
    ballot = re.findall(r'name="ballot" value="([a-z0-9]+)"', client.get(door).content.decode())[-1]
    assert client.post(door, {"do": answer, "ballot": ballot}).status_code == 302


def page(someone: tuple[Client, str]) -> str:
    return someone[0].get(someone[1]).content.decode()


def asked(found: Circle, kind: str = "recording", *, words: str = "", who: str = "", now: datetime = NOW) -> str:
    return actions.ask(
        by=found.leader.id, kind=kind, words=words, who=who, others_agree=True, now=now, **found.here
    )


def stands(found: Circle, kind: str = "recording") -> Standing:
    return next(each.standing for each in queries.ballots(**found.here, now=LATER) if each.kind == kind)


def test_faq1a_everyone_is_asked_at_their_door_and_one_no_refuses_without_a_name(as_host):
    found = doors_open("Wren", "Robin", "Linnet")
    here = inside(found, "Wren", "Robin", "Linnet")
    host, yes = as_host(found.leader), f"/groups/{found.id}/meetings/{found.meeting_id}/yes/"
    assert host.post(yes, {"do": "recording"}).status_code == 422, "those without a door are asked aloud first"
    assert host.post(yes, {"do": "recording", "recording-others_agree": "on"}).status_code == 302
    assert "May this meeting be recorded?" in page(here["Wren"])

    say(here["Wren"], "no")
    say(here["Robin"], "yes")
    waiting = [re.sub(r"/m/[a-z0-9]+/|[a-z2-7]{26}", "", page(here[each])) for each in ("Wren", "Robin")]
    assert waiting[0] == waiting[1], "a yes and a no look alike"
    assert stands(found) is Standing.ASKING, "nothing is told before all have answered"
    say(here["Linnet"], "yes")

    assert stands(found) is Standing.OVER
    told = host.get(yes).content.decode().partition("Showing a screen")[0]
    assert "No recording." in told
    assert "Wren" not in told + page(here["Robin"])
    assert "This meeting is not recorded." in page(here["Linnet"])
    ballot = Ballot.objects.get()
    given = log.entries_about(ballot.pk)
    assert [(each.verb, each.by) for each in given] == [("ballots.answer.give", "visitor")] * 3
    assert not any(each.id.encode() in bytes(ballot.sealed) for each in meetings_rows(found))


def test_faq1a_a_late_joiner_pauses_it_and_a_yes_taken_back_ends_it(as_host):
    found = doors_open("Wren", "Robin", "Linnet", "Finch")
    here = inside(found, "Wren", "Robin", "Linnet")
    asked(found)
    for each in here.values():
        say(each, "yes")
    assert stands(found) is Standing.ALLOWED
    assert not actions.recording_seen(by="system", now=LATER, **found.here), "what all allowed pauses nothing"

    here |= inside(found, "Finch")
    assert stands(found) is Standing.ASKING
    for each in here.values():
        say(each, "yes")
    assert stands(found) is Standing.ALLOWED
    say(here["Robin"], "no")
    assert stands(found) is Standing.OVER
    assert "Robin" not in "".join(page(each) for each in here.values())
    with pytest.raises(Refused, match="holds for this meeting"):
        asked(found, now=LATER)


def test_faq1a_nothing_is_left_of_the_answers_after_the_meeting():
    found = doors_open("Wren", "Robin", "Linnet")
    inside(found, "Wren", "Robin", "Linnet")
    actions.end(by="visitor", ballot_id=asked(found), now=NOW, **found.here)
    asked(found, now=LATER)
    actions.end_recordings(by="system", group_id=found.id, now=LATER)
    assert stands(found) is Standing.OVER
    secrets = list(Ballot.objects.values_list("secret_id", flat=True))
    assert len(secrets) == 2
    meetings.close_meeting(by=found.leader.id, now=LATER, **found.here)
    announce.deliver_due(announce.installed(), LATER + timedelta(minutes=1))

    assert not Ballot.objects.exists()
    assert shredstore.secrets(secrets) == {}


def test_faq1a_recording_is_locked_off_at_high_and_nothing_is_asked_of_two():
    high = doors_open("Wren", "Robin", "Linnet", level="high")
    inside(high, "Wren", "Robin", "Linnet")
    with pytest.raises(Refused, match="never recorded|nothing is ever recorded"):
        asked(high)
    few = doors_open("Wren", "Robin")
    inside(few, "Wren", "Robin")
    with pytest.raises(Refused, match="Fewer than three"):
        asked(few)


def test_fmt9_tec6_a_screen_is_shown_once_and_only_with_every_yes(as_host):
    found = doors_open("Wren", "Robin", "Linnet", "Finch")
    here = inside(found, "Wren", "Robin", "Linnet")
    with pytest.raises(Refused):
        asked(found, "share")
    asked(found, "share", words="A drawing by my son", who="Wren")
    assert "A drawing by my son" in page(here["Robin"])
    say(here["Linnet"], "no")
    say(here["Robin"], "yes")
    say(here["Wren"], "yes")
    assert stands(found, "share") is Standing.OVER
    assert "Linnet" not in page(here["Wren"])
    assert "A drawing by my son" not in page(here["Wren"])

    meetings.step_out(by="visitor", now=NOW, **leaving(here["Linnet"]))
    with pytest.raises(Refused, match="whose no it was|Fewer than three"):
        asked(found, "share", words="A drawing by my son", who="Wren", now=LATER)
    here |= inside(found, "Finch")
    with pytest.raises(Refused, match="whose no it was"):
        asked(found, "share", words="A drawing by my son", who="Wren", now=LATER)
    here["Linnet"][0].post(here["Linnet"][1], {"do": "arrive"})
    admit_all(found)
    newest = asked(found, "share", words="A breathing exercise", who="Wren", now=LATER)
    for each in here.values():
        say(each, "yes")
    assert stands(found, "share") is Standing.ALLOWED
    granted = [each.verb for each in log.entries_about(found.meeting_id)]
    assert granted.count("ballots.share.allowed") == 1
    host = as_host(found.leader)
    shown = f"/groups/{found.id}/meetings/{found.meeting_id}/yes/"
    assert "A breathing exercise" in host.get(shown).content.decode()
    assert host.post(shown, {"do": "end", "ballot": newest}).status_code == 302
    assert stands(found, "share") is Standing.OVER
    assert not any(b"breathing" in bytes(each.leaf) for each in Entry.objects.all())
    assert not any(b"breathing" in bytes(each.sealed) for each in Ballot.objects.all())


def test_fmt7_a_recording_that_nobody_allowed_pauses_the_meeting(as_host):
    found = doors_open("Wren", "Robin")
    here = inside(found, "Wren")
    assert "phone that films a screen" in Client().get(f"/m/{token(found, 'Robin')}/").content.decode()
    assert actions.recording_seen(by="system", now=LATER, **found.here)

    assert "The meeting is paused" in page(here["Wren"])
    host, cockpit = as_host(found.leader), f"/groups/{found.id}/meetings/{found.meeting_id}/"
    assert "The meeting is paused" in host.get(cockpit).content.decode()
    with pytest.raises(Refused, match="paused"):
        let_in(found, token(found, "Robin"), now=LATER)
    host.post(cockpit, {"do": "resume"})
    let_in(found, token(found, "Robin"), now=LATER)
    assert "The meeting is paused" not in page(here["Wren"])


def test_fmt8_small_rooms_are_opened_only_when_watched(as_host):
    high = doors_open("Wren", level="high")
    ask = {"by": high.leader.id, "now": LATER, **high.here}
    with pytest.raises(Refused, match="fewer rooms than the 3"):
        actions.open_rooms(stays=[high.leader.id, high.second.id, ""], **ask)
    with pytest.raises(Refused, match="two rooms"):
        actions.open_rooms(stays=[high.leader.id, high.leader.id], **ask)
    actions.open_rooms(stays=[high.leader.id, high.second.id], **ask)

    found = doors_open("Wren")
    host, page_ = as_host(found.leader), f"/groups/{found.id}/meetings/{found.meeting_id}/rooms/"
    assert host.post(page_, {"do": "open"}).status_code == 422
    host.post(page_, {"do": "open", "room1": "visited", "room2": found.second.id})
    first, second = queries.open_rooms(**found.here, now=NOW + timedelta(minutes=11))
    assert (first.late, second.late) == (True, False)
    host.post(page_, {"do": "visit", "room": first.id})
    assert "Last looked into" in host.get(page_).content.decode()
    assert log.entries_about(first.id)[0].by == found.leader.id
    meetings.close_meeting(by=found.leader.id, now=LATER, **found.here)
    announce.deliver_due(announce.installed(), LATER + timedelta(minutes=1))
    assert queries.open_rooms(**found.here, now=LATER) == []


def test_fmt7_tec7_a_service_that_says_it_records_pauses_the_meeting(readable):
    found = doors_open("Wren")
    for seen, paused in (("off", False), ("unknown", False), ("transcript on", True)):
        readable.seen["recording-off"] = seen
        jobs.watch(LATER)
        assert (found.facts.paused_at is not None) is paused, seen
    waiting = tables.events().filter(name__contains="RecordingSeen")
    jobs.watch(LATER)
    assert [each.payload["meeting_id"] for each in waiting] == [found.meeting_id], "told once, until it goes on"
