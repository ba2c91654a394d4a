"""Somebody waits for keys; a team that sits still is locked out after its level's time."""

from datetime import timedelta

import pytest

from circlekeeper.areas.joining.tests import factories
from circlekeeper.areas.leaders.tests.test_keys import todos
from circlekeeper.areas.leaders.tests.test_pages import browser_of, text
from circlekeeper.foundation import clock
from circlekeeper.foundation.accounts import actions as accounts_do
from circlekeeper.foundation.accounts import opening
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.accounts.tests import factories as people
from circlekeeper.foundation.permissions import RoleName
from circlekeeper.foundation.vault import groupkeys
from circlekeeper.foundation.vault.models import KeySession

pytestmark = pytest.mark.django_db(databases=["default", "shred"])


def newcomer(found, **more):
    fay = people.person("fay", **more)
    accounts_do.grant_role(
        by=found.leader.id,
        person_id=fay.id,
        place=found.id,
        role=RoleName.FACILITATOR,
        now=clock.now(),
        keyed=False,
    )
    return fay


def test_pol5_today_names_who_waits_for_keys_and_leads_to_the_one_button():
    found = factories.circle(level="low")
    fay = newcomer(found)
    for holder in (found.leader, found.second):
        (told,) = todos(holder, clock.now())
        assert told.title == "fay waits for keys"
    assert todos(fay, clock.now()) == []

    second = browser_of(found.second)
    assert "The words match: give keys" in text(second.get(told.url))
    assert second.post(told.url).status_code == 302

    assert fay.ring.can(found.id, groupkeys.Scope.DOOR)
    assert accounts.waiting_for_keys(found.id) == ()
    assert todos(found.second, clock.now()) == []


def test_pol5_nobody_is_asked_to_give_keys_to_somebody_without_a_second_factor():
    found = factories.circle(level="low")
    newcomer(found, factor=False)
    assert todos(found.leader, clock.now()) == []


@pytest.mark.parametrize(("level", "minutes"), [("low", 60), ("medium", 30), ("high", 15)])
def test_tec13_keys_lock_after_the_quiet_minutes_of_the_strictest_group(level, minutes):
    found = factories.team(level=level)
    assert opening.idle_of(found.leader.id) == timedelta(minutes=minutes)
    browser_of(found.leader)
    assert KeySession.objects.get(subject=found.leader.id).idle_seconds == minutes * 60


def test_tec13_a_person_without_a_group_has_half_an_hour():
    assert opening.idle_of(people.person("fay").id) == timedelta(minutes=30)


def test_a_proof_is_stamped_in_whole_seconds_like_our_clock():
    found = factories.circle(level="low")
    who = people.who_of(browser_of(found.leader))
    assert who.proved_at is not None
    assert who.proved_at.microsecond == 0
    assert who.proved_at <= clock.now()
