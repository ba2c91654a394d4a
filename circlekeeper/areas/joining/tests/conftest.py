"""The clock stands still, and browsers that are somebody."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from circlekeeper.areas.joining.tests import factories
from circlekeeper.areas.roster import queries as roster
from circlekeeper.foundation import clock
from circlekeeper.foundation.accounts import cookies, memberdoor, queries, who
from circlekeeper.foundation.accounts.tests.factories import Someone
from circlekeeper.foundation.vault import memberkeys, sessions


@pytest.fixture(autouse=True)
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    """Moves the clock; until then it stands at ``NOW``."""

    def moved(moment: Any) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    moved(factories.NOW)
    return moved


@pytest.fixture
def as_host(monkeypatch: pytest.MonkeyPatch) -> Callable[[Someone], Client]:
    """A browser of a person of the team, with open keys and a fresh proof."""
    known: dict[str, Someone] = {}

    def of(request: Any) -> who.Who:
        someone = known.get(request.META.get("HTTP_X_TEST_PERSON", ""))
        if someone is None:
            return real(request)
        return who.Who(
            kind="person",
            id=someone.id,
            has_factor=True,
            proved_at=clock.now(),
            find_roles=lambda: queries.roles_of(someone.id),
            find_ring=lambda: someone.ring,
        )

    real = who.of
    monkeypatch.setattr(who, "of", of)

    def browser(someone: Someone) -> Client:
        known[someone.id] = someone
        return Client(headers={"X-Test-Person": someone.id})

    return browser


@pytest.fixture
def as_owner() -> Callable[[str], Client]:
    """A browser in which somebody entered with this member key."""

    def browser(key: str) -> Client:
        raw, client = memberkeys.parse_member_key(key), Client()
        member = roster.by_key(raw)
        assert member is not None
        client.cookies[cookies.member_name()] = sessions.open_session(
            subject=memberdoor.subject(member.id, member.group_id),
            secret=raw,
            idle=memberdoor.IDLE,
            now=clock.now(),
        )
        return client

    return browser
