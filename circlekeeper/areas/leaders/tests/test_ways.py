"""Coming back without passphrase and kit: a co-leader opens the door, or two of three papers; the others have a day."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from circlekeeper.areas.joining.tests.factories import Circle
from circlekeeper.areas.leaders import actions, errors, queries
from circlekeeper.areas.leaders.models import Recovery
from circlekeeper.areas.leaders.tests.test_keys import change, readable, third_holder, todos, with_people
from circlekeeper.areas.leaders.tests.test_pages import browser_of, text
from circlekeeper.foundation import clock
from circlekeeper.foundation.accounts import actions as accounts_do
from circlekeeper.foundation.accounts import hasher
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.accounts.models import Person
from circlekeeper.foundation.accounts.tests import factories as people
from circlekeeper.foundation.accounts.tests.factories import PASSPHRASE
from circlekeeper.foundation.backup import closing, reconciling
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.guard import outside_action
from circlekeeper.foundation.permissions import MACHINE, RoleName
from circlekeeper.foundation.vault import groupkeys, userkeys
from circlekeeper.foundation.vault.models import Grant, PersonKey
from circlekeeper.foundation.vault.ring import KeyRing

pytestmark = pytest.mark.django_db(databases=["default", "shred"])
NEW = "lantern orchard seventeen pebble"
DAY = timedelta(hours=24)


def opened_door(found: Circle, *, now=None) -> actions.WayBack:
    return actions.begin_way_back(
        by=found.leader.id, group_id=found.id, person_id=found.second.id, now=now or clock.now() - DAY
    )


def enter(way: actions.WayBack, code: str = ""):
    return people.browser().post(way.path, {"code": code or way.code, "new": NEW, "again": NEW})


def signed_in_again(found: Circle):
    """The second leader, back with a new passphrase, a new second factor and a new kit."""
    secret = hasher.opened(NEW, Person.objects.get(pk=found.second.id).password)
    assert secret
    accounts_do.add_app(by=found.second.id, secret="JBSWY3DPEHPK3PXP", counter=0, now=clock.now())
    return KeyRing(userkeys.unlock_with_kek(found.second.id, secret))


def test_tec11_a_co_leader_lets_somebody_back_in_to_the_very_end():
    found = with_people()
    before, old = readable(found, found.leader.ring), found.second.ring.secret
    shown = browser_of(found.leader).post(
        f"/groups/{found.id}/team/{found.second.id}/way-back/", {"step": "begin"}
    )
    way = queries.way_of(found.second.id, now=clock.now())
    assert way is not None
    assert f"/way-back/{way.id}/" in text(shown)
    with outside_action("a day passes"):
        Recovery.objects.update(opens_at=clock.now())
    code = next(word for word in text(shown).split() if word.count("-") == 4)

    assert "Your new passphrase is set" in text(
        people.browser().post(f"/way-back/{way.id}/", {"code": code, "new": NEW, "again": NEW})
    )

    assert (
        people.browser().post("/sign-in/", {"login": found.second.handle, "password": PASSPHRASE}).status_code
        == 422
    )
    assert not accounts.has_factor(found.second.id)
    ring = signed_in_again(found)
    assert not ring.can(found.id, groupkeys.Scope.ROSTER)
    assert not KeyRing(old).can(found.id, groupkeys.Scope.ROSTER)
    assert [role.person_id for role in accounts.waiting_for_keys(found.id)] == [found.second.id]
    accounts_do.grant_keys(
        by=found.leader.id, ring=found.leader.ring, person_id=found.second.id, place=found.id,
        scopes=groupkeys.ALL, now=clock.now() + timedelta(seconds=1),
    )  # fmt: skip
    assert readable(found, KeyRing(ring.secret)) == before
    assert enter_status(way.id, code) == 422, "once"


def enter_status(way_id: str, code: str) -> int:
    return people.browser().post(f"/way-back/{way_id}/", {"code": code, "new": NEW, "again": NEW}).status_code


def test_tec11_before_the_day_is_over_the_right_code_opens_nothing():
    found = with_people(1)
    way = opened_door(found, now=clock.now())
    page = enter(way)
    assert "day of waiting is not over" in text(page)
    with pytest.raises(NotHere):
        actions.take_way_back(
            way_id=way.id, code=way.code, secret=hasher.split(NEW), now=way.opens_at - timedelta(seconds=1)
        )
    assert (
        people.browser().post("/sign-in/", {"login": found.second.handle, "password": PASSPHRASE}).status_code
        == 302
    )


def test_tec11_a_wrong_code_and_a_way_that_never_was_look_the_same():
    found = with_people(1)
    way = opened_door(found)
    wrong = "abcde-abcde-abcde-abcde-abcde"
    assert "does not open anything" in text(enter(way, wrong))
    nothing = people.browser().post("/way-back/nothing/", {"code": wrong, "new": NEW, "again": NEW})
    assert "does not open anything" in text(nothing)
    for _try in range(20):
        enter(way, wrong)
    assert "Too many tries" in text(enter(way))


@pytest.mark.parametrize("who", ["another leader", "whose name it is"])
def test_tec11_any_leader_and_the_person_hear_of_it_and_can_stop_it(who):
    found = with_people(1)
    third = third_holder(found)
    way = opened_door(found, now=clock.now())
    stopper = third if who == "another leader" else found.second
    (told,) = [each for each in todos(stopper, clock.now()) if "way-back" in each.url]
    assert told.due == way.opens_at

    browser = browser_of(stopper)
    assert browser.get(told.url).status_code == 200
    browser.post(told.url, {"step": "stop"})

    with outside_action("a day passes"):
        Recovery.objects.update(opens_at=clock.now())
    assert "does not open anything" in text(enter(way))
    assert (
        people.browser().post("/sign-in/", {"login": found.second.handle, "password": PASSPHRASE}).status_code
        == 302
    )


def test_tec11_one_more_leader_opens_the_door_at_once_but_not_who_opened_it():
    found = with_people(1)
    third = third_holder(found)
    way = opened_door(found, now=clock.now())
    page = f"/groups/{found.id}/team/{found.second.id}/way-back/"
    assert "open the door now" not in text(browser_of(found.leader).get(page))
    for nobody in (found.leader, found.second):
        with pytest.raises(NotHere):
            actions.agree_to_way_back(by=nobody.id, person_id=found.second.id, now=clock.now())
    with pytest.raises(NotHere):
        actions.agree_to_way_back(by=with_people(1).leader.id, person_id=found.second.id, now=clock.now())
    browser_of(third).post(page, {"step": "agree"})
    assert "Your new passphrase is set" in text(enter(way))


def test_tec11_nobody_lets_in_who_also_helps_where_they_do_not_lead():
    found, other = with_people(1), with_people(1)
    accounts_do.grant_role(
        by=other.leader.id, person_id=found.second.id, place=other.id, role=RoleName.FACILITATOR, now=clock.now()
    )
    with pytest.raises(errors.NotYours):
        opened_door(found)
    accounts_do.revoke_role(
        by=other.leader.id, person_id=found.second.id, place=other.id, role=RoleName.FACILITATOR, now=clock.now()
    )
    opened_door(found)
    with pytest.raises(errors.WayUnderWay):
        opened_door(found)


def test_tec11_the_machines_administrator_is_let_in_by_no_group():
    found = with_people(1)
    accounts_do.grant_role(
        by="system", person_id=found.second.id, place=MACHINE, role=RoleName.ADMINISTRATOR, now=clock.now()
    )
    with pytest.raises(errors.NotYours):
        opened_door(found)


def test_tec11_the_database_refuses_that_one_person_agrees_with_themselves():
    found = with_people(1)
    opened_door(found)
    for same in (found.leader.id, found.second.id):
        with pytest.raises(IntegrityError), outside_action("somebody tries"), transaction.atomic():
            Recovery.objects.update(agreed_by=same)


def test_tec11_a_way_back_that_was_stopped_stays_stopped_after_an_old_backup(settings):
    found = with_people(1)
    way = opened_door(found)
    actions.stop_way_back(by=found.leader.id, person_id=found.second.id, now=clock.now())
    with outside_action("an old backup"):
        Recovery.objects.update(over_at=None, stopped_by="", code_hash=actions.ways._hash(way.id, way.code))
    assert actions.way_opens(way_id=way.id, code=way.code, now=clock.now())
    closing.close(settings.DATA_DIR, clock.now())
    assert reconciling.reconcile(by="system", now=clock.now()).again["way-back"] == 1
    assert actions.way_opens(way_id=way.id, code=way.code, now=clock.now()) is None


def without_keys(found: Circle) -> people.Someone:
    """A leader with a role and no key at all."""
    dan = people.person("dan")
    accounts_do.grant_role(
        by=found.leader.id, person_id=dan.id, place=found.id, role=RoleName.LEADER, now=clock.now(), keyed=False
    )
    return dan


def test_dat1_two_of_three_papers_bring_the_keys_back_to_the_very_end():
    found = with_people()
    before, dan = readable(found, found.leader.ring), without_keys(found)
    shown = browser_of(found.leader).post(f"/groups/{found.id}/team/papers/")
    papers = words_of_papers(shown)
    dans, page = browser_of(dan), f"/groups/{found.id}/team/papers/use/"
    assert dans.post(page, {"first": papers[0], "second": papers[0]}).status_code == 422
    assert dans.post(page, {"first": papers[2], "second": papers[0]}).status_code == 302
    assert "These papers fit" in text(dans.get(page))
    assert dans.post(page, {"first": papers[2], "second": papers[0]}).status_code == 422, "the day is not over"
    (told,) = [each for each in todos(found.second, clock.now()) if "way-back" in each.url]
    assert "dan" in told.title
    with outside_action("a day passes"):
        Recovery.objects.update(opens_at=clock.now())

    assert dans.post(page, {"first": papers[1], "second": papers[2]}).status_code == 302

    assert readable(found, dan.ring) == before
    assert accounts.waiting_for_keys(found.id) == ()


def words_of_papers(response) -> list[str]:

    words = re.findall(r"<li><bdi>([a-z]+)</bdi></li>", response.content.decode())
    assert len(words) == 36
    return [" ".join(words[at : at + 12]) for at in (0, 12, 24)]


def test_dat1_papers_are_stopped_by_any_leader_and_end_with_the_keys_they_were_made_for():
    found = with_people(1)
    dan = without_keys(found)
    now = clock.now()
    papers = actions.make_papers(by=found.leader.id, ring=found.leader.ring, group_id=found.id, now=now)
    typed = (papers[0], papers[1])
    actions.begin_papers(by=dan.id, group_id=found.id, typed=typed, now=now)
    actions.stop_way_back(by=found.second.id, person_id=dan.id, now=now)
    with pytest.raises(NotHere):
        actions.take_papers(by=dan.id, ring=dan.ring, group_id=found.id, typed=typed, now=now + DAY)

    assert queries.kit_stands(found.id) is True
    change(found, found.leader)
    assert queries.kit_stands(found.id) is False
    with pytest.raises(errors.PapersDoNotOpen):
        actions.begin_papers(by=dan.id, group_id=found.id, typed=typed, now=now)
    assert any("papers" in each.url for each in todos(found.leader, now))
    assert not dan.ring.can(found.id, groupkeys.Scope.DOOR)


def test_dat1_papers_open_after_an_old_backup_in_which_every_holder_is_lost():
    found = with_people(1)
    dan, now = without_keys(found), clock.now()
    papers = actions.make_papers(by=found.leader.id, ring=found.leader.ring, group_id=found.id, now=now)
    before = readable(found, found.leader.ring)
    with outside_action("nobody's keys open any more"):
        Grant.objects.filter(group_id=found.id, person_id=found.second.id).update(revoked_at=now)
        PersonKey.objects.filter(pk=found.leader.id).update(wrapped_by_password=b"", wrapped_by_kit=b"")
    actions.begin_papers(by=dan.id, group_id=found.id, typed=(papers[1], papers[0]), now=now)
    actions.take_papers(by=dan.id, ring=dan.ring, group_id=found.id, typed=(papers[1], papers[0]), now=now + DAY)
    assert readable(found, dan.ring) == before
