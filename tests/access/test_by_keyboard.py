"""Somebody joins, signs and takes a yes back without a mouse and without script, at every size people set for themselves."""

from typing import Any

import pytest

from circlekeeper.areas.joining.tests import factories
from circlekeeper.foundation import clock

pytestmark = [pytest.mark.browser, pytest.mark.django_db(databases=["default", "shred"], transaction=True)]

FARTHEST = 80
WHERE = """() => {
  const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect();
  const before = window.before && window.before.isConnected ? window.before : null;
  window.before = at;
  return {
    tag: at.tagName, name: at.name || "", value: at.value || "", id: at.id, words: at.innerText || "",
    path: at.pathname || "", hash: at.hash || "",
    shown: before === at || parseFloat(style.outlineWidth) >= 2 && style.outlineStyle !== "none",
    inside: box.width > 0 && box.bottom > 0 && box.top < innerHeight,
    // The hours and the minutes of one field are two stops.
    onward: !before || before === at || !!(before.compareDocumentPosition(at) & Node.DOCUMENT_POSITION_FOLLOWING),
  };
}"""
# What does not fit: the page itself, or a box that hides what runs over its edge.
CUT_OFF = """() => {
  const whole = document.documentElement.scrollWidth;
  const wide = whole > innerWidth ? ["the page, " + whole] : [];
  if (wide.length) for (const each of document.body.querySelectorAll("*"))
    if (each.getBoundingClientRect().right > innerWidth) wide.push(each.outerHTML.slice(0, 90));
  for (const each of document.body.querySelectorAll("*")) {
    const style = getComputedStyle(each);
    const hides = [style.overflowX, style.overflowY].some((way) => way === "hidden" || way === "clip");
    if (!hides || each.clientWidth <= 1 || each.closest(".unseen")) continue;
    const over = Math.max(each.scrollWidth - each.clientWidth, each.scrollHeight - each.clientHeight);
    if (over > 1) wide.push(each.outerHTML.slice(0, 90));
  }
  return wide;
}"""


class Keyboard:
    """A browser in which only keys are pressed. Each stop must be seen, and come after the one before."""

    def __init__(self, chromium: Any, house: str) -> None:
        self.house = house
        context = chromium.new_context(
            bypass_csp=True, java_script_enabled=False, viewport={"width": 1280, "height": 800}
        )
        self.page = context.new_page()
        self.page.set_default_timeout(8000)
        self.faults: list[str] = []

    def open(self, path: str) -> None:
        """Type an address."""
        self.page.goto(self.house + path)
        self.arrived()

    def to(self, **wanted: str) -> "Keyboard":
        """Press Tab until what has the focus is the one that is wanted."""
        for _ in range(FARTHEST):
            self.page.keyboard.press("Tab")
            here = self.page.evaluate(WHERE)
            if here["tag"] == "BODY":
                continue
            where = f"{self.page.url} {here['tag']} {here['name']} {here['words'][:30]}"
            self.faults += [] if here["shown"] else [f"focus not seen: {where}"]
            self.faults += [] if here["inside"] else [f"focus outside the window: {where}"]
            self.faults += [] if here["onward"] else [f"out of order: {where}"]
            if all(text in here[what] for what, text in wanted.items()):
                return self
        raise AssertionError(f"Tab never came to {wanted} on {self.page.url}\n{self.page.inner_text('main')}")

    def press(self, *keys: str) -> "Keyboard":
        """Press keys where the focus is."""
        for key in keys:
            self.page.keyboard.press(key)
        return self

    def type(self, words: str) -> "Keyboard":
        """Write where the focus is."""
        self.page.keyboard.type(words)
        return self

    def go(self, key: str = "Enter") -> None:
        """Press a key that leads to another page."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)
        self.arrived()

    def arrived(self) -> None:
        """Look at a page at 200 % (1280 px become 640), and on a phone with letters twice as large."""
        for size, larger in (({"width": 640, "height": 400}, False), ({"width": 360, "height": 640}, True)):
            self.page.set_viewport_size(size)
            if larger:
                twice = "2 * parseFloat(getComputedStyle(document.documentElement).fontSize) + 'px'"
                self.page.evaluate(f"document.documentElement.style.fontSize = {twice}")
            cut = self.page.evaluate(CUT_OFF)
            self.faults += [f"{size['width']} px, cut off on {self.page.url}: {each}" for each in cut]
        self.page.evaluate("document.documentElement.style.fontSize = ''")
        self.page.set_viewport_size({"width": 1280, "height": 800})


def test_con2_joining_signing_and_taking_back_by_keyboard_alone_and_enlarged(
    chromium: Any, house: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: factories.NOW)
    group_id = factories.circle(level="medium").id
    keys = Keyboard(chromium, house)

    keys.open(f"/g/{group_id}/")
    keys.to(path=f"/g/{group_id}/join/").go()
    keys.to(name="do", value="next").go("Space")
    _hears_of_the_fault(keys, "alias")
    keys.type("Wren").go()
    keys.to(name="says").press("ArrowDown").to(name="channel").press("E").to(name="address")
    keys.type("wren@example.org").to(name="do", value="next").go("Space")
    keys.to(name="area").type("Northtown").to(name="number").type("112").to(name="do", value="next").go()
    keys.to(name="do", value="next").go()
    _hears_of_the_fault(keys, "policy")
    keys.press("Shift+Tab")
    _agree(keys)
    key = keys.page.inner_text("p.letters").strip()

    keys.to(path="/me/enter/").go()
    keys.to(name="key").type(key).to(tag="BUTTON", words="Go to my page").go("Space")
    keys.to(path="/me/agreed/").go()
    keys.to(path="/me/consent/").go()
    keys.to(tag="BUTTON").go("Space")
    keys.open("/me/agreed/")

    assert "You took it back." in keys.page.inner_text("main")
    assert not keys.faults, "\n".join(keys.faults)


def _agree(keys: Keyboard) -> None:
    """A tick by the space bar in every box, and a signature; in the order in which they stand there."""
    names = keys.page.eval_on_selector_all(
        "main form input:not([type=hidden])", "found => found.map(each => each.name)"
    )
    assert "policy" in names
    for name in names:
        keys.to(name=name)
        keys.type("By my own hand") if name == "signature" else keys.press("Space")
    keys.to(name="do", value="next").go()


def _hears_of_the_fault(keys: Keyboard, field: str) -> None:
    """The faults are an alert with the focus at it; the next Tab leads to the first, and its field says it too."""
    page = keys.page
    assert page.url.endswith("#problem")
    assert page.get_attribute("#problem", "role") == "alert"
    keys.to(hash=f"#id_{field}").press("Enter")
    assert page.evaluate("document.activeElement.name") == field
    told = page.evaluate("document.activeElement.getAttribute('aria-describedby')") or ""
    assert any(page.inner_text(f"#{each}").strip() for each in told.split())
    assert page.evaluate("document.activeElement.getAttribute('aria-invalid')") == "true"
