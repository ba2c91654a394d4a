"""What people and their browsers get wrong: each ends in a clear sentence, and nothing is half-written."""

from collections.abc import Iterator
from typing import Any

import pytest

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.joining.models import Application
from circlekeeper.areas.meetings import queries as meetings
from circlekeeper.foundation import clock, ledger
from circlekeeper.foundation.page import Rule
from tests.access import world
from tests.access.test_matrix import ALL, LEAVES, _address
from tests.drills import rows
from tests.journeys import story
from tests.journeys.steps import reading

pytestmark = pytest.mark.django_db(databases=["default", "shred"])
MUCH = "a" * 10 * 1024 * 1024
# Zero bytes end a text in PostgreSQL; the others are what keyboards, editors and mischief put into fields.
RUBBISH = (
    "\x00",
    "a\x00b",
    "\u202e\u200b\U0001f701" * 400,
    "<script>alert(1)</script>",
    "-1",
    "99999999999999999999999",
    "'\");--",
)
# These ask before they look whether there is such a thing; the answer to what they ask is 404.
ASKS_FIRST = ("invited/<str:invitation_id>/", "way-back/<str:way_id>/", "/left/", "/key/", "/remove/")
# The last thing anybody does; the drill asks them like any other, at the end.
LAST = ("me/forget/", "me/leave/", "me/out/", "sign-out/", "account/sessions/close/")


@pytest.fixture
def open_group() -> tuple[str, story.Browser, story.Browser]:
    _ada, leader = story.signed_in("ada")
    group_id = story.new_group(leader)
    _ben, cohost = story.second_holder(leader, group_id, "ben")
    story.plan(leader, group_id)
    leader.send(f"/groups/{group_id}/agreements/publish/")
    story.keep_promises(leader, group_id)
    leader.send(f"/groups/{group_id}/safety/open/")
    return group_id, leader, cohost


def _says(html: str) -> str:
    main = reading.main_of(reading.page(html))
    assert any(each.words for each in main.all("h1")), html[:400]
    return main.words


def test_pol4_a_form_sent_out_of_order_goes_back_to_where_one_was(open_group):
    group_id, _leader, _cohost = open_group
    visitor, path = story.Browser(), f"/g/{open_group[0]}/join/"
    before = rows.counted()
    fields = story.last_page(story.Browser(), group_id, "Wren")
    first = visitor.see(path)

    early = visitor.send(path, 200, **fields | {"draft": story.hidden(first, "draft")})
    assert "Please go on from here." in _says(early)
    late = visitor.send(path, 200, draft=fields["draft"], step="name", do="next", alias="Robin")
    assert "Please go on from here." in _says(late)
    for stranger in ("", "AAAA", fields["draft"][:-6] + "AAAAAA", "é" * 50, "\x00"):
        gone = visitor.send(path, 200, **fields | {"draft": stranger})
        assert "nothing was kept" in _says(gone)

    assert rows.counted() == before


def test_a_form_sent_twice_is_one_application(open_group):
    group_id, leader, cohost = open_group
    visitor = story.Browser()
    fields = story.last_page(visitor, group_id, "Wren")
    first, again = (visitor.send(f"/g/{group_id}/join/", 200, **fields) for _ in range(2))

    assert story.key_on(first) == story.key_on(again)
    assert Application.objects.filter(group_id=group_id).count() == 1
    story.decide(group_id, leader, cohost)
    # What was decided is not opened again by a page that was left standing.
    visitor.send(f"/g/{group_id}/join/", 200, **fields)
    assert Application.objects.filter(group_id=group_id).count() == 1


def test_what_a_host_presses_twice_happens_once(open_group):
    group_id, leader, cohost = open_group
    key = story.apply(group_id, "Wren")
    story.decide(group_id, leader, cohost)
    meeting_id = meetings.coming(group_ids=[group_id], now=clock.now())[0].id
    cockpit = f"/groups/{group_id}/meetings/{meeting_id}/"
    story.prepare(meeting_id, group_id, None, leader, cohost)
    door = story.own_page(key).send(f"/me/door/{meeting_id}/")
    for do in ("open", "card", "lock", "close"):
        leader.send(cockpit, do=do)
        before = rows.counted(but=rows.BESIDE)
        response = leader.client.post(cockpit, {"do": do})
        assert response.status_code in (302, 404, 409), do
        if response.status_code != 302:
            assert _says(response.content.decode())
        assert rows.counted(but=rows.BESIDE) == before, do
    assert story.Browser().see(door, 404)
    assert ledger.verify().ok


def test_reg5_fields_nobody_asked_for_are_dropped(open_group, caplog):
    group_id, _leader, _cohost = open_group
    visitor = story.Browser()
    extra: dict[str, str] = {
        "diagnosis": "umbellifer",
        "legal_name": "umbellifer",
        "by": "umbellifer",
        "state": "member",
    }
    fields = story.last_page(visitor, group_id, "Wren", contact=None, signature="", **extra)
    page = visitor.send(f"/g/{group_id}/join/", 200, **fields | extra)
    member = story.own_page(story.key_on(page))

    assert "umbellifer" not in page
    assert "umbellifer" not in member.see("/me/record/page.json")
    assert "umbellifer" not in caplog.text
    assert Application.objects.get().state == "open"


