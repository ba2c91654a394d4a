"""TEC12 where people meet it: a quarter later a leader says who is still needed."""

from datetime import timedelta

import pytest
import time_machine

from circlekeeper.foundation import clock
from circlekeeper.foundation.accounts import actions, queries
from circlekeeper.foundation.accounts.models import Invitation
from circlekeeper.foundation.accounts.tests import factories
from circlekeeper.foundation.permissions import RoleName
from tests.journeys import story

pytestmark = pytest.mark.django_db(databases=["default", "shred"])
QUARTER = timedelta(days=93)
PLACE = "g1"


@pytest.fixture
def leader():
    someone = factories.person("wren")
    actions.grant_role(by=someone.id, person_id=someone.id, place=PLACE, role=RoleName.LEADER, now=clock.now())
    return someone


def helper(handle, place=PLACE):
    someone = factories.person(handle)
    role_id = actions.grant_role(
        by="system", person_id=someone.id, place=place, role=RoleName.FACILITATOR, now=clock.now()
    )
    return someone, role_id


def test_tec12_a_leader_says_that_a_role_is_still_needed(leader):
    _finch, role_id = helper("finch")
    with time_machine.travel(clock.now() + QUARTER, tick=False):
        here = factories.browser()
        factories.sign_in(here, leader)
        assert here.get(f"/groups/{PLACE}/team/roles/").content.count(b"Still needed") == 2

        said = here.post(f"/groups/{PLACE}/team/roles/", {"role": role_id})

        assert said.headers["Location"] == f"/groups/{PLACE}/team/roles/"
        assert role_id not in {role.id for role in queries.to_confirm(PLACE, now=clock.now())}
        assert here.get(f"/groups/{PLACE}/team/roles/").content.count(b"Still needed") == 1


def test_nobody_speaks_for_a_role_elsewhere_or_without_the_right_to(leader):
    finch, mine = helper("finch")
    _robin, elsewhere = helper("robin", "g2")
    with time_machine.travel(clock.now() + QUARTER, tick=False):
        here, facilitator = factories.browser(), factories.browser()
        factories.sign_in(here, leader)
        factories.sign_in(facilitator, finch)

        assert here.post(f"/groups/{PLACE}/team/roles/", {"role": elsewhere}).status_code == 404
        assert facilitator.post(f"/groups/{PLACE}/team/roles/", {"role": mine}).status_code == 404
        assert {role.id for role in queries.to_confirm("g2", now=clock.now())} == {elsewhere}


def test_addresses_to_hand_over_are_the_public_ones(settings):
    """Behind a front server the request itself came over plain http; the address people get must not."""
    _ada, browser = story.signed_in("ada")
    group_id = story.new_group(browser)
    settings.PUBLIC_URL = "https://circle.example"

    page = browser.client.post(f"/groups/{group_id}/team/invite/", {"role": "facilitator"}).content.decode()

    assert f"https://circle.example/invited/{Invitation.objects.get().pk}/" in page
    assert "http://" not in page
