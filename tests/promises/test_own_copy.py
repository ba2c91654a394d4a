"""What a member is shown and takes along is everything: the list comes from the tables, so a new one cannot be forgotten."""

import json
from pathlib import Path

import pytest
from django.apps import apps

from circlekeeper.areas.access import actions as access
from circlekeeper.areas.roster import copies, ownpage
from circlekeeper.areas.roster.models import Name
from circlekeeper.areas.roster.tests import agreed_members, factories
from circlekeeper.areas.roster.tests.factories import NOW
from circlekeeper.foundation import clock, lifecycle
from circlekeeper.foundation.accounts import actions as accounts
from circlekeeper.foundation.accounts import cookies, memberdoor
from circlekeeper.foundation.permissions import RoleName
from circlekeeper.foundation.vault import sessions
from tests.journeys.story import Browser, plain

pytestmark = pytest.mark.django_db(databases=["default", "shred"])
SCHEMA = Path(__file__).parents[2] / "docs" / "own-record.schema.json"
# Sealed for the member with their own key: the column that says so. Each table with it, and how a test fills it.
FOR_THE_MEMBER = "holder_wrap"
FILLED = {"roster.Compartment", "agreements.Pledge", "access.Thread", "access.Card"}


def test_dat3_every_table_about_a_member_is_on_their_page():
    """A table with a column of members is answered for by some room, or this test names it."""
    columns = {"member", "member_id"}
    about = {
        model._meta.label
        for model in lifecycle.declared()
        if not model._meta.proxy and columns & {field.name for field in model._meta.concrete_fields}
    }
    assert about - ownpage.covered() == set()
    assert ownpage.covered() <= {model._meta.label for model in apps.get_models()}


def test_every_table_sealed_for_the_member_is_filled_by_the_test_below():
    sealed = {
        model._meta.label
        for model in lifecycle.declared()
        if not model._meta.proxy and FOR_THE_MEMBER in {field.name for field in model._meta.concrete_fields}
    }
    assert sealed == FILLED


def test_both_copies_hold_every_sealed_field_the_member_gave_and_nothing_about_others(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    group_id, leader = agreed_members.published_group()
    agreed_members.join(group_id, leader, "Oleander", signed="Somebody Else Entirely")
    given = {
        name.value: {f"{name.value}-field-{n}": f"{name.value} word {n}" for n in range(2)}
        for name in Name
        if name not in (Name.ALIAS, Name.CONTACT)
    }
    someone = agreed_members.join(group_id, leader, "Quillfeather", signed="Isolde of the marsh", more=given)

    accounts.grant_role(by=leader, person_id=leader, place=group_id, role=RoleName.ACCESS_LEAD, now=NOW)
    _more(someone)

    pages = [_page(someone, "/me/record/page.html"), _page(someone, "/me/record/page.json")]

    said = ["Quillfeather", "wren@example.org", "Isolde of the marsh", "Large print would help me.", "riday"]
    said += [word for fields in given.values() for word in fields.values()]
    for page in pages:
        assert [word for word in said if word not in page] == []
        assert "Oleander" not in page
        assert "Somebody Else" not in page
        assert leader not in page
    found = json.loads(pages[1])
    assert {each["name"] for each in found["pieces"]} >= set(Name.values)
    assert all(each["purpose"] and each["seen_by"] and each["kept"] for each in found["pieces"])
    assert copies.OwnCopy.model_validate(found).version == 1


def _more(someone: factories.Someone) -> None:
    """What only this person can write: a private talk, and a card."""
    who, where, key = someone.id, someone.group_id, someone.key
    access.ask(by=who, group_id=where, holder=key, words="Large print would help me.", now=NOW)
    access.keep_card(by=who, group_id=where, holder=key, fields={"days": ["friday"]}, now=NOW)


def _page(someone: factories.Someone, path: str) -> str:
    browser = Browser()
    browser.client.cookies[cookies.member_name()] = sessions.open_session(
        subject=memberdoor.subject(someone.id, someone.group_id),
        secret=someone.key,
        idle=memberdoor.IDLE,
        now=NOW,
    )
    response = browser.client.get(path)
    assert response.headers["Content-Disposition"].split("=")[1].strip('"') == path.rsplit("/", 1)[-1]
    text = response.content.decode()
    return plain(text) if path.endswith(".html") else text


def test_the_schema_in_the_documents_is_the_one_that_is_served():
    assert SCHEMA.read_text() == copies.schema()
