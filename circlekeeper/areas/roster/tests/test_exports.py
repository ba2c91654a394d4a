"""Taking out a list, and looking through one (DAT2)."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from pyrage import decrypt, x25519

from circlekeeper.areas.roster import actions, queries
from circlekeeper.areas.roster.models import Export, ExportColumn
from circlekeeper.areas.roster.pages import pacing
from circlekeeper.areas.roster.rules import SafeContact, Says
from circlekeeper.areas.roster.rules import exports as rules
from circlekeeper.areas.roster.tests import factories
from circlekeeper.areas.roster.tests.factories import NOW
from circlekeeper.areas.safeguards import actions as safeguards
from circlekeeper.foundation import guard
from circlekeeper.foundation.accounts import who
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.ledger import queries as log
from circlekeeper.foundation.permissions import RoleName
from circlekeeper.foundation.vault.groupkeys import ALL

pytestmark = pytest.mark.django_db(databases=["default", "shred"])

KEY = x25519.Identity.generate()
COLUMNS = {ExportColumn.ALIAS.value: "apart", ExportColumn.ADDRESS.value: "reach"}
SOON = NOW + timedelta(days=5)
NOBODY = SafeContact(says=Says.NO)


@pytest.fixture
def house():
    """A group with a leader, a privacy lead with all keys, two members, and one who must not be reached."""
    cache.clear()
    group_id, leader = factories.group(level="medium")
    second = factories.helper(group_id, leader, role=RoleName.PRIVACY_LEAD, scopes=ALL)
    factories.member(group_id, leader, "Wren")
    factories.member(group_id, leader, "=Robin()")
    factories.member(group_id, leader, "Finch", contact=NOBODY)
    return group_id, leader, second


def ask(group_id, by, **other):
    wanted: dict[str, Any] = {
        "purpose": "outage",
        "columns": COLUMNS,
        "recipient": str(KEY.to_public()),
        "expires_at": SOON,
    }
    return actions.ask_export(by=by, group_id=group_id, now=NOW, **(wanted | other))


def taken(group_id, leader, second):
    export_id = ask(group_id, leader)
    actions.agree_export(by=second, group_id=group_id, export_id=export_id, now=NOW)
    actions.begin_taking(by=leader, group_id=group_id, export_id=export_id, now=NOW)
    return export_id


@pytest.mark.parametrize(("level", "allowed"), [("low", True), ("medium", True), ("high", False)])
def test_dat2_a_level_that_takes_out_no_list_refuses(level, allowed):
    group_id, leader = factories.group(level=level)
    assert queries.may_export(group_id) is allowed
    if not allowed:
        with pytest.raises(Refused):
            ask(group_id, leader)


def test_dat2_survivors_in_the_group_end_it_also_for_what_was_agreed_before(house):
    group_id, leader, second = house
    export_id = ask(group_id, leader)
    actions.agree_export(by=second, group_id=group_id, export_id=export_id, now=NOW)
    safeguards.set_level(
        by=leader, group_id=group_id, level="medium", overlays=["survivors"], reason="members", now=NOW
    )
    with pytest.raises(Refused):
        actions.begin_taking(by=leader, group_id=group_id, export_id=export_id, now=NOW)


@pytest.mark.parametrize(
    "wrong",
    [
        {"purpose": "curiosity"},
        {"columns": {}},
        {"columns": {"emergency": "reach"}},
        {"columns": {"alias": ""}},
        {"recipient": "age1nothing"},
        {"expires_at": NOW},
        {"expires_at": NOW + timedelta(days=15)},
    ],
)
def test_dat2_purpose_columns_recipient_and_end_are_asked(house, wrong):
    group_id, leader, _second = house
    with pytest.raises(Refused):
        ask(group_id, leader, **wrong)


def test_dat2_it_takes_two_and_the_one_who_asked(house):
    group_id, leader, second = house
    export_id = ask(group_id, leader)
    where = {"group_id": group_id, "export_id": export_id, "now": NOW}
    with pytest.raises(Refused):
        actions.begin_taking(by=leader, **where)
    with pytest.raises(Refused):
        actions.agree_export(by=leader, **where)
    actions.agree_export(by=second, **where)
    with pytest.raises(Refused):
        actions.begin_taking(by=second, **where)
    with guard.outside_action("planting"), pytest.raises(IntegrityError), transaction.atomic():
        Export.objects.filter(pk=export_id).update(agreed_by=leader)


def test_dat2_it_is_taken_once_and_not_after_its_end(house):
    group_id, leader, second = house
    export_id = taken(group_id, leader, second)
    with pytest.raises(NotHere):
        actions.begin_taking(by=leader, group_id=group_id, export_id=export_id, now=NOW)
    late = ask(group_id, leader)
    actions.agree_export(by=second, group_id=group_id, export_id=late, now=NOW)
    with pytest.raises(Refused):
        actions.begin_taking(by=leader, group_id=group_id, export_id=late, now=SOON)


def test_dat2_the_file_opens_for_the_recipient_only_and_names_its_taker_in_each_row(house):
    group_id, leader, second = house
    export_id = taken(group_id, leader, second)
    held = queries.export_file(by=leader, about=export_id, now=NOW, ring=factories.ring(leader))
    assert held.startswith(b"age-encryption.org/v1")
    assert b"Wren" not in held
    with pytest.raises(Exception, match="No matching keys"):
        decrypt(held, [x25519.Identity.generate()])
    heading, *rows = csv.reader(io.StringIO(decrypt(held, [KEY]).decode()))
    assert heading[:2] == ["alias", "address"]
    assert sorted(row[0] for row in rows) == ["'=Robin()", "Finch", "Wren"]
    assert {row[1] for row in rows if row[0] == "Finch"} == {""}
    assert {row[-1] for row in rows} == {heading[-1]}
    assert "2026-11-23 12:00" in heading[-1]
    assert "destroy by 2026-11-28" in heading[-1]


def test_dat2_the_lines_in_the_log_come_first_one_for_each_member(house, monkeypatch):
    group_id, leader, second = house
    export_id = taken(group_id, leader, second)
    for member_id in queries.active_ids(group_id):
        assert log.entries_about(member_id, verbs=("roster.export.take",))
    seen = []

    def look(*args):
        seen.extend(log.entries_about(export_id, verbs=("roster.export.open",)))
        return []

    monkeypatch.setattr("circlekeeper.areas.roster.queries.exports._rows", look)
    queries.export_file(by=leader, about=export_id, now=NOW, ring=factories.ring(leader))
    assert len(seen) == 1


def test_dat2_a_member_reads_that_a_list_was_taken(house, as_member):
    group_id, leader, second = house
    someone = factories.member(group_id, leader, "Sparrow")
    taken(group_id, leader, second)
    assert b"A list with you in it was taken out" in as_member(someone).get("/me/opened/").content


def test_dat2_nobody_else_gets_the_file(house):
    group_id, leader, second = house
    export_id = taken(group_id, leader, second)
    with pytest.raises(NotHere):
        queries.export_file(by=second, about=export_id, now=NOW, ring=factories.ring(second))


def test_dat2_the_whole_way_over_pages(house, as_person):
    group_id, leader, second = house
    path = f"/groups/{group_id}/people/export/"
    asked = {"purpose": "event", "recipient": str(KEY.to_public()), "until": "2026-11-25", "alias": "entry"}
    client = as_person(leader)
    assert client.post(path, asked | {"alias": ""}).status_code == 422
    assert client.post(path, asked).status_code == 302
    (row,) = queries.export_requests(group_id)
    assert client.post(path + "take/", {"list": row.id}).status_code == 409
    assert as_person(second).post(path + "decide/", {"list": row.id, "do": "agree"}).status_code == 302
    held = as_person(leader).post(path + "take/", {"list": row.id})
    assert b"Wren" in decrypt(held.content, [KEY])
    assert "Wren" not in held.headers["Content-Disposition"]
    assert as_person(leader).post(path + "take/", {"list": row.id}).status_code == 404
    assert as_person(leader).post(path + "decide/", {"list": row.id, "do": "gone"}).status_code == 302
    assert queries.export_requests(group_id)[0].gone_by == leader
    assert as_person(leader).get(path).status_code == 200


def test_dat2_a_copy_past_its_day_is_asked_about(house, as_person):
    group_id, leader, second = house
    taken(group_id, leader, second)
    as_person(leader)
    told = queries.todo_exports(who.of(None), SOON)  # type: ignore[arg-type]
    assert [each.title for each in told] == ["Say that the list you took out is destroyed"]
    as_person(second)
    ask(group_id, leader)
    told = queries.todo_exports(who.of(None), NOW)  # type: ignore[arg-type]
    assert [each.title for each in told] == ["Decide whether a list may be taken out"]


def test_dat2_a_facilitator_sees_names_and_no_way_to_anything_else(house, as_person):
    group_id, leader, _second = house
    helper = factories.helper(group_id, leader)
    client = as_person(helper)
    shown = client.get(f"/groups/{group_id}/people/").content.decode()
    assert "Wren" in shown
    assert "wren@example.org" not in shown
    member_id = next(iter(queries.active_ids(group_id)))
    for path in ("export/", f"{member_id}/contact/", f"{member_id}/intake/"):
        assert client.get(f"/groups/{group_id}/people/{path}").status_code == 404, path


def test_dat2_paging_through_people_is_stopped_and_the_privacy_lead_is_told(house, as_person, monkeypatch):
    group_id, leader, second = house
    monkeypatch.setattr(pacing, "LOOKS_AN_HOUR", 4)
    helper = factories.helper(group_id, leader)
    client = as_person(helper)
    ids = sorted(queries.active_ids(group_id))
    paths = ["", *(f"{each}/" for each in ids), "", f"{ids[0]}/", ""]
    codes = [client.get(f"/groups/{group_id}/people/{path}").status_code for path in paths]
    assert codes == [200, 200, 200, 200, 429, 429, 429]
    lines = log.entries_about(group_id, verbs=("roster.list.stop",))
    assert [line.by for line in lines] == [helper]
    as_person(second)
    told = queries.todo_exports(who.of(None), NOW)  # type: ignore[arg-type]
    assert [each.title for each in told] == ["Somebody looked through a list of members"]
    assert b"Stopped while looking" in as_person(second).get(f"/groups/{group_id}/people/export/").content
    assert b"Stopped while looking" not in as_person(leader).get(f"/groups/{group_id}/people/export/").content
    assert queries.todo_exports(who.of(None), NOW) == []  # type: ignore[arg-type]
    assert as_person(leader).get(f"/groups/{group_id}/people/").status_code == 200


def test_dat2_looking_somebody_up_by_name_stays_in_the_group_and_out_of_the_address(house, as_person):
    group_id, leader, _second = house
    other, _ = factories.group(by=leader)
    factories.member(other, leader, "Wren of the other group")
    client = as_person(leader)
    found = client.post(f"/groups/{group_id}/people/", {"name": "wre"}).content.decode()
    assert found.count("<bdi>Wren") == 1
    assert "Finch" not in found
    ring = factories.ring(leader)
    assert [alias for _id, alias in queries.find(ring=ring, group_id=group_id, text="finch", now=NOW)] == ["Finch"]
    assert queries.find(ring=ring, group_id=group_id, text=" ", now=NOW) == []


def test_dat2_a_list_costs_the_same_queries_for_one_and_for_many(house):
    group_id, leader, second = house

    def cost():
        export_id = taken(group_id, leader, second)
        ring = factories.ring(leader)
        queries.aliases(ring=ring, group_id=group_id, now=NOW)
        with CaptureQueriesContext(connection) as asked:
            queries.export_file(by=leader, about=export_id, now=NOW, ring=ring)
        return len(asked)

    few = cost()
    for number in range(8):
        factories.member(group_id, leader, f"Starling {number}")
    assert cost() == few


@pytest.mark.parametrize("cell", ["=1+1", "+49", "-x", "@me", "\tx"])
def test_dat2_a_spreadsheet_runs_nothing(cell):
    held = rules.as_csv(columns=["alias"], rows=[{"alias": cell}], mark="m").decode()
    assert f"'{cell}" in held
