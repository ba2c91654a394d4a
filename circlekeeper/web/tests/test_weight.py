"""Small enough for an old phone on a bad line."""

import gzip
import re
from pathlib import Path

import pytest
from django.test import Client

STATIC = Path(__file__).parent.parent / "static" / "web"
PAGES = ("/gallery/", "/question/", "/help-now/", "/leaving/", "/confirm/")


def test_the_stylesheet_is_small() -> None:
    assert len(gzip.compress((STATIC / "circle.css").read_bytes())) <= 6 * 1024


@pytest.mark.parametrize("name", ["leave.js", "live.js"])
def test_each_script_is_tiny(name: str) -> None:
    assert (STATIC / name).stat().st_size <= 3 * 1024


@pytest.mark.parametrize("path", PAGES)
def test_a_page_with_all_it_loads_is_under_60_kb(client: Client, path: str) -> None:
    page = client.get(path)
    linked = set(re.findall(r"/static/([\w./-]+)", page.content.decode()))
    weight = len(page.content) + sum((STATIC.parent / name).stat().st_size for name in linked)

    assert linked >= {"web/circle.css", "web/icons.svg"}
    assert weight <= 60_000
    assert all((STATIC.parent / name).is_file() for name in linked)


def test_icons_are_few_and_every_one_used_exists() -> None:
    known = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text(encoding="utf-8")))
    package = STATIC.parents[2]
    used = {
        name
        for path in package.rglob("*.html")
        for name in re.findall(r"\{% icon [\"']([\w-]+)[\"'] %\}", path.read_text(encoding="utf-8"))
    }

    assert 15 <= len(known) <= 24
    assert used <= known