def test_a_field_of_ten_megabytes_is_refused_whole(open_group):
    group_id, leader, _cohost = open_group
    before = rows.counted(but=rows.BESIDE)
    for browser, path, name in (
        (story.Browser(), f"/g/{group_id}/join/", "alias"),
        (story.Browser(), "/me/enter/", "key"),
        (story.Browser(), "/sign-in/", "password"),
        (leader, f"/groups/{group_id}/meetings/plan/", "address"),
        (leader, f"/groups/{group_id}/safety/periods/roster/", "keep"),
    ):
        words = _says(browser.send(path, 400, **{name: MUCH}))
        assert "We could not read what your browser sent." in words
    # Just under what Django refuses, the form itself says so.
    page = story.Browser().send("/me/enter/", 422, key="a" * 1_900_000)
    assert "key" in _says(page).lower()

    assert rows.counted(but=rows.BESIDE) == before


def test_a_wrong_code_says_so_and_opens_nothing(open_group):
    group_id, leader, _cohost = open_group
    shown = leader.send(f"/groups/{group_id}/team/invite/", 200, role="facilitator")
    invited = next(
        each.words for each in reading.page(shown).all(css="letters") if "/invited/" in each.words
    ).partition("localhost")[2]
    path = "/invited/" + invited.partition("/invited/")[2]
    someone, _ = story.signed_in("eve")
    before = rows.counted(but=rows.BESIDE)

    assert "code" in _says(story.Browser().send(path, 422, code="wrong-code-here")).lower()
    assert "key" in _says(story.Browser().send("/me/enter/", 422, key="aaaa-bbbb-cccc-dddd-eeee-ffff-gg")).lower()
    assert _says(story.Browser().send("/me/enter/", 422, key="not twelve words"))
    stranger = story.Browser()
    stranger.send("/sign-in/", login="eve", password=someone.passphrase)
    assert _says(stranger.send("/sign-in/factor/", 422, code="000000"))
    assert stranger.see("/today/", 302) == ""
    assert _says(story.Browser().send("/set-up/", 404, code="aaaa-bbbb-cccc-dddd"))

    assert rows.counted(but=rows.BESIDE) == before


def _forms(html: str) -> Iterator[tuple[str, list[str]]]:
    for form in reading.page(html).all("form"):
        if form.attrs.get("method", "").lower() == "post":
            names = {each.attrs.get("name", "") for each in form.all("input", "select", "textarea", "button")}
            yield form.attrs.get("action", "").partition("#")[0], sorted(names - {"", "csrfmiddlewaretoken"})


def _answers(client: Any, address: str, fields: dict[str, str]) -> int:
    response = client.post(address, fields)
    if response.status_code >= 400 and "html" in response.headers.get("Content-Type", ""):
        _says(response.content.decode())
    return int(response.status_code)


def test_rubbish_in_any_field_of_any_page_is_answered_calmly():
    """Every form anybody can see, every field of it, filled with what does not belong there."""
    there = world.make()
    pages = sorted(ALL, key=lambda page: page[0] in LAST)
    broken, sent = [], 0
    for path, view, names in pages:
        rule: Rule = view.page_rule  # type: ignore[attr-defined]
        if path in LEAVES or "POST" not in rule.methods:
            continue
        address = _address(path, there.named)
        who = "member" if path.startswith("me/") else "leader" if "group_id" in names else "nobody"
        for client in {who: there.browsers[who], "leader": there.browsers["leader"]}.values():
            seen = client.get(address)
            found = list(_forms(seen.content.decode())) if seen.status_code == 200 else []
            for action, fields in found or [("", ["do", "step", "yes"])]:
                for junk in RUBBISH:
                    sent += 1
                    status = _answers(client, action or address, dict.fromkeys(fields or ["do"], junk))
                    if status >= 500:
                        broken.append((path, fields, junk[:12], status))

    assert broken == []
    assert sent > 300
    assert groups.group(there.group_id).is_open
    assert ledger.verify().ok


def test_rubbish_in_any_address_is_nothing_here():
    there = world.make()
    wrong, asked = [], 0
    for path, view, names in ALL:
        rule: Rule = view.page_rule  # type: ignore[attr-defined]
        for name in names:
            for junk in ("%00", "a%00b", "%F0%9F%9C%81", "9" * 30, "-1", "..%2f..%2fetc"):
                address = _address(path, there.named | {name: junk})
                for who in ("nobody", "member", "leader"):
                    client = there.browsers[who]
                    response = client.get(address) if "GET" in rule.methods else client.post(address)
                    asked += 1
                    if response.status_code == 200 and path.endswith(ASKS_FIRST):
                        response = client.post(address, {"sure": "on", "code": "x", "yes": "yes"})
                    if name == "path" and response.status_code == 403:
                        continue  # any words may follow there; who is no service of ours is told just that
                    if response.status_code not in (302, 400, 404, 405, 409, 422):
                        wrong.append((who, path, name, junk, response.status_code))

    assert not wrong, "\n".join(map(str, wrong))
    assert asked > 1000
