"""My account was taken: one press, and nothing the thief has is worth anything (TEC13)."""

import pytest

from circlekeeper.areas.joining.tests import factories
from circlekeeper.areas.leaders import actions
from circlekeeper.areas.leaders.tests.test_keys import opens_with, readable, taken_along, todos, with_people
from circlekeeper.areas.leaders.tests.test_pages import browser_of, text
from circlekeeper.areas.meetings import actions as meetings_do
from circlekeeper.areas.meetings import queries as meetings_queries
from circlekeeper.areas.meetings.rules import DoorAnswer
from circlekeeper.areas.meetings.tests import factories as meetings
from circlekeeper.foundation import clock
from circlekeeper.foundation.accounts import actions as accounts_do
from circlekeeper.foundation.accounts import hasher
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.accounts.tests import factories as people
from circlekeeper.foundation.accounts.tests.factories import PASSPHRASE
from circlekeeper.foundation.ledger.models import Entry
from circlekeeper.foundation.permissions import RoleName
from circlekeeper.foundation.vault import groupkeys, userkeys
from circlekeeper.foundation.vault.envelope import SealBroken
from circlekeeper.foundation.vault.models import KeySession
from circlekeeper.foundation.vault.ring import KeyRing, NoGrant

pytestmark = pytest.mark.django_db(databases=["default", "shred"])
NEW = "lantern orchard seventeen pebble"
CHOSEN = {"new": NEW, "again": NEW}


def test_tec13_every_old_meeting_link_is_dead_and_members_get_new_ones():
    found = meetings.circle("Wren", ready=True)
    member = found.members["Wren"].id
    old = meetings_do.give_link(by=member, **found.here, now=meetings.NOW)
    assert meetings_queries.place(token=old, device="", now=meetings.NOW).answer is not DoorAnswer.REVOKED

    opened, secret = userkeys.unlock_with_kek(found.leader.id, found.leader.kek), hasher.split(NEW)
    actions.take_back(by=found.leader.id, opened=opened, secret=secret, now=meetings.NOW)

    assert meetings_queries.place(token=old, device="", now=meetings.NOW).answer is DoorAnswer.REVOKED
    new = meetings_do.give_link(by=member, **found.here, now=meetings.NOW)
    assert meetings_queries.place(token=new, device="", now=meetings.NOW).answer is not DoorAnswer.REVOKED


def test_tec13_every_old_session_and_key_is_dead():
    found = with_people()
    thief, victim = browser_of(found.leader), people.browser()
    people.sign_in(victim, found.leader, ahead=1)
    stolen = userkeys.unlock_with_kek(found.leader.id, found.leader.kek)
    copied, before = taken_along(found, found.leader), readable(found, found.second.ring)

    page = victim.post("/account/taken/", CHOSEN)

    assert "They are shut out" in text(page)
    assert thief.get("/account/").status_code == victim.get("/account/").status_code == 302
    assert not KeySession.objects.filter(subject=found.leader.id).exists()
    assert (
        people.browser().post("/sign-in/", {"login": found.leader.handle, "password": PASSPHRASE}).status_code
        == 422
    )
    with pytest.raises(NoGrant):
        KeyRing(stolen).scope_key(found.id, groupkeys.Scope.ROSTER)
    with pytest.raises(SealBroken):
        userkeys.unlock_with_kit(found.leader.id, found.leader.kit)
    assert opens_with(found, copied) == 0
    assert readable(found, found.second.ring) == before
    again = people.browser()
    assert again.post("/sign-in/", {"login": found.leader.handle, "password": NEW}).status_code == 302
    assert not accounts.kit_checked(found.leader.id)
    assert Entry.objects.filter(action="leaders.account.taken", subject=found.id).count() == 1


def test_tec13_whoever_took_it_back_still_opens_everything_with_the_new_passphrase():
    found = with_people()
    before = readable(found, found.second.ring)
    browser = browser_of(found.leader)
    browser.post("/account/taken/", CHOSEN)
    fresh = people.browser()
    fresh.post("/sign-in/", {"login": found.leader.handle, "password": NEW})
    fresh.post("/sign-in/factor/", {"code": found.leader.code(1)})
    assert readable(found, people.ring_of(fresh)) == before
    assert {holder.person_id for holder in groupkeys.holders(found.id)} == {found.leader.id, found.second.id}


def test_tec13_the_paper_kit_does_the_same_from_outside():
    found = with_people(1)
    thief = browser_of(found.leader)
    given = {"handle": found.leader.handle, "words": found.leader.kit, "code": found.leader.code(1)}
    assert "do not fit" in text(people.browser().post("/sign-in/taken/", given | CHOSEN | {"words": "no kit"}))
    assert "They are shut out" in text(people.browser().post("/sign-in/taken/", given | CHOSEN))
    assert thief.get("/account/").status_code == 302
    assert "/sign-in/taken/" in people.browser().get("/sign-in/forgotten/").content.decode()


def test_tec13_whoever_held_a_part_waits_for_keys_and_a_co_leader_changes_them():
    found = with_people(1)
    fay = people.person("fay")
    accounts_do.grant_role(
        by=found.leader.id,
        person_id=fay.id,
        place=found.id,
        role=RoleName.FACILITATOR,
        now=clock.now(),
        keyed=True,
    )
    part = frozenset({groupkeys.Scope.DOOR})
    groupkeys.grant(ring=found.leader.ring, group_id=found.id, to=fay.id, scopes=part, now=clock.now())

    browser_of(fay).post("/account/taken/", CHOSEN)

    assert [role.person_id for role in accounts.waiting_for_keys(found.id)] == [fay.id]
    urls = [each.url for each in todos(found.leader, clock.now())]
    assert f"/groups/{found.id}/team/keys/" in urls


def test_tec13_the_other_leaders_hear_of_it_on_today_and_the_victim_does_not():
    found = with_people(1)
    browser_of(found.leader).post("/account/taken/", CHOSEN)
    (told,) = todos(found.second, clock.now())
    assert found.leader.handle in told.title
    assert todos(found.leader, clock.now()) == []


def test_tec13_a_weak_new_passphrase_changes_nothing():
    found = factories.circle()
    browser = browser_of(found.leader)
    assert browser.post("/account/taken/", {"new": "short", "again": "short"}).status_code == 422
    assert browser.get("/account/").status_code == 200
