"""What people see when a service fails is what `docs/faults.md` says they see."""

import html
import re
from pathlib import Path

import pytest
from django.test import Client

from circlekeeper.areas.meetings import actions, queries
from circlekeeper.areas.meetings.tests import factories
from circlekeeper.areas.meetings.tests.factories import NOW
from circlekeeper.areas.meetings.tests.test_services import Service, doors, heard, planned, service
from circlekeeper.foundation.outgoing import Trouble, Unavailable

__all__ = ["service"]

pytestmark = pytest.mark.django_db(databases=["default", "shred"])
HERE = Path(__file__).parents[4]
PAGE = (HERE / "docs" / "faults.md").read_text()
TABLE = [
    [cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("|")
]


def _rows(first: str) -> list[list[str]]:
    """The rows of the table whose heading begins so."""
    start = next(number for number, row in enumerate(TABLE) if row[0] == first) + 2
    rows = TABLE[start:]
    ends = [number for number, row in enumerate(rows) if len(row) != len(TABLE[start - 1])]
    return rows[: ends[0]] if ends else rows


def _read(response) -> str:
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


@pytest.mark.parametrize("trouble", list(Trouble))
def test_tec3_what_host_and_member_read_when_a_service_fails(service: Service, trouble, as_host):
    (row,) = (row for row in _rows("what goes wrong") if row[1] == Unavailable(trouble).sentence)
    found = factories.circle("Wren")
    planned(found)
    actions.look_at_due(now=NOW)
    link, client = factories.token(found, "Wren"), Client()
    doors(found)
    client.post(f"/m/{link}/", {"do": "arrive"})
    for each in queries.at_the_door(**found.here):
        actions.admit(by=found.leader.id, group_id=found.id, arrival_id=each.id, now=NOW)

    service.fails = trouble
    inside = client.post(f"/m/{link}/in/", {"alias": "Wren"})
    actions.look(by="system", group_id=found.id, meeting_id=found.meeting_id, now=NOW)
    seen = as_host(found.leader).get(f"/groups/{found.id}/meetings/{found.meeting_id}/seen/")

    assert inside.status_code == 409
    assert row[2] in _read(inside)
    assert "your place is kept" in _read(inside)
    assert row[1] in _read(seen)
    service.fails = None
    assert client.post(f"/m/{link}/in/", {"alias": "Wren"}).status_code == 302, "the place was kept"


def test_tec3_a_setting_that_flips_is_read_as_the_table_says(service: Service, as_host):
    (row,) = (row for row in _rows("what goes wrong") if row[0] == "a setting flips afterwards")
    found = factories.circle("Wren")
    planned(found)
    actions.look_at_due(now=NOW)
    service.on["notes"] = "on"

    actions.look(by="system", group_id=found.id, meeting_id=found.meeting_id, now=NOW)

    seen = as_host(found.leader).get(f"/groups/{found.id}/meetings/{found.meeting_id}/seen/")
    assert row[1] in _read(seen)
    assert ("drifted", "recording-off") in heard(found)


def test_tec3_each_connector_is_broken_in_the_ways_the_table_says():
    said = {name: set(ways.split(", ")) for name, ways in _rows("service")}
    tests = sorted((HERE / "circlekeeper" / "connectors").glob("*/tests/test_contract.py"))
    broken = {path.parts[-3]: set(re.findall(r"Trouble\.([A-Z_]+):", path.read_text())) for path in tests}

    words = {name: {each.lower().replace("_", " ") for each in ways} for name, ways in broken.items() if ways}
    assert said == words
