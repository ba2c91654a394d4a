"""Moving to another group: the member chooses what travels, and nothing links the two groups (POL5, REG1)."""

import re
from datetime import timedelta

import pytest
from django.db import connection

from circlekeeper.areas.agreements import queries as agreed
from circlekeeper.areas.roster import actions, queries
from circlekeeper.areas.roster.models import Compartment, Member, Parcel
from circlekeeper.areas.roster.tests import agreed_members, factories
from circlekeeper.areas.roster.tests.factories import NOW
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.ledger.models import Entry
from circlekeeper.foundation.vault import memberkeys, shredstore

pytestmark = pytest.mark.django_db(databases=["default", "shred"])


def text(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.fixture
def two():
    """One person in an old group and, by another key, in a new one; they agreed to nothing but joining there."""
    old_group, old_leader = agreed_members.published_group(level="high")
    new_group, new_leader = agreed_members.published_group()
    old = agreed_members.join(old_group, old_leader, "Wren")
    new = agreed_members.join(new_group, new_leader, "Lark", agreeing=("join",))
    return old, new


def code_of(response) -> str:
    return str(re.findall(r"<bdi>([a-z2-7-]{32})</bdi>", response.content.decode())[0])


def unpacked(group_id, code, *parts):
    texts = {each.purpose: each for each in agreed.joining_texts(group_id).purposes}
    purpose = {"contact": "contact", "emergency": "emergency", "access": "access-needs"}
    fields = {"code": code}
    for part in parts:
        fields |= {f"agree-{part}": "on", f"seen-{part}": texts[purpose[part]].sha256}
    return fields


def test_pol5_a_member_moves_with_what_they_chose_and_the_code_works_once(two, as_member):
    old, new = two
    leaving = as_member(old)
    assert "checked" not in leaving.get("/me/move/").content.decode()
    assert leaving.post("/me/move/").status_code == 422
    code = code_of(leaving.post("/me/move/", {"parts": ["emergency", "access"]}))
    secret = Parcel.objects.get().secret_id

    arriving = as_member(new)
    asked = text(arriving.get("/me/arrive/"))
    assert "Keep an emergency record, sealed" in asked
    refused = arriving.post("/me/arrive/", {"code": code})
    assert refused.status_code == 422
    assert "Please tick it too" in text(refused)
    assert code not in refused.content.decode()
    assert arriving.post("/me/arrive/", unpacked(new.group_id, code, "emergency", "access")).status_code == 302

    own = new.own()
    assert own.parts["emergency"]["person"] == agreed_members.EMERGENCY["person"]
    assert own.parts["access"] == {"needs": "large print, please"}
    assert own.alias == "Lark"
    assert not Parcel.objects.exists()
    assert not shredstore.secrets([secret])
    again = arriving.post("/me/arrive/", unpacked(new.group_id, code, "emergency", "access"))
    assert again.status_code == 422
    assert "was used already" in text(again)
    assert old.own().parts["emergency"]["person"] == agreed_members.EMERGENCY["person"]
    assert agreed.allows(member_id=new.id, purpose="emergency", now=NOW)


def test_pol5_a_name_and_a_contact_travel_and_count_from_today(two):
    old, new = two
    code = actions.pack(
        by=old.id, group_id=old.group_id, names=frozenset({"alias", "contact", "intake"}), holder=old.key, now=NOW
    )
    parts, _secret = queries.inside(code.raw, now=NOW)
    assert set(parts) == {"alias", "contact"}


def test_pol5_after_seven_days_a_code_opens_nothing_and_the_parcel_is_shredded(two):
    old, new = two
    common = {"by": old.id, "group_id": old.group_id, "holder": old.key}
    code = actions.pack(**common, names=frozenset({"access"}), now=NOW)
    secret = Parcel.objects.get().secret_id
    assert queries.inside(code.raw, now=NOW + timedelta(days=6))
    with pytest.raises(NotHere):
        actions.open_once(by=new.id, group_id=new.group_id, code=code.raw, now=NOW + timedelta(days=7))
    with pytest.raises(NotHere):
        queries.inside(memberkeys.new_member_key().raw, now=NOW)
    assert shredstore.secrets([secret])


def _cells(*members) -> list[set[str]]:
    """Every id and moment in rows about each of these members, in every table and in the log."""
    found = []
    with connection.cursor() as cursor:
        for each in members:
            cells: set[str] = set()
            for table, column in (
                ("roster_member", "id"),
                ("roster_compartment", "member_id"),
                ("agreements_consent", "member_id"),
                ("agreements_pledge", "member_id"),
                ("ledger_entry", "subject"),
                ("ledger_entry", "actor"),
            ):
                cursor.execute(f"SELECT * FROM {table} WHERE {column} = %s", [each.id])  # noqa: S608
                cells |= {str(cell) for row in cursor.fetchall() for cell in row if isinstance(cell, str)}
            found.append({cell for cell in cells if re.fullmatch(r"[a-z2-7]{26}", cell)})
    return found


def test_reg1_nothing_links_the_two_groups_before_or_after_a_move(two):
    old, new = two
    code = actions.pack(
        by=old.id, group_id=old.group_id, names=frozenset({"alias", "emergency"}), holder=old.key, now=NOW
    )
    parcel = Parcel.objects.get()
    days = {field.name for field in Parcel._meta.concrete_fields} - {"id", "group_id", "secret_id", "due_on"}
    assert days == {"lookup", "sealed"}
    assert parcel.group_id == ""
    actions.open_once(by=new.id, group_id=new.group_id, code=code.raw, now=NOW + timedelta(days=2))

    mine, theirs = _cells(old, new)
    assert mine & theirs == set()
    assert parcel.pk not in mine | theirs
    assert not Entry.objects.filter(subject=parcel.pk).exists()
    verbs = set(Entry.objects.filter(subject=new.id).values_list("action", flat=True))
    assert not {verb for verb in verbs if "parcel" in verb}
    assert not set(Compartment.objects.filter(member_id=old.id).values_list("secret_id", flat=True)) & set(
        Compartment.objects.filter(member_id=new.id).values_list("secret_id", flat=True)
    )
    moments = [
        field.name for field in Member._meta.concrete_fields if field.get_internal_type() == "DateTimeField"
    ]
    assert moments == []


def test_reg1_the_same_person_in_two_groups_shows_nothing_in_common_to_either_leader(as_person):
    pages = []
    for _n in range(2):
        group_id, leader = factories.group()
        someone = factories.member(group_id, leader, f"Name {_n}x")
        client = as_person(leader)
        page = client.get(f"/groups/{group_id}/people/").content.decode()
        page += client.get(f"/groups/{group_id}/people/{someone.id}/").content.decode()
        assert someone.id in page
        ids = set(re.findall(r"[a-z2-7]{26}", page))
        pages.append(ids)
    assert pages[0] & pages[1] == set()
