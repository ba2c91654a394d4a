"""A group's own page and its team: inviting, giving keys, parting."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from circlekeeper.areas.joining.tests import factories
from circlekeeper.areas.joining.tests.factories import BEFORE, NOW
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation import clock
from circlekeeper.foundation.accounts import actions as accounts_do
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.accounts import who
from circlekeeper.foundation.accounts.tests import factories as people
from circlekeeper.foundation.accounts.tests.factories import Someone
from circlekeeper.foundation.permissions import RoleName
from circlekeeper.foundation.vault import groupkeys

pytestmark = pytest.mark.django_db(databases=["default", "shred"])


def text(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.fixture(autouse=True)
def _gallery_house() -> None:
    """These pages stand in the real house, not in the gallery of this floor's other tests."""


@pytest.fixture
def as_host(monkeypatch: pytest.MonkeyPatch) -> Callable[[Someone], Client]:
    """A browser of a person of the team, with open keys and a fresh proof."""
    known: dict[str, Someone] = {}
    monkeypatch.setattr(clock, "now", lambda: NOW)

    def of(request):
        someone = known[request.META["HTTP_X_TEST_PERSON"]]
        return who.Who(
            kind="person",
            id=someone.id,
            has_factor=True,
            proved_at=NOW,
            find_roles=lambda: accounts.roles_of(someone.id),
            find_ring=lambda: someone.ring,
        )

    monkeypatch.setattr(who, "of", of)

    def browser(someone: Someone) -> Client:
        known[someone.id] = someone
        return Client(headers={"X-Test-Person": someone.id})

    return browser


def facilitator(found, *, keyed: bool = False) -> Someone:
    fay = people.person("fay")
    accounts_do.grant_role(
        by=found.leader.id,
        person_id=fay.id,
        place=found.id,
        role=RoleName.FACILITATOR,
        now=BEFORE,
        keyed=keyed,
    )
    return fay


def test_lvl0_a_draft_says_how_much_stands_before_opening_and_then_offers_it(as_host, monkeypatch):
    found = factories.team(level="high")
    host = as_host(found.leader)
    where = safeguards.posture(found.id, NOW)
    assert 0 < where.before_opening < where.blocking

    page = host.get(f"/groups/{found.id}/")
    assert f"{where.before_opening} things before you can open." in text(page)
    assert "Open the group" not in text(page)
    assert "Level: High" in text(page)
    assert "The page to share" not in text(page)

    ready = safeguards.Posture(found.id, "high", 0, 0, 0, ())
    monkeypatch.setattr(safeguards, "posture", lambda group_id, now: ready)
    assert f'href="/groups/{found.id}/safety/open/"' in host.get(f"/groups/{found.id}/").content.decode()
    assert "Open the group" not in text(as_host(found.second).get(f"/groups/{found.id}/"))


def test_an_open_group_has_a_page_to_share_and_says_who_waits(as_host):
    found = factories.circle(level="low")
    factories.applicant(found)
    page = text(as_host(found.leader).get(f"/groups/{found.id}/"))
    assert f"/g/{found.id}/" in page
    assert "1 person waits for an answer." in page


def test_a_facilitator_sees_what_they_may_and_no_more(as_host):
    found = factories.circle(level="low")
    page = as_host(facilitator(found)).get(f"/groups/{found.id}/").content.decode()
    assert f"/groups/{found.id}/meetings/" in page
    assert f"/groups/{found.id}/joining/" not in page
    assert "Leaves the team" not in as_host(found.second).get(f"/groups/{found.id}/team/").content.decode()


