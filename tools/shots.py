"""Take screenshots of pages: python tools/shots.py FOLDER URL... [--cookie name=value]

Three sizes (small phone, phone, desk), light and dark, whole page. FOLDER must lie outside the repository: pictures of a
running site may show what it holds.
"""

import argparse
import re
import sys
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, sync_playwright

SIZES = {"small": (320, 640), "phone": (390, 844), "desk": (1280, 900)}
ARGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
REPOSITORY = Path(__file__).resolve().parent.parent


def shoot(browser: Browser, url: str, folder: Path, cookies: dict[str, str]) -> list[str]:
    """Save six pictures of one page; return what the browser complained about."""
    complaints: list[str] = []
    name = re.sub(r"\W+", "-", urlsplit(url).path).strip("-") or "start"
    for size, (width, height) in SIZES.items():
        for scheme in ("light", "dark"):
            context = browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme="dark" if scheme == "dark" else "light",
            )
            context.add_cookies([{"name": key, "value": value, "url": url} for key, value in cookies.items()])
            page = context.new_page()
            page.on("console", lambda message: complaints.append(message.text))
            page.goto(url)
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                complaints.append(f"{name} {size}: {wide} px wide")
            page.screenshot(path=str(folder / f"{name}-{size}-{scheme}.png"), full_page=True)
            context.close()
    return complaints


def main() -> int:
    """Command line; exit status 1 when a page complained."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("urls", nargs="+")
    parser.add_argument("--cookie", action="append", default=[], help="name=value")
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    asked = parser.parse_args()
    folder = asked.folder.resolve()
    if folder.is_relative_to(REPOSITORY):
        parser.error("choose a folder outside the repository")
    folder.mkdir(parents=True, exist_ok=True)
    cookies = dict(pair.split("=", 1) for pair in asked.cookie)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=asked.chromium, args=ARGS)
        complaints = [line for url in asked.urls for line in shoot(browser, url, folder, cookies)]
        browser.close()
    for line in dict.fromkeys(complaints):
        sys.stderr.write(line + "\n")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
