"""Two groups that exist already move in with their lists: three hundred people each, as other services export them."""

import re
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from circlekeeper.areas.meetings import queries as meetings
from circlekeeper.areas.roster import queries as roster
from circlekeeper.areas.roster.tests import import_files as files
from circlekeeper.foundation import clock, ledger
from tests.journeys import story

pytestmark = pytest.mark.django_db(databases=["default", "shred"])
COME = 3


def _open_group(leader: story.Browser, cohost_name: str, yes: set[str], level: str) -> tuple[str, story.Browser]:
    group_id = story.new_group(leader, yes=yes, level=level)
    _ben, cohost = story.second_holder(leader, group_id, cohost_name)
    story.plan(leader, group_id)
    leader.send(f"/groups/{group_id}/agreements/publish/")
    story.keep_promises(leader, group_id)
    leader.send(f"/groups/{group_id}/safety/open/")
    return group_id, cohost


def _bring(leader: story.Browser, group_id: str, name: str, content: bytes) -> str:
    """The file, its columns as proposed, a look, yes; returns the page that says what came and what was left behind."""
    path = f"/groups/{group_id}/people/import/"
    columns = leader.send(path, file=SimpleUploadedFile(name, content))
    html = leader.see(columns)
    goes = {
        field: (re.findall(r'value="([^"]*)" selected', options) or ["drop"])[0]
        for field, options in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', html, re.DOTALL)
    }
    look = leader.send(columns, **goes)
    shown = story.plain(leader.see(look))
    leader.send(look, do="bring")
    return shown


def _sheets(leader: story.Browser, group_id: str) -> list[str]:
    """Every sheet of keys, one after the other; all keys on them."""
    keys: list[str] = []
    while roster.without_key(group_id):
        page = leader.send(f"/groups/{group_id}/people/keys/", 200)
        assert len(page.encode()) < 60_000
        assert "For <bdi>person" in page
        keys += [story.plain(each) for each in re.findall(r'<p class="letters">(.*?)</p>', page)]
    return keys


def _say_yes(key: str) -> story.Browser:
    """Somebody enters with the key from their slip, reads, and says yes."""
    member = story.own_page(key)
    page = member.see("/me/agree/")
    boxes = re.findall(r"<input[^>]*checkbox[^>]*>", page)
    ticks = {found.group(1): "on" for each in boxes if (found := re.search(r'name="([^"]+)"', each))}
    if 'name="signature"' in page:
        ticks["signature"] = "By my hand"
    member.send("/me/agree/", seen=story.hidden(page, "seen"), **ticks)
    member.send("/me/emergency/", area="Northtown", number="112")
    return member


@pytest.mark.parametrize(
    ("yes", "level", "file_name", "export"),
    [
        (set(), "low", "answers.csv", files.form_answers),
        (story.YES, "high", "registrants.csv", files.zoom_registrants),
    ],
    ids=["a form's answers", "registrants of video meetings"],
)
def test_reg3_three_hundred_people_of_a_list_come_into_a_group_and_to_its_meeting(
    yes: set[str], level: str, file_name: str, export: Callable[[], bytes]
) -> None:
    _ada, leader = story.signed_in("ada")
    group_id, cohost = _open_group(leader, "ben", yes, level)
    before = leader.forms

    shown = _bring(leader, group_id, file_name, export())
    assert "300" in shown
    assert (
        "What brings you here?" in shown or "anything you would like to tell us" in shown
    )  # left behind, and said so
    keys = _sheets(leader, group_id)
    assert len(set(keys)) == files.PEOPLE
    forms = leader.forms - before

    members = [_say_yes(key) for key in keys[:COME]]
    assert roster.active_count(group_id) == COME
    meeting_id = meetings.coming(group_ids=[group_id], now=clock.now())[0].id
    story.prepare(meeting_id, group_id, None, leader, cohost)
    cockpit = f"/groups/{group_id}/meetings/{meeting_id}/"
    leader.send(cockpit, do="open")
    for member in members:
        door = member.send(f"/me/door/{meeting_id}/")
        member.send(door, do="arrive")
        assert "You are in the waiting room" in member.see(door)
    for arrival in re.findall(r'name="arrival" value="([a-z0-9]+)"', leader.see(cockpit)):
        leader.send(cockpit, do="admit", arrival=arrival)
    leader.send(cockpit, do="close")
    assert f"{COME} people came" in story.plain(leader.see(cockpit))
    assert ledger.verify().ok
    assert forms == 8, "file, columns, look, five sheets"
