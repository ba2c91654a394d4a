"""A real browser."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

PROGRAM = "/usr/bin/chromium"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost",
]
PHONE = {"width": 390, "height": 844}
PATIENCE = 12_000


@contextmanager
def launched() -> Iterator[Any]:
    """Chromium, closed at the end."""
    from playwright.sync_api import sync_playwright

    assert os.path.exists(PROGRAM), "Chromium is missing: install the Debian package chromium."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=PROGRAM, args=FLAGS)
        yield browser
        browser.close()


class ChromiumWindow:
    """See ``windows.Window``. Other sites do not exist for it: what would have gone there is noted."""

    def __init__(self, browser: Any, site: str, *, script: bool) -> None:
        self._site, self._script = site, script
        self.elsewhere: list[str] = []
        self.complaints: list[str] = []
        context = browser.new_context(java_script_enabled=script, viewport=PHONE)
        context.set_default_timeout(PATIENCE)
        self.page = context.new_page()
        self.page.on("request", self._note)
        self.page.on("console", self._listen)
        self._status = 0
        self._last = ""

    def _note(self, request: Any) -> None:
        if urlsplit(request.url).netloc != urlsplit(self._site).netloc:
            self.elsewhere.append(request.url)

    def _listen(self, message: Any) -> None:
        if message.type == "error" and "status of 4" not in message.text:
            self.complaints.append(message.text)

    @property
    def path(self) -> str:
        return str(urlsplit(self.page.url).path)

    def open(self, path: str) -> None:
        answer = self.page.goto(self._site + path)
        self._status, self._last = answer.status if answer else 0, ""

    def html(self) -> str:
        return str(self.page.content())

    def status(self) -> int:
        return self._status

    def fill(self, name: str, value: str) -> None:
        self._last = f'[name="{name}"]'
        self.page.fill(f'main [name="{name}"]:not([type=hidden])', value)

    def choose(self, name: str, value: str) -> None:
        self._last = f'[name="{name}"]'
        self.page.check(f'main input[name="{name}"][value="{value}"]')

    def pick(self, name: str, *, value: str = "", label: str = "") -> None:
        self._last = f'[name="{name}"]'
        self.page.select_option(f'main select[name="{name}"]', **({"label": label} if label else {"value": value}))

    def tick_all(self) -> None:
        for box in self.page.locator("main input[type=checkbox]").all():
            self._last = "[type=checkbox]"
            box.check()

    def attach(self, name: str, file: str, held: bytes) -> None:
        self._last = f'[name="{name}"]'
        given = {"name": file, "mimeType": "text/csv", "buffer": held}
        self.page.set_input_files(f'main input[name="{name}"]', given)

    def press(self, words: str, *, near: str = "") -> bool:
        where = self.page.locator("main section", has_text=near) if near else self.page.locator("main")
        target = where.locator("button, a").filter(has_text=re.compile(rf"^\s*{re.escape(words)}"))
        if not target.count():
            raise LookupError(f"no {words!r} at {self.path}: {self.page.inner_text('main')[:900]}")
        is_button = bool(target.first.evaluate("each => each.tagName === 'BUTTON'"))
        self._click(target.first)
        return is_button

    def send(self) -> None:
        where = f"main form:has({self._last}) button" if self._last else "main form button"
        self._click(self.page.locator(where).first)

    def _click(self, target: Any) -> None:
        target.click()
        self.page.wait_for_load_state()
        self._last = ""

    def comes(self, words: str) -> bool:
        from playwright.sync_api import TimeoutError as GaveUp

        if not self._script:
            self.page.reload()
        try:
            self.page.locator("main", has_text=words).wait_for()
        except GaveUp:
            return False
        return True
