"""Groups: made as drafts, with a leader and keys; everything else is decided in safeguards."""

from datetime import UTC, datetime
from typing import Any

import pytest

from circlekeeper.areas.groups import actions, queries
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.accounts.tests.factories import person
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.permissions import RoleName
from circlekeeper.foundation.vault import groupkeys

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def _made(by: str, **changes: Any) -> queries.GroupFacts:
    asked: dict[str, Any] = {
        "public_name": "  Tuesday evening ",
        "purpose": "caregiving",
        "time_zone": "Europe/Berlin",
        "level": "medium",
        "overlays": ["survivors", "survivors"],
        "playbook_version": "1",
    }
    return actions.create_group(by=by, now=NOW, **(asked | changes))


def test_a_new_group_is_a_draft_and_its_maker_leads_it_and_holds_its_keys():
    leader = person("lead")

    group = _made(leader.id)

    assert (group.state, group.public_name) == ("draft", "Tuesday evening")
    assert group.overlays == {"survivors"}
    assert accounts.roles_of(leader.id)[group.id] == {RoleName.LEADER}
    assert [(each.person_id, each.whole) for each in groupkeys.holders(group.id)] == [(leader.id, True)]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"time_zone": "Mars/Base"}, "time_zone"),
        ({"level": "extreme"}, "level"),
        ({"public_name": "  "}, "public_name"),
    ],
)
def test_bad_input_is_refused_at_its_field_and_leaves_nothing(changes, field):
    with pytest.raises(Refused) as refused:
        _made(person("lead").id, **changes)

    assert refused.value.field == field
    assert queries.all_ids() == []


def test_lvl0_a_level_that_was_decided_is_written_down():
    leader = person("lead")
    group = _made(leader.id)

    changed = actions.set_level(
        by=leader.id, group_id=group.id, level="high", overlays=["eu"], playbook_version="2", now=NOW
    )

    assert (changed.level, changed.playbook_version) == ("high", "2")
    assert changed.overlays == {"eu"}


def test_opening_and_closing_are_dated():
    leader = person("lead")
    group = _made(leader.id)

    assert actions.open_group(by=leader.id, group_id=group.id, now=NOW).is_open
    assert not actions.close_group(by=leader.id, group_id=group.id, now=NOW).is_open


def test_a_group_that_is_not_there_is_not_here():
    with pytest.raises(NotHere):
        queries.group("nowhere")
    with pytest.raises(NotHere):
        actions.open_group(by=person("lead").id, group_id="nowhere", now=NOW)
