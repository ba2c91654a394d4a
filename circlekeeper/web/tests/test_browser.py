"""In a real browser: no script, one hand, a small phone, and someone coming through the door."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

from circlekeeper import web
from circlekeeper.web import todos
from circlekeeper.web.tests.gallery import TODOS

pytestmark = pytest.mark.browser

PAGES = ("/gallery/", "/question/", "/confirm/", "/help-now/", "/leaving/", "/today/", "/refused/")


class Tab:
    """One tab of one visitor, and everything it complained about or asked others for."""

    def __init__(self, browser: Any, base: str, **wishes: Any) -> None:
        self.context = browser.new_context(**wishes)
        self.base = base
        self.complaints: list[str] = []
        self.strangers: list[str] = []
        self.context.route(
            lambda url: urlsplit(url).hostname not in ("localhost", "127.0.0.1"),
            self._stranger,
        )
        self.page = self.context.new_page()
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda failure: self.complaints.append(str(failure)))

    def _stranger(self, route: Any) -> None:
        self.strangers.append(route.request.url)
        route.abort()

    def cookie(self, name: str, value: str) -> None:
        self.context.add_cookies([{"name": name, "value": value, "url": self.base}])

    def go(self, path: str) -> Any:
        self.page.goto(self.base + path)
        return self.page


@pytest.fixture
def tab(browser: Any, house: str) -> Iterator[Any]:
    """Open tabs with ``tab(javaScriptEnabled…)``; all are closed afterwards."""
    todos.install([lambda who, now: TODOS * 3])
    opened: list[Tab] = []

    def open_one(kind: str = "person", **wishes: Any) -> Tab:
        opened.append(Tab(browser, house, **wishes))
        opened[-1].cookie("test_who", kind)
        return opened[-1]

    yield open_one
    for each in opened:
        each.context.close()


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(tab: Any, path: str, scheme: str) -> None:
    page = tab(bypass_csp=True, color_scheme=scheme, viewport={"width": 390, "height": 844}).go(path)

    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]

    assert [
        (each["id"], [node["html"] for node in each["nodes"]])
        for each in found
        if each["impact"] in ("serious", "critical")
    ] == []


def test_axe_finds_nothing_serious_in_a_form_with_errors(tab: Any) -> None:
    page = tab(bypass_csp=True).go("/gallery/")
    page.click("text=Send")
    page.wait_for_selector("#problem")

    found = Axe().run(page).response["violations"]

    assert [each["id"] for each in found if each["impact"] in ("serious", "critical")] == []


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_a_small_phone_needs_no_sideways_scroll_and_a_thumb_hits_everything(
    tab: Any, path: str, direction: str
) -> None:
    page = tab(viewport={"width": 320, "height": 640}).go(path)
    page.evaluate("way => document.documentElement.dir = way", direction)

    wide = page.evaluate("document.documentElement.scrollWidth")
    small = page.evaluate(
        """() => [...document.querySelectorAll('button, .button, .leave, .helpnow, summary, nav a, .foot a, .dial,'
            + 'input:not([type=hidden], [type=checkbox], [type=radio]), select, textarea')]
            .filter(each => each.checkVisibility() && each.getBoundingClientRect().height < 44)
            .map(each => each.outerHTML)"""
    )

    assert wide <= 320
    assert small == []


@pytest.mark.parametrize("path", PAGES)
def test_reg8_pages_ask_nobody_else_and_break_no_rule_of_the_browser(tab: Any, path: str) -> None:
    visitor = tab()
    visitor.go(path).wait_for_load_state("networkidle")

    assert visitor.strangers == []
    assert [line for line in visitor.complaints if "409" not in line] == []
    assert visitor.page.evaluate("document.querySelector('main').getBoundingClientRect().width") > 0


def test_icons_are_drawn_under_the_strict_policy(tab: Any) -> None:
    page = tab().go("/question/")
    page.wait_for_load_state("networkidle")

    assert page.evaluate("document.querySelector('.back use').getBBox().width") > 5


def test_leave_stays_in_reach_and_never_covers_what_has_the_focus(tab: Any) -> None:
    page = tab("nobody", viewport={"width": 320, "height": 640}).go("/gallery/")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    leave = page.locator(".leave").bounding_box()
    assert leave["y"] >= 0
    assert leave["y"] + leave["height"] <= 200
    assert leave["height"] >= 44

    for _ in range(60):
        page.keyboard.press("Shift+Tab")
        hidden = page.evaluate(
            """() => { const held = document.activeElement, bar = document.querySelector('.top');
            const [one, over] = [held, bar].map(each => each.getBoundingClientRect());
            return !bar.contains(held) && one.bottom > over.top && one.bottom <= over.bottom && held.outerHTML; }"""
        )
        assert not hidden


@pytest.mark.parametrize("script", [True, False])
def test_forms_post_under_the_referrer_policy_and_land_on_the_problem(tab: Any, script: bool) -> None:
    page = tab(java_script_enabled=script).go("/gallery/")
    page.fill("[name=more]", "keep me")
    page.click("button:has-text('Send')")
    page.wait_for_selector("#problem")

    assert page.title() == "Error: Gallery"
    assert page.url.endswith("#problem")
    assert page.input_value("[name=more]") == "keep me"

    page.fill("[name=alias]", "Wren")
    page.check("[value=no]")
    page.check("[name=agreed]")
    page.click("button:has-text('Send')")
    page.wait_for_selector(".notice.done:has-text('Saved.')")


@pytest.mark.parametrize("script", [True, False])
def test_back_after_leaving_does_not_show_the_private_page(tab: Any, elsewhere: Any, script: bool) -> None:
    visitor = tab(java_script_enabled=script)
    assert "link of tonight" in visitor.go("/today/").content()
    page = visitor.go("/leaving/")
    page.click(".leave")
    page.wait_for_selector("text=Weather")

    assert page.url == elsewhere.url
    assert visitor.context.cookies(visitor.base) == []
    for _ in range(2):
        page.go_back(wait_until="domcontentloaded")
        assert "link of tonight" not in page.content()


def test_three_presses_of_escape_leave_and_the_page_is_gone_from_the_tab(tab: Any, elsewhere: Any) -> None:
    visitor = tab()
    visitor.go("/question/")
    page = visitor.go("/leaving/")
    entries = page.evaluate("history.length")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    assert "/leaving/" in page.url
    page.keyboard.press("Escape")
    page.wait_for_selector("text=Weather")

    assert page.evaluate("history.length") == entries
    page.go_back(wait_until="domcontentloaded")
    assert page.url.endswith("/question/")


def test_the_next_site_learns_nothing(tab: Any, elsewhere: Any) -> None:
    page = tab().go("/leaving/")
    page.click(".leave")
    page.wait_for_selector("text=Weather")

    assert elsewhere.told
    for headers in elsewhere.told:
        assert not {"referer", "origin", "cookie"} & set(headers)
        assert not any("localhost" in value for value in headers.values())


def test_a_waiting_page_refreshes_itself_until_told_to_stop(tab: Any) -> None:
    visitor = tab()
    fresh = {"text": "The door opens at 18:50."}

    def answer(route: Any) -> None:
        page = route.fetch()
        route.fulfill(response=page, body=page.text().replace("The door opens at 18:50.", fresh["text"]))

    visitor.context.route("**/gallery/*", answer)
    page = visitor.go("/gallery/")
    page.fill("[name=more]", "half a sentence")
    fresh["text"] = "The door is open."
    page.wait_for_selector("#waiting:has-text('The door is open.')", timeout=9000)
    assert page.input_value("[name=more]") == "half a sentence"

    page.click("text=Stop refreshing")
    page.wait_for_selector("text=This page stands still.")
    assert page.locator("[data-live-source]").count() == 0
    assert page.locator("script[src*='live.js']").count() == 0
    assert visitor.complaints == []


def test_without_script_the_waiting_page_reloads_itself_and_can_be_stopped(tab: Any) -> None:
    page = tab(java_script_enabled=False).go("/gallery/")
    assert page.locator("meta[http-equiv=refresh]").get_attribute("content") == "5"

    page.click("text=Stop refreshing")
    assert page.locator("meta[http-equiv=refresh]").count() == 0


def test_it_works_with_forced_colours_and_on_paper(tab: Any) -> None:
    page = tab("nobody", forced_colors="active").go("/gallery/")
    assert page.evaluate("getComputedStyle(document.querySelector('.leave')).borderTopStyle") == "solid"

    page.emulate_media(media="print")
    assert not page.locator(".leave").is_visible()
    assert page.locator(".key").is_visible()


def test_what_is_left_counts_by_the_servers_clock_and_starts_anew_when_the_page_is_drawn_again(tab: Any) -> None:
    page = tab(bypass_csp=True).go("/refused/")
    page.clock.install(time=1_000_000)  # a phone whose own clock is far off
    drawn = (
        '<ol data-clock="{}"><li><strong role="timer" data-until="{}" data-left="{{time}} left"'
        ' data-over="{{time}} over" hidden></strong></ol>'
    )
    draw = "html => { document.querySelector('main').innerHTML = html }"
    page.evaluate(draw, drawn.format(50_000_000, 50_600_000))
    page.add_script_tag(path=str(Path(web.__file__).parent / "static" / "web" / "timer.js"))

    assert page.inner_text("[role=timer]") == "10:00 left"
    page.clock.run_for(61_000)
    assert page.inner_text("[role=timer]") == "8:59 left"
    page.evaluate(draw, drawn.format(50_700_000, 50_600_000))
    page.clock.run_for(1_000)
    assert page.inner_text("[role=timer]") == "1:40 over"
    page.clock.run_for(5_000)
    assert page.inner_text("[role=timer]") == "1:45 over"
