"""Interpreters and people who write captions: promised, placed, and no sign of who asked (ACC1)."""

import re
from datetime import timedelta
from typing import Any

import pytest

from circlekeeper.areas.access import actions, queries, sources
from circlekeeper.areas.access.models import Coming, Helper
from circlekeeper.areas.access.tests.factories import NOW, Circle, circle, lead, member, person
from circlekeeper.foundation.accounts.tests.factories import Someone
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.permissions import RoleName
from circlekeeper.foundation.vault import shredstore
from circlekeeper.foundation.vault.groupkeys import Scope
from circlekeeper.foundation.vault.ring import NoGrant

pytestmark = pytest.mark.django_db(databases=["default", "shred"])
MEETING = sources.MeetingFact("m" * 26, "Thursday 26 November, 19:00 (Berlin time)", NOW + timedelta(days=3))


@pytest.fixture(autouse=True)
def _one_meeting_to_come():
    before = list(sources._board)
    sources.install(meetings=lambda group_id, now: [MEETING])
    yield
    sources._board[:] = before


def text(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def listed(found: Circle, kim: Someone, kind: str = "interpreter") -> str:
    return actions.list_helper(by=kim.id, group_id=found.id, kind=kind, name="Iris", reach="030 99", now=NOW)


def test_acc1_an_interpreter_promises_first_and_is_then_put_on_a_meeting(as_host, as_owner):
    found = circle()
    kim, wren, robin = lead(found), member(found), member(found, "Robin")
    host, page = as_host(kim), f"/groups/{found.id}/access/helpers/"
    assert host.post(page, {"do": "list", "kind": "interpreter", "name": "Iris"}).status_code == 422
    assert (
        host.post(page, {"do": "list", "kind": "interpreter", "name": "Iris", "reach": "030 99"}).status_code
        == 302
    )
    (iris,) = queries.helpers(by=kim.id, about=found.id, ring=kim.ring, now=NOW)
    shown = text(host.get(page))
    assert "Iris" in shown
    assert "I save no captions" in shown
    early = host.post(page, {"do": "place", "helper": iris.id, "meeting": MEETING.id})
    assert early.status_code == 409
    assert "First read them the promise" in text(early)
    assert host.post(page, {"do": "promise", "helper": iris.id}).status_code == 302
    assert host.post(page, {"do": "place", "helper": iris.id, "meeting": MEETING.id}).status_code == 302

    # Whoever asked and whoever did not read the same words.
    asked, others = as_owner(wren.key), as_owner(robin.key)
    asked.post("/me/access/", {"words": "An interpreter, please."})
    for owner in (asked, others):
        assert "An interpreter comes. They promised to keep what they hear." in text(owner.get("/me/"))
        assert "Iris" not in text(owner.get("/me/"))
    assert queries.helping(found.id, MEETING.id) == ["An interpreter comes."]
    assert host.post(page, {"do": "off", "helper": iris.id, "meeting": MEETING.id}).status_code == 302
    assert queries.coming_to(found.id, MEETING.id) == []
    assert host.post(page, {"do": "dance"}).status_code == 404


def test_acc1_a_helper_is_no_user_sees_no_roster_and_is_linked_to_nobody_who_asked():
    fields = {field.name for model in (Helper, Coming) for field in model._meta.get_fields()}
    assert not {"member_id", "thread", "thread_id", "person_id"} & fields


def test_acc1_who_they_are_is_sealed_for_the_access_lead_and_gone_when_dropped():
    found = circle()
    kim = lead(found)
    helper = listed(found, kim)
    row = Helper.objects.get()
    assert b"Iris" not in bytes(row.blob) + bytes(row.wrap)
    host = person(found, RoleName.FACILITATOR, Scope.DOOR)
    with pytest.raises(NoGrant):
        queries.helpers(by=host.id, about=found.id, ring=host.ring, now=NOW)
    actions.note_promise(by=kim.id, group_id=found.id, helper_id=helper, now=NOW)
    about: dict[str, Any] = {"by": kim.id, "group_id": found.id, "helper_id": helper, "now": NOW}
    actions.place_helper(meeting_id=MEETING.id, **about)
    actions.place_helper(meeting_id=MEETING.id, **about)
    assert Coming.objects.count() == 1
    actions.drop_helper(**about)
    assert Coming.objects.count() == Helper.objects.count() == 0
    with pytest.raises(shredstore.Shredded):
        shredstore.secret(row.secret_id)
    with pytest.raises(NotHere):
        actions.note_promise(**about)


def test_acc1_another_groups_helper_or_a_meeting_nobody_planned_is_not_here(as_host):
    found, other = circle(), circle()
    kim, kai = lead(found), lead(other)
    helper = listed(other, kai)
    assert as_host(kim).get(f"/groups/{other.id}/access/helpers/").status_code == 404
    with pytest.raises(NotHere):
        actions.note_promise(by=kim.id, group_id=found.id, helper_id=helper, now=NOW)
    with pytest.raises(NotHere):
        actions.place_helper(by=kai.id, group_id=other.id, helper_id=helper, meeting_id="n" * 26, now=NOW)
    with pytest.raises(Refused):
        listed(found, kim, "singer")
