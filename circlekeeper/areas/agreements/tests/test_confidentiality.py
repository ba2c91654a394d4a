"""What may be told outside: choosing it, what it asks of people, what a level allows."""

from datetime import timedelta

import pytest
from django.urls import reverse

from circlekeeper.areas.agreements import actions, checks, queries, rules
from circlekeeper.areas.agreements.models import Kind
from circlekeeper.areas.agreements.rules import Promise
from circlekeeper.areas.agreements.tests.factories import NOW, connected, join, person, published
from circlekeeper.areas.groups import actions as groups
from circlekeeper.areas.safeguards import actions as safeguards
from circlekeeper.areas.safeguards.evidence import Question, Verdict
from circlekeeper.foundation.accounts.tests import factories
from circlekeeper.foundation.errors import Refused

pytestmark = [
    pytest.mark.django_db(databases=["default", "shred"]),
    pytest.mark.urls("circlekeeper.areas.agreements.tests.addresses"),
]
LATER = NOW + timedelta(days=1)
KINDS = ("open", "no-names", "own-experience", "total")


@pytest.mark.parametrize("strength", ["tick", "typed", "signed"])
@pytest.mark.parametrize("kept", KINDS)
def test_cnf1_every_kind_in_every_strength_makes_a_plain_promise_of_its_own(strength: str, kept: str):
    words = queries.default_pledge(strength, kept=kept).words
    assert "{" not in words
    assert not rules.read_ease(words, "en").hard, words
    told = next(each.words for each in queries.defaults().kept if each.id == kept)
    assert told in words


def test_cnf1_no_promise_forbids_to_seek_help():
    assert "always seek help" in queries.default_pledge("signed", kept="total").words


def test_cnf1_another_kind_is_another_promise_and_asks_everyone_again():
    with connected():
        group_id = published()
        member = join(group_id)
        assert queries.kept(group_id) == "own-experience"
        small = actions.Edition(material=False, note="Stricter.")
        made = actions.choose_kept(by="a", group_id=group_id, kept="total", edition=small, now=LATER)

        assert made.material, "nobody can say that this matters to nobody"
        assert queries.kept(group_id) == "total"
        (waits,) = queries.waiting(group_id=group_id, now=LATER, member_ids=[member])
        assert waits.promise is Promise.OLD_TEXT
        edited = actions.publish_pledge(by="a", group_id=group_id, words="I tell nobody anything.", now=LATER)
    assert edited.body["kept"] == "total", "own words do not change the kind"


@pytest.mark.parametrize(
    ("level", "allowed"), [("low", KINDS), ("medium", KINDS[1:]), ("high", KINDS[2:]), ("professional", KINDS[2:])]
)
def test_cnf1_the_level_says_how_loose_it_may_be(level: str, allowed: tuple[str, ...]):
    with connected():
        group_id = published(level=level)
        for kept in KINDS:
            if kept in allowed:
                assert kept in queries.kept_allowed(group_id)
                continue
            with pytest.raises(Refused):
                actions.choose_kept(by="a", group_id=group_id, kept=kept, now=LATER)


def test_cnf1_a_promise_too_loose_for_a_raised_level_keeps_the_door_closed_until_it_is_stricter():
    leader = person()
    with connected():
        group_id = published(level="low", by=leader)
        actions.choose_kept(by="a", group_id=group_id, kept="open", now=LATER)
        groups.open_group(by=leader, group_id=group_id, now=LATER)
        safeguards.set_level(
            by=leader, group_id=group_id, level="medium", overlays=[], reason="adviser", now=LATER
        )
        assert queries.kept(group_id) == "no-names"
        actions.publish_all(by="a", group_id=group_id, now=LATER)
        found = queries.current(group_id, Kind.PLEDGE, "typed")
        assert found is not None
        assert found.body["kept"] == "no-names"
        assert checks.everyone_has_promised(Question(group_id, LATER)).verdict is Verdict.MET


def test_cnf1_the_page_shows_the_promise_first_and_then_publishes_it():
    leader, staff = factories.person("alice"), factories.browser()
    factories.sign_in(staff, leader)
    with connected():
        group_id = published(by=leader.id)
        address = reverse("agreements:kept", args=[group_id])
        assert "My own experience only" in staff.get(address).content.decode()
        data = {"kept": "total", "note": "A journalist asked about us."}
        seen = staff.post(address, data).content.decode()
        assert "I tell nobody anything about this group" in seen
        assert "Everyone who agreed to the earlier words is asked again" in seen
        assert queries.kept(group_id) == "own-experience", "looking is not publishing"
        assert staff.post(address, data | {"kept": "open"}).status_code == 422
        assert staff.post(address, data | {"step": "publish"}).status_code == 302
        assert queries.kept(group_id) == "total"
        assert "Nothing at all" in staff.get(reverse("agreements:shelf", args=[group_id])).content.decode()