def test_tec12_an_invitation_is_shown_once_capped_and_can_be_taken_back(as_host):
    found = factories.circle(level="low")
    host, page = as_host(found.leader), f"/groups/{found.id}/team/invite/"
    made = host.post(page, {"role": "facilitator"})
    address = re.search(r"/invited/([a-z0-9]+)/", made.content.decode())
    assert address
    assert "Give the address and the code in two different ways" in text(made)
    assert host.post(page, {}).status_code == 422

    team = host.get(f"/groups/{found.id}/team/")
    assert "Asked, not here yet" in text(team)
    end = f"/groups/{found.id}/team/invitations/{address.group(1)}/end/"
    assert host.get(end).status_code == 405
    assert host.post(end).status_code == 302
    assert accounts.open_invitations(found.id, now=NOW) == ()
    cap = safeguards.settings_for(found.id).number("admin-cap")
    answers = [host.post(page, {"role": "leader"}).status_code for _ in range(cap)]
    assert answers[-1] == 422


def test_keys_are_given_after_four_words(as_host):
    found = factories.circle(level="low")
    fay = facilitator(found)
    host, page = as_host(found.leader), f"/groups/{found.id}/team/{fay.id}/keys/"
    assert "Waits for keys." in text(host.get(f"/groups/{found.id}/team/"))
    shown = host.get(page).content.decode()
    assert all(f"<bdi>{word}</bdi>" in shown for word in accounts.four_words(fay.id).split())
    assert host.post(page).status_code == 302
    (holder,) = [each for each in groupkeys.holders(found.id) if each.person_id == fay.id]
    assert holder.scopes == {groupkeys.Scope.DOOR, groupkeys.Scope.EMERGENCY}
    assert "Holds the keys this part needs." in text(host.get(f"/groups/{found.id}/team/"))
    assert host.get(f"/groups/{found.id}/team/{people.person('nobody').id}/keys/").status_code == 404


def test_who_holds_no_keys_is_told_so_instead_of_an_error(as_host):
    found = factories.circle(level="low")
    fay = facilitator(found)
    third = people.person("third")
    accounts_do.grant_role(
        by=found.leader.id, person_id=third.id, place=found.id, role=RoleName.LEADER, now=BEFORE, keyed=False
    )
    answer = as_host(third).post(f"/groups/{found.id}/team/{fay.id}/keys/")
    assert answer.status_code == 409
    assert "You do not hold these keys yourself." in text(answer)


def test_leaving_the_team_ends_roles_and_keys_at_once(as_host):
    found = factories.circle(level="low")
    host, page = as_host(found.leader), f"/groups/{found.id}/team/{found.second.id}/leaves/"
    assert "Their access ends at once" in text(host.get(page))
    assert host.post(page).status_code == 302
    assert accounts.roles_of(found.second.id) == {}
    assert {each.person_id for each in groupkeys.holders(found.id)} == {found.leader.id}
    assert not found.second.ring.can(found.id, groupkeys.Scope.DOOR)
    assert host.get(page).status_code == 404


def test_the_last_leader_and_the_last_who_holds_all_keys_are_asked_to_stay(as_host):
    found = factories.circle(level="low")
    host = as_host(found.leader)
    own = f"/groups/{found.id}/team/{found.leader.id}/leaves/"
    assert "This is the only leader of the group." in text(host.get(own))
    refused = host.post(own)
    assert refused.status_code == 409
    assert "Ask someone else in as leader first" in text(refused)
    assert accounts.roles_of(found.leader.id)

    host.post(f"/groups/{found.id}/team/{found.second.id}/leaves/")
    third = people.person("third")
    accounts_do.grant_role(
        by=found.leader.id, person_id=third.id, place=found.id, role=RoleName.LEADER, now=BEFORE, keyed=False
    )
    refused = host.post(own)
    assert refused.status_code == 409
    assert "Only this person holds all keys." in text(refused)
    assert {each.person_id for each in groupkeys.holders(found.id)} == {found.leader.id}


def test_the_list_of_groups_is_ones_own(as_host):
    found, other = factories.circle(level="low"), factories.team(level="high")
    page = as_host(found.leader).get("/groups/").content.decode()
    assert f"/groups/{found.id}/" in page
    assert other.id not in page
