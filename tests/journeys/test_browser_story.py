"""The whole story in real Chromium on a server started as `make run` starts it, with script and without."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.journeys import machine, people

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
pytestmark = pytest.mark.browser
Sit = Callable[[], people.Person]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    assert os.path.exists(CHROMIUM), "Chromium is missing: install the Debian package chromium."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_the_story_of_a_survivors_group(
    chromium: Any, script: bool, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    began = time.monotonic()
    with machine.running(tmp_path / "data") as house:

        def sit() -> people.Person:
            context = chromium.new_context(java_script_enabled=script, viewport={"width": 390, "height": 844})
            context.set_default_timeout(8000)
            return people.Person(context.new_page(), house.url)

        leader, helper = sit(), sit()
        _first_account(leader, house.said)
        group_id = people.open_group(leader, helper)
        keys = {alias: people.ask_to_join(sit(), group_id, alias) for alias in ("Wren", "Robin")}
        people.decide(leader, helper, group_id)
        cockpit = people.prepare(leader, helper, group_id)
        record_property("forms until the doors are open", leader.forms + helper.forms)

        wren = sit()
        door = people.enter(wren, keys["Wren"])
        wren.press("Come to the waiting room")
        wren.sees("You are in the waiting room")
        _a_forwarded_link_waits_unverified(sit(), door)
        leader.go(cockpit)
        leader.sees("Unverified")
        leader.press("Let in")
        wren.go(door)
        wren.sees("You can go in")

        leader.go(cockpit)
        leader.press("I have read it aloud")
        leader.press("Lock them now")
        robin = sit()
        people.enter(robin, keys["Robin"])
        robin.sees("The door is closed now")
        wren.press("I am stepping out")
        wren.press("Come to the waiting room")
        wren.sees("You are in the waiting room")

        leader.go(cockpit)
        leader.press("Everyone is out")
        leader.sees("1 person came")
        _leaves(wren)
        _is_forgotten(house, tmp_path, group_id)
    record_property("seconds for the whole story", round(time.monotonic() - began))


def _first_account(leader: people.Person, said: str) -> None:
    leader.go("/")
    leader.fill(code=said.rpartition(" ")[2].strip().rstrip("."))
    leader.send()
    leader.make_account("ada")


def _a_forwarded_link_waits_unverified(stranger: people.Person, door: str) -> None:
    stranger.go(door)
    stranger.press("Come to the waiting room")
    stranger.sees("first opened on another device")


def _leaves(member: people.Person) -> None:
    member.go("/me/leave/")
    for box in member.page.locator("main input[type=checkbox]").all():
        box.check()
    member.send()


# What a thief does with a copied database, the group's own key and the shred store of today.
_OPEN_COPY = """
import django
django.setup()
from circlekeeper.areas.roster import sealing
from circlekeeper.areas.roster.models import Compartment
from circlekeeper.foundation.accounts import hasher
from circlekeeper.foundation.accounts.models import Person
from circlekeeper.foundation.vault import ring, shredstore, userkeys
ada = Person.objects.get(handle="ada")
keys = ring.KeyRing(userkeys.unlock_with_kek(ada.pk, hasher.opened({passphrase!r}, ada.password)))
rows = list(Compartment.objects.filter(name="alias"))
secrets = shredstore.secrets([row.secret_id for row in rows])
whole = [row for row in rows if row.secret_id in secrets]
print(sorted(sealing.opened(row, ring=keys, secret=secrets[row.secret_id])["alias"] for row in whole))
"""


def _is_forgotten(house: machine.Machine, tmp_path: Path, group_id: str) -> None:
    """31 days later the record is destroyed; the copy made before cannot open it, with the group's own key at hand."""
    program = _OPEN_COPY.format(passphrase=people.PASSPHRASE)
    assert house.python(program) == "['Robin', 'Wren']"
    copy = tmp_path / "copied-before"
    shutil.copytree(house.data, copy)

    later = (datetime.now(UTC) + timedelta(days=31)).isoformat(timespec="seconds")
    done = house.command("retention", "run", "--as-of", later)
    assert done["destroyed"] >= 1
    assert any(each["record"] == "roster" and each["group_id"] == group_id for each in done["certificates"])

    for name in ("shred.sqlite3", "shred.sqlite3-wal", "shred.sqlite3-shm"):
        (copy / name).unlink(missing_ok=True)
        if (house.data / name).exists():
            shutil.copy(house.data / name, copy / name)
    thief = machine.Machine(copy, 0, house.process, house.log)
    assert thief.python(program) == "['Robin']"
    assert house.command("log", "verify")["ok"] is True
