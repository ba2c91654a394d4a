"""The checks find what they are for."""

import tomllib
from pathlib import Path

import pytest

from tools import guide_map, lock_addresses, own_room, sizes

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("circlekeeper.areas.meetings.pages", "circlekeeper.areas.roster.models"),
        ("circlekeeper.areas.meetings.actions.door", "circlekeeper.areas.roster.pages.list"),
        ("circlekeeper.areas.meetings.queries", "circlekeeper.areas.roster.jobs"),
        ("circlekeeper.web.today", "circlekeeper.areas.roster.models"),
        ("circlekeeper.connectors.outside_link.client", "circlekeeper.areas.meetings.models"),
        ("circlekeeper.wiring", "circlekeeper.areas.roster.models"),
        ("circlekeeper.areas.meetings.actions", "circlekeeper.areas.roster.tests.factories"),
    ],
)
def test_a_room_does_not_reach_into_another(importer, imported):
    assert not own_room.allowed(importer=importer, imported=imported)


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("circlekeeper.areas.meetings.pages", "circlekeeper.areas.meetings.models"),
        ("circlekeeper.areas.meetings.actions", "circlekeeper.areas.roster.actions.members"),
        ("circlekeeper.areas.meetings.checks", "circlekeeper.areas.safeguards.evidence"),
        ("circlekeeper.wiring", "circlekeeper.areas.roster.checks"),
        ("circlekeeper.urls", "circlekeeper.areas.roster.urls"),
        ("circlekeeper.cli.table", "circlekeeper.areas.retention.commands"),
        ("circlekeeper.areas.meetings.tests.factories", "circlekeeper.areas.roster.tests.factories"),
    ],
)
def test_what_a_room_offers_may_be_used(importer, imported):
    assert own_room.allowed(importer=importer, imported=imported)


def test_the_size_budget_names_the_file_and_the_function(tmp_path):
    path = tmp_path / "long.py"
    path.write_text("def long():\n" + "    x = 1\n" * 60 + "\n" * 400)

    found = list(sizes.too_long(path))

    assert found == [f"{path}: 461 lines (limit 400)", f"{path}:1: long has 61 lines (limit 60)"]


def test_the_lock_file_names_only_the_public_index():
    lock = tomllib.loads((ROOT / "uv.lock").read_text())
    assert len(lock["package"]) > 30
    assert list(lock_addresses.foreign(lock)) == []


@pytest.mark.parametrize(
    "package",
    [
        {"name": "x", "source": {"registry": "https://mirror.example/simple"}},
        {"name": "x", "source": {"path": "../x"}},
        {"name": "x", "source": {"registry": lock_addresses.INDEX}, "wheels": [{"path": "/opt/x.whl"}]},
        {
            "name": "x",
            "source": {"registry": lock_addresses.INDEX},
            "sdist": {"url": "http://mirror.example/x.tgz"},
        },
    ],
)
def test_any_other_address_in_a_lock_file_is_found(package):
    assert len(list(lock_addresses.foreign({"package": [package]}))) == 1


def test_a_range_of_guide_rows_names_each_of_them():
    assert list(guide_map.rows_named("Guide (TEC1-3, DAT5-DAT6, CON4) and UTF8")) == [
        "TEC1",
        "TEC2",
        "TEC3",
        "DAT5",
        "DAT6",
        "CON4",
    ]


def test_the_map_shows_a_rooms_rows_and_where_they_are_tested(tmp_path):
    room = tmp_path / "circlekeeper" / "areas" / "groups"
    (room / "tests").mkdir(parents=True)
    (room / "README.md").write_text("# groups\n\nGuide: the table (LVL1). More words.\n")
    (room / "tests" / "test_actions.py").write_text("def test_pol4_nobody_skips_it():\n    pass\n")
    (tmp_path / "tests").mkdir()

    page = guide_map.page(tmp_path)

    assert "| [`groups`](../circlekeeper/areas/groups/README.md) | the table (LVL1). | POL4, LVL1 |" in page
    assert "| POL4 | `groups` | `groups` |" in page
    assert "| LVL1 | `groups` | – |" in page
