"""The pages of this room, in a browser without script."""

import re

import pytest
from django.apps import apps
from django.db.models import BinaryField

from circlekeeper.areas.joining.tests import factories
from circlekeeper.areas.leaders import queries
from circlekeeper.areas.leaders.pages import keys as key_pages
from circlekeeper.areas.leaders.tests.test_keys import readable, third_holder, with_people
from circlekeeper.areas.meetings.tests import factories as meetings
from circlekeeper.foundation.accounts.tests import factories as people
from circlekeeper.foundation.vault import groupkeys, rewrapping

pytestmark = pytest.mark.django_db(databases=["default", "shred"])


def text(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def browser_of(someone):
    browser = people.browser()
    people.sign_in(browser, someone)
    return browser


def test_pol5_another_holder_removes_with_a_reason_and_the_keys_come_next():
    found = with_people()
    gone, second = third_holder(found), browser_of(found.second)
    page = f"/groups/{found.id}/team/{gone.id}/remove/"
    assert gone.handle in text(second.get(page))
    assert second.post(page, {}).status_code == 422

    sent = second.post(page, {"reason": "trust"})

    assert sent.headers["Location"] == f"/groups/{found.id}/team/keys/"
    assert second.get(page).status_code == 404
    assert "no meeting of this group starts" in text(second.get(sent.headers["Location"]))
    before = readable(found, found.second.ring)
    assert second.post(sent.headers["Location"]).status_code == 302
    assert groupkeys.current_version(found.id) == 2
    assert readable(found, found.leader.ring) == before
    assert "The keys are changed." in text(second.get(sent.headers["Location"]))


def test_pol5_a_long_change_shows_how_far_it_is_and_anyone_goes_on(monkeypatch):
    found = with_people()
    monkeypatch.setattr(key_pages, "AT_ONCE", 1)
    monkeypatch.setattr(key_pages, "BATCH", 2)
    leader, page = browser_of(found.leader), f"/groups/{found.id}/team/keys/"

    leader.post(page)

    assert "2 of" in text(leader.get(page))
    second = browser_of(found.second)
    for _round in range(20):
        if queries.key_change(found.id) is None:
            break
        second.post(page)
    assert queries.key_change(found.id) is None
    assert groupkeys.current_version(found.id) == 2


def test_pol5_leaving_by_agreement_leads_to_the_keys_as_well():
    found = with_people(1)
    gone, leader = third_holder(found), browser_of(found.leader)
    sent = leader.post(f"/groups/{found.id}/team/{gone.id}/leaves/")
    assert sent.headers["Location"] == f"/groups/{found.id}/team/keys/"
    assert "Change the keys now" in text(leader.get(f"/groups/{found.id}/team/"))


def test_pol5_the_keys_page_needs_whoever_may_change_them():
    found = factories.circle()
    fay = people.person("fay")
    assert browser_of(fay).get(f"/groups/{found.id}/team/keys/").status_code == 404
    nobody = people.browser().get(f"/groups/{found.id}/team/keys/")
    assert nobody.headers["Location"].startswith("/sign-in/")


def test_every_column_of_wraps_is_walked_when_keys_change():
    known = {column.name for column in rewrapping.columns()}
    # Wraps for a member's own key are the member's to open, and no key holder's to renew.
    own = {"meetings.normnote.told_wrap", "roster.opening.told_wrap"}
    # A recording is wrapped for each named person, a summary under a secret of the shred store: no key of the group.
    own |= {"ballots.viewer.wrap", "ballots.keepsake.members_wrap"}
    there = {
        f"{model._meta.label_lower}.{field.name}"
        for model in apps.get_models()
        if not model._meta.proxy
        for field in model._meta.concrete_fields
        if isinstance(field, BinaryField)
        and field.name.endswith("wrap")
        and not field.name.endswith("holder_wrap")
    }
    assert there - own == known


def test_pol5_after_a_change_the_page_names_the_rooms_whose_address_is_known():
    found = meetings.circle()
    page = text(browser_of(found.leader).get(f"/groups/{found.id}/team/keys/"))
    assert "Give each a new address" in page
    assert meetings.LINK not in page
