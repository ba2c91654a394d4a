"""The pictures in the README come from the demo.

``CIRCLEKEEPER_PICTURES=1 .venv/bin/pytest tests/journeys/test_pictures.py`` takes them. Otherwise this only looks that each
one is there, is a picture, and is shown somewhere.
"""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bench import service
from circlekeeper.demo import seed

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "pictures"
PICTURES = ("cockpit-phone.png", "group-phone.png")
TAKE = bool(os.environ.get("CIRCLEKEEPER_PICTURES"))
PNG = b"\x89PNG\r\n\x1a\n"
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "color_scheme": "light",
}
CHROMIUM = "/usr/bin/chromium"
# What pytest is told and a demo is not.
NOT_FOR_IT = {"DJANGO_SETTINGS_MODULE", "CIRCLEKEEPER_KDF", "CIRCLEKEEPER_DATA"}


def referenced() -> set[str]:
    """Every picture some page of ours shows."""
    pages = [ROOT / "README.md", *ROOT.glob("docs/**/*.md")]
    return {
        Path(found).name for page in pages for found in re.findall(r"docs/pictures/[\w-]+\.png", page.read_text())
    }


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """A running demo: its address, and what it printed."""
    port = service.free_port()
    command = [sys.executable, "-m", "circlekeeper", "demo", "--data", str(tmp_path / "demo"), "--port", str(port)]
    told = {name: value for name, value in os.environ.items() if name not in NOT_FOR_IT}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=told)
    try:
        end = time.monotonic() + 120
        while not service._healthy(port):
            assert process.poll() is None
            assert time.monotonic() < end, "the demo did not become ready"
            time.sleep(0.1)
        # What it printed before it was ready is in the pipe already.
        assert process.stdout is not None
        yield f"http://localhost:{port}", os.read(process.stdout.fileno(), 65536).decode()
    finally:
        process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()
        process.communicate()


@pytest.mark.browser
@pytest.mark.skipif(not TAKE, reason="takes the pictures when CIRCLEKEEPER_PICTURES=1")
def test_take_the_pictures(demo):
    from playwright.sync_api import sync_playwright

    address, said = demo
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--headless", "--no-sandbox"])
        page = browser.new_page(**PHONE)
        group = re.search(r"Evening round .*?(/g/[a-z0-9]+/)", said)
        assert group is not None
        page.goto(address + group.group(1))
        page.screenshot(path=str(FOLDER / "group-phone.png"))
        sign_in(page, address, "rowan")
        page.goto(address + "/meetings/")
        page.locator("main a", has_text=":").first.click()
        page.wait_for_selector("text=2 things before you can open")
        page.screenshot(path=str(FOLDER / "cockpit-phone.png"))
        browser.close()


def sign_in(page: Any, address: str, handle: str) -> None:
    """Passphrase, then the code of this moment."""
    page.goto(address + "/sign-in/")
    page.fill("[name=login]", handle)
    page.fill("[name=password]", seed.passphrase(handle))
    page.click("main button")
    page.fill("[name=code]", seed.app_code(handle, time.time()))
    page.click("main button")
    page.wait_for_selector("h1:has-text('Today')")


@pytest.mark.parametrize("name", PICTURES)
def test_each_picture_is_there_and_is_one(name):
    taken = (FOLDER / name).read_bytes()
    assert taken.startswith(PNG)
    assert int.from_bytes(taken[16:20], "big") == 2 * PHONE["viewport"]["width"]


def test_each_picture_is_shown_and_no_other_lies_about():
    assert {path.name for path in FOLDER.iterdir()} == set(PICTURES)
    assert set(PICTURES) <= referenced()
