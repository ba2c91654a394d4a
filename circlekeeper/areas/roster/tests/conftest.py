"""Browsers that are somebody: a person with a role and open keys, or a member with their own key."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from circlekeeper.areas.roster.tests import factories
from circlekeeper.areas.roster.tests.factories import NOW, Someone
from circlekeeper.foundation import clock
from circlekeeper.foundation.accounts import cookies, memberdoor, queries, who
from circlekeeper.foundation.vault import sessions

AsPerson = Callable[..., Client]
AsMember = Callable[[Someone], Client]


@pytest.fixture
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages' clock stands still."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def as_person(at_noon: None, monkeypatch: pytest.MonkeyPatch) -> AsPerson:
    """A browser of a person with their real roles and keys; ``keys=False`` leaves those locked."""

    def signed_in(person_id: str, *, keys: bool = True, proved: bool = True) -> Client:
        def of(request: Any) -> who.Who:
            return who.Who(
                kind="person",
                id=person_id,
                has_factor=True,
                proved_at=NOW if proved else None,
                find_roles=lambda: queries.roles_of(person_id),
                find_ring=lambda: factories.ring(person_id) if keys else None,
            )

        monkeypatch.setattr(who, "of", of)
        return Client()

    return signed_in


@pytest.fixture
def as_member(at_noon: None) -> AsMember:
    """A browser in which a member entered with their key."""

    def entered(someone: Someone) -> Client:
        client = Client()
        token = sessions.open_session(
            subject=memberdoor.subject(someone.id, someone.group_id),
            secret=someone.key,
            idle=memberdoor.IDLE,
            now=NOW,
        )
        client.cookies[cookies.member_name()] = token
        return client

    return entered
