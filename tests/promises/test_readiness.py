"""The statement for a board or a funder: counts that stay as they were, and nobody in them (WHY4)."""

import io
import re

import pypdf
import pytest

from circlekeeper.areas.roster import queries as roster
from circlekeeper.areas.roster.tests import factories
from circlekeeper.areas.safeguards import actions, queries
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.ledger import queries as log
from tests.access.world import make

pytestmark = pytest.mark.django_db(databases=["default", "shred"])
NOW = factories.NOW


def test_why4_a_statement_says_what_held_and_stays_as_it_was():
    group_id, leader = factories.group(level="high")
    made = actions.state_readiness(by=leader, group_id=group_id, now=NOW)
    before = queries.statement(group_id=group_id, statement_id=made)
    for alias in ("Wren", "Robin", "Finch", "Heron", "Swift"):
        factories.member(group_id, leader, alias)

    assert queries.statement(group_id=group_id, statement_id=made) == before
    assert dict(before.counted)["People who take part now"] == "0"
    assert dict(queries.readiness_now(group_id, NOW).counted)["People who take part now"] == "5"
    asked, *parts = (int(words) for _title, words in before.standing)
    assert asked == sum(parts) > 0
    assert len(before.missing) == parts[-1]
    assert "safeguards.readiness.state" in {line.verb for line in log.entries_about(group_id)}
    other, _leader = factories.group()
    with pytest.raises(NotHere):
        queries.statement(group_id=other, statement_id=made)


def test_why4_the_exported_page_names_nobody_and_whoever_asks_for_names_is_refused():
    there = make()
    group_id, leader = there.group_id, there.browsers["leader"]
    path = f"/groups/{group_id}/safety/readiness/"

    refused = leader.post(path, {"names": "on"})
    assert refused.status_code == 409
    assert "counts only" in refused.content.decode()
    made = leader.post(path).headers["Location"]
    page = leader.get(made).content.decode().partition("<main")[2].partition("</main>")[0]
    file = leader.get(made + "readiness.pdf")

    assert file.headers["Content-Type"] == "application/pdf"
    printed = " ".join(each.extract_text() for each in pypdf.PdfReader(io.BytesIO(file.content)).pages)
    assert "Asked for at this level" in printed
    read = re.sub(r'(href|action)="[^"]*"', "", page)
    people = {*roster.active_ids(group_id), *accounts.people_with_role(group_id), group_id}
    telling = [*people, "Wren", "example.org", "@"]
    assert not [each for each in telling if each in read or each in printed]
    assert not [each for each in telling[:-1] if each.encode() in file.content]
