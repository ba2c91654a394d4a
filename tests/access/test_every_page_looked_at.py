"""Every page, opened by whoever may, on a small phone: readable, light, quiet about what it is, alone with us."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.access import world
from tests.access.test_matrix import ALL, LEAVES, _address

HEAVIEST = 60 * 1024
# What a title may never say, on any page, in any tab of any history.
TELLING = ("survivor", "violence", "abuse", "thursday", "circle", "wren", "support", "trauma", "grief", "therapy")
LOOKERS = ("nobody", "member", "leader", "access lead")
pytestmark = [pytest.mark.browser, pytest.mark.django_db(databases=["default", "shred"], transaction=True)]


class Look:
    """One visitor's eyes on every page."""

    def __init__(self, chromium: Any, house: str, cookies: dict[str, str]) -> None:
        self.house = house
        self.context = chromium.new_context(bypass_csp=True, viewport={"width": 320, "height": 640})
        self.context.add_cookies([{"name": n, "value": v, "url": house} for n, v in cookies.items()])
        self.page = self.context.new_page()
        self.weight = 0
        self.strangers: list[str] = []
        self.stood_there = 0
        self.page.on("response", self._weigh)

    def _weigh(self, response: Any) -> None:
        if urlsplit(response.url).netloc != urlsplit(self.house).netloc:
            self.strangers.append(response.url)
        self.weight += int(response.headers.get("content-length", 0))

    def faults(self, address: str) -> list[str]:
        """Open a page and say what is wrong with it."""
        self.weight = 0
        self.strangers.clear()
        answer = self.page.goto(self.house + address)
        if "html" not in answer.headers.get("content-type", ""):
            return []
        self.stood_there += urlsplit(self.page.url).path == address and answer.status == 200
        title = str(self.page.title()).lower()
        wide = self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        serious = [
            each["id"]
            for each in Axe().run(self.page).response["violations"]
            if each["impact"] in ("serious", "critical")
        ]
        return [
            *(f"axe: {each}" for each in serious),
            *(["scrolls sideways at 320 px"] if wide else []),
            *([f"weighs {self.weight:,} bytes"] if self.weight > HEAVIEST else []),
            *([f"loads {self.strangers}"] if self.strangers else []),
            *([f"its title says {title!r}"] if any(word in title for word in TELLING) else []),
            *([f"status {answer.status}"] if answer.status >= 500 else []),
        ]


def test_every_page(chromium: Any, house: str) -> None:
    there = world.make()
    wrong, looked_at = [], 0
    for who in LOOKERS:
        cookies = {name: morsel.value for name, morsel in there.browsers[who].cookies.items()}
        look = Look(chromium, house, cookies)
        for path, view, _names in ALL:
            if path in LEAVES or "GET" not in view.page_rule.methods or not _for(who, path):  # type: ignore[attr-defined]
                continue
            address = _address(path, there.named)
            wrong += [(who, path, fault) for fault in _opened(look, address)]
        looked_at += look.stood_there
        look.context.close()

    assert not wrong, "\n".join(str(each) for each in wrong)
    assert looked_at >= 70


def _for(who: str, path: str) -> bool:
    """Each page once, by the person it is for."""
    mine = (
        "member"
        if path.startswith("me/")
        else "nobody"
        if path.startswith(("g/", "m/", "sign-in", "l", "h"))
        else "leader"
    )
    if "/access/" in path and not path.endswith(("/rules/", "/tips/", "<str:review_id>/")):
        mine = "access lead"
    return who == mine


def _opened(look: Look, address: str) -> list[str]:
    from playwright.sync_api import Error

    try:
        return look.faults(address)
    except Error as failure:
        # A file to download is no page; anything else is a fault.
        return (
            [] if "Download is starting" in str(failure) or "ERR_ABORTED" in str(failure) else [str(failure)[:200]]
        )
