"""The list at a door goes on without network, and forgets by itself (FMT3): a real browser, whose network can be cut."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client

from circlekeeper import web
from circlekeeper.areas.meetings import actions as meetings_do
from circlekeeper.areas.meetings import queries as meetings
from circlekeeper.areas.meetings.tests.conftest import as_host, at
from circlekeeper.areas.meetings.tests.factories import NOW, Circle, doors_open

__all__ = ["as_host", "at"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(databases=["default", "shred"], transaction=True)]
STATIC = Path(web.__file__).parent / "static"
HERE = "http://door.test"


@dataclass
class Line:
    """Between the browser and the pages; cut, nothing passes."""

    client: Client
    cut: bool = False

    def pass_on(self, route: Any) -> None:
        asked = route.request
        path = urlsplit(asked.url).path
        if self.cut:
            route.abort()
        elif path.startswith("/static/"):
            file = STATIC / path.removeprefix("/static/")
            kind = (
                "text/javascript"
                if file.suffix == ".js"
                else "text/css"
                if file.suffix == ".css"
                else "image/svg+xml"
            )
            route.fulfill(body=file.read_bytes(), content_type=kind)
        else:
            said = dict(parse_qsl(asked.post_data or ""))
            answer = self.client.post(path, said, follow=True) if said else self.client.get(path)
            route.fulfill(status=answer.status_code, body=answer.content, content_type="text/html; charset=utf-8")


@pytest.fixture
def page(chromium: Any) -> Any:
    found = chromium.new_page()
    found.set_default_timeout(8000)
    return found


def press(page: Any, word: str) -> Any:
    """The button of this word beside the first name."""
    return page.locator("li", has_text="Wren").locator("button", has_text=word)


def opened(page: Any, found: Circle, client: Client) -> Line:
    line = Line(client)
    page.route("**/*", line.pass_on)
    page.goto(f"{HERE}/groups/{found.id}/meetings/{found.meeting_id}/list/")
    return line


def test_fmt3_ticks_wait_for_the_network_and_the_close_wipes_the_phone(page, as_host):
    found = doors_open("Wren", "Robin", online=False)
    line = opened(page, found, as_host(found.leader))
    kept = "JSON.stringify(sessionStorage)"
    line.cut = True
    press(page, "Here").click()
    page.get_by_text("Here. Sent when the network is back.").wait_for()
    page.get_by_text("No network.").wait_for()
    assert found.members["Wren"].id in page.evaluate(kept)
    assert "Wren" not in page.evaluate(kept), "no name is kept beside the page"
    assert not meetings.been_inside(found.meeting_id)

    line.cut = False
    page.evaluate("dispatchEvent(new Event('online'))")
    press(page, "Undo").wait_for()
    assert meetings.been_inside(found.meeting_id) == {found.members["Wren"].id}
    assert page.evaluate(kept) == "{}"

    meetings_do.close_meeting(by=found.leader.id, now=NOW + timedelta(hours=1), **found.here)
    page.evaluate("dispatchEvent(new Event('online'))")
    page.get_by_text("1 person came. The list is gone.").wait_for()
    assert "Robin" not in page.content()


def test_fmt3_a_phone_that_never_hears_of_the_close_forgets_by_itself(page, as_host):
    found = doors_open("Wren", online=False)
    page.clock.install(time=found.facts.starts_at)
    line = opened(page, found, as_host(found.leader))
    press(page, "Here").wait_for()
    line.cut = True
    page.clock.fast_forward("02:05:00")
    page.get_by_text("The list is gone.").wait_for()
    assert "Wren" not in page.content()
