"""Who may open what: derived from what each page declares, tried with every person on every page."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver

from circlekeeper.foundation.ledger import queries as lines
from circlekeeper.foundation.page import CONFIRM, MEMBER_DOOR, SET_UP_FACTOR, SIGN_IN, UNLOCK, Rule
from circlekeeper.foundation.permissions import Permission, grants
from tests.access import world

# Ends the session of whoever opens it; its own tests are in web.
LEAVES = {"exit"}
DOORS = (SIGN_IN, SET_UP_FACTOR, UNLOCK, CONFIRM, MEMBER_DOOR)


def _pages(patterns: list[Any], before: str = "") -> Iterator[tuple[str, Callable[..., HttpResponse], set[str]]]:
    for each in patterns:
        path = before + str(each.pattern)
        if hasattr(each, "url_patterns"):
            yield from _pages(each.url_patterns, path)
        else:
            yield path, each.callback, set(each.pattern.converters) | _names(before)


def _names(path: str) -> set[str]:
    return {part.rpartition(":")[2].rstrip(">") for part in path.split("/") if part.startswith("<")}


ALL = list(_pages(get_resolver().url_patterns))


def test_every_page_says_who_may_open_it():
    silent = [path for path, view, _ in ALL if not isinstance(getattr(view, "page_rule", None), Rule)]

    assert silent == []


def test_every_page_about_a_group_is_asked_about_that_group():
    """A permission that is held in a group means nothing on a page whose address names none."""
    wrong = [
        path
        for path, view, names in ALL
        if view.page_rule.needs.startswith("group:") and "group_id" not in names  # type: ignore[attr-defined]
    ]

    assert wrong == []


def test_nothing_is_changed_by_looking():
    """Pages that only change things take POST only; there is no way to say "delete" with a link."""
    verbs = ("end", "cancel", "release", "part", "decide", "take-back", "close", "out", "pause")
    loose = [
        path
        for path, view, _ in ALL
        if path.rstrip("/").rsplit("/", 1)[-1] in verbs and "GET" in view.page_rule.methods  # type: ignore[attr-defined]
    ]

    assert loose == []


def _address(path: str, named: dict[str, str | int]) -> str:
    parts = []
    for part in path.split("/"):
        if part.startswith("<"):
            name = part.rpartition(":")[2].rstrip(">")
            parts.append(str(named[name]))
        else:
            parts.append(part)
    return "/" + "/".join(parts)


def _may(rule: Rule, who: str, about_a_group: bool, there: world.World) -> bool:
    if rule.needs is Permission.ANYONE:
        return True
    if rule.needs is Permission.OWN:
        return who == "member"
    if who in ("nobody", "member"):
        return False
    if rule.needs is Permission.SIGNED_IN:
        return True
    if not about_a_group:
        return who == "administrator"
    return grants(there.roles_here.get(who, frozenset()), rule.needs)


def _turned_away(response: Any) -> bool:
    sent_to = response.headers.get("Location", "")
    return bool(response.status_code == 404 or (response.status_code == 302 and sent_to.startswith(DOORS)))


def _ask(client: Client, rule: Rule, address: str, may: bool) -> Iterator[Any]:
    """By every method the page knows. An allowed POST would do something: that is each room's own test, and a drill's."""
    for method in rule.methods:
        if method == "GET":
            yield client.get(address)
        elif not may:
            yield client.post(address)


@pytest.mark.django_db(databases=["default", "shred"])
def test_every_person_on_every_page():
    there = world.make()
    names = {name for _, _, found in ALL for name in found}
    assert names == set(there.named), names ^ set(there.named)
    wrong: list[tuple[object, ...]] = []
    tried = 0
    for path, view, found in ALL:
        if path in LEAVES:
            continue
        rule: Rule = view.page_rule  # type: ignore[attr-defined]
        for who, client in there.browsers.items():
            may = _may(rule, who, "group_id" in found, there)
            for response in _ask(client, rule, _address(path, there.named), may):
                tried += 1
                turned_away = _turned_away(response)
                if response.status_code >= 500 or (not may and not turned_away):
                    wrong.append((who, path, response.status_code, "may not"))
                if may and turned_away and not _own_reason(path, who, found, response):
                    wrong.append((who, path, response.status_code, response.headers.get("Location", ""), "may"))

    assert not wrong, "\n".join(str(each) for each in wrong)
    assert tried > 700


def _own_reason(path: str, who: str, names: set[str], response: Any) -> bool:
    """Pages that turn someone away for a reason of their own, after the door let them in."""
    if response.status_code == 404 and (
        (names & {"draft_id", "factor_id"} and who != "leader") or path == "invited/you/"
    ):
        return True  # somebody else's draft or factor
    if path.endswith(("/import/columns/", "/import/look/")):
        return True  # no file was brought along yet
    if path in {
        "set-up/",
        "set-up/you/",
        "invited/you/",
        "sign-in/factor/",
        "",
        "sign-in/passkey/",
        "account/ready/",
    }:
        return True  # a step of a longer way that this person is not on
    return response.status_code == 404 and path in {
        "me/consent/<slug:purpose>/",
        "m/<str:token>/in/",
        "me/call/",  # a member waits for no call
        "groups/<str:group_id>/joining/<str:application_id>/notes/",  # at high there are no notes (REG7)
    }


@pytest.mark.django_db(databases=["default", "shred"])
def test_the_administrator_gets_404_on_everything_about_a_group():
    there = world.make()

    opened = [
        path
        for path, view, names in ALL
        if "group_id" in names and view.page_rule.needs is not Permission.ANYONE  # type: ignore[attr-defined]
        for response in [
            there.browsers["administrator"].get(_address(path, there.named))
            if "GET" in view.page_rule.methods  # type: ignore[attr-defined]
            else there.browsers["administrator"].post(_address(path, there.named))
        ]
        if response.status_code != 404
    ]

    assert opened == []


@pytest.mark.django_db(databases=["default", "shred"])
def test_public_pages_set_no_cookie_and_load_nothing_from_elsewhere():
    """POL3, REG8: the group's page and its texts leave nothing on a visitor's device."""
    there = world.make()
    public = [path for path, view, names in ALL if path.startswith("g/") and not path.endswith("join/")]
    assert len(public) >= 7

    for path in public:
        response = there.browsers["nobody"].get(_address(path, there.named))
        assert response.status_code == 200, path
        assert not response.cookies, path
        if "html" in response.headers["Content-Type"]:
            body = response.content.decode()
            assert 'src="http' not in body, path
            assert 'rel="stylesheet" href="http' not in body, path


@pytest.mark.django_db(databases=["default", "shred"])
def test_faq4_dec10_a_picture_is_refused_on_every_page_before_anything_is_done_with_it():
    there = world.make()
    wrong, tried = [], 0
    before = lines.size()
    for path, view, found in ALL:
        rule: Rule = view.page_rule  # type: ignore[attr-defined]
        if "POST" not in rule.methods or rule.files or path in LEAVES:
            continue
        for who, client in there.browsers.items():
            if not _may(rule, who, "group_id" in found, there):
                continue
            picture = SimpleUploadedFile("passport.png", b"\x89PNG\r\n\x1a\n" + b"0" * 64, "image/png")
            response = client.post(_address(path, there.named), {"picture": picture})
            tried += 1
            if response.status_code not in (409, 415) and not _turned_away(response):
                wrong.append((path, who, response.status_code))
    assert wrong == []
    assert tried > 100
    taking = {view.__name__ for _, view, _ in ALL if view.page_rule.files}  # type: ignore[attr-defined]
    assert taking == {"choose_file", "check", "keep"}, (
        "a list, a signed copy to be checked, a recording everybody agreed to"
    )
    assert lines.size() == before, "nothing was done"
