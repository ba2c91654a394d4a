"""The paper kit without a phone: it works, after a day in which every leader of every team of theirs can say no."""

import pytest

from circlekeeper.areas.leaders import actions, errors, queries
from circlekeeper.areas.leaders.models import Recovery
from circlekeeper.areas.leaders.tests.test_keys import readable, todos, with_people
from circlekeeper.areas.leaders.tests.test_pages import browser_of, text
from circlekeeper.foundation import clock
from circlekeeper.foundation.accounts import actions as accounts_do
from circlekeeper.foundation.accounts import hasher
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.accounts.models import Person
from circlekeeper.foundation.accounts.tests import factories as people
from circlekeeper.foundation.accounts.tests.factories import PASSPHRASE
from circlekeeper.foundation.guard import outside_action
from circlekeeper.foundation.permissions import RoleName
from circlekeeper.foundation.vault import userkeys
from circlekeeper.foundation.vault.ring import KeyRing

pytestmark = pytest.mark.django_db(databases=["default", "shred"])
NEW = "lantern orchard seventeen pebble"


def typed(someone, **other):
    given = {"handle": someone.handle, "words": someone.kit, "new": NEW, "again": NEW}
    return people.browser().post("/sign-in/no-phone/", given | other)


def a_day_passes() -> None:
    with outside_action("a day passes"):
        Recovery.objects.update(opens_at=clock.now())


def test_tec11_the_kit_alone_opens_after_a_day_and_keeps_the_keys():
    found = with_people()
    before = readable(found, found.second.ring)
    assert "Your paper fits" in text(typed(found.second))
    early = typed(found.second)
    assert early.status_code == 422
    assert "a day to object" in text(early)
    assert (
        people.browser().post("/sign-in/", {"login": found.second.handle, "password": PASSPHRASE}).status_code
        == 302
    )

    a_day_passes()
    assert "Your new passphrase is set" in text(typed(found.second))

    assert (
        people.browser().post("/sign-in/", {"login": found.second.handle, "password": PASSPHRASE}).status_code
        == 422
    )
    kek = hasher.opened(NEW, Person.objects.get(pk=found.second.id).password)
    assert kek
    assert readable(found, KeyRing(userkeys.unlock_with_kek(found.second.id, kek))) == before
    assert not accounts.has_factor(found.second.id), "until a new one is set, every role rests"
    assert queries.way_of(found.second.id, now=clock.now()) is None


def test_tec11_leaders_of_each_group_hear_of_it_and_stop_it():
    found, other = with_people(1), with_people(1)
    accounts_do.grant_role(
        by=other.leader.id, person_id=found.second.id, place=other.id, role=RoleName.FACILITATOR, now=clock.now()
    )
    typed(found.second)
    for leader in (found.leader, other.leader):
        (told,) = [each for each in todos(leader, clock.now()) if "way-back" in each.url]
        assert found.second.handle in told.title
    browser_of(other.leader).post(told.url, {"step": "stop"})
    a_day_passes()
    assert "Your paper fits" in text(typed(found.second)), "it begins anew, with a new day"
    assert (
        people.browser().post("/sign-in/", {"login": found.second.handle, "password": PASSPHRASE}).status_code
        == 302
    )


def test_tec11_a_wrong_word_begins_nothing():
    found = with_people(1)
    assert typed(found.second, words="abandon " * 11 + "about").status_code == 422
    assert not Recovery.objects.exists()


def test_tec11_one_way_back_at_a_time():
    found = with_people(1)
    actions.begin_way_back(by=found.leader.id, group_id=found.id, person_id=found.second.id, now=clock.now())
    with pytest.raises(errors.WayUnderWay):
        actions.begin_with_kit(by=found.second.id, now=clock.now())
    assert "A way back is open already" in text(typed(found.second))
