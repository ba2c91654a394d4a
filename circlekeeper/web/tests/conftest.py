"""The floor's tests run on the gallery's addresses, with a stand-in for the signed-in person."""

import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from circlekeeper.web import leaving, todos
from circlekeeper.web.tests import standin

CHROMIUM = "/usr/bin/chromium"
CHROMIUM_ARGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(autouse=True)
def _gallery_house(settings: Any) -> Iterator[None]:
    settings.ROOT_URLCONF = "circlekeeper.web.tests.gallery"
    settings.MIDDLEWARE = standin.MIDDLEWARE
    settings.FORM_RENDERER = "circlekeeper.web.renderer.PlainForms"
    providers, names, arrivals = list(todos._providers), todos._names[0], list(todos._arrivals)
    yield
    todos.install(providers, names, arrivals)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A real Chromium, or a skip where none is installed."""
    from playwright.sync_api import sync_playwright

    if not os.path.exists(CHROMIUM):
        pytest.skip("no Chromium on this machine")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright's synchronous face runs an event loop; Django would refuse the database beside it.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGS)
        yield chromium
        chromium.close()


@pytest.fixture
def house(transactional_db: None, _gallery_house: None) -> Iterator[str]:
    """The gallery behind a real port, with every middleware and the static files; its address."""
    from django.test.testcases import LiveServerThread

    server = LiveServerThread("localhost", lambda app: app)  # type: ignore[arg-type]
    server.daemon = True
    server.start()
    server.is_ready.wait()
    if server.error:
        raise server.error
    yield f"http://localhost:{server.port}"
    server.terminate()


class Elsewhere:
    """The neutral site one lands on, and what it was told by each visitor's browser."""

    def __init__(self) -> None:
        self.told: list[dict[str, str]] = []
        told = self.told

        class Weather(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                told.append({name.lower(): value for name, value in self.headers.items()})
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(b"<!doctype html><title>Weather</title><h1>Weather</h1>")

            def log_message(self, *words: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Weather)
        self.url = f"http://127.0.0.1:{self.server.server_port}/weather"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[Elsewhere]:
    """Leaving leads to a site of our own on another host name."""
    site = Elsewhere()
    monkeypatch.setitem(leaving.PLACES, "weather", site.url)
    monkeypatch.setattr(leaving.SeeOther, "allowed_schemes", ["http"])
    yield site
    site.server.shutdown()
    site.server.server_close()
