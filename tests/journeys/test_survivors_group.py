"""A survivors' group, from `make run` to the day its first member is forgotten, on a server started as `make run` starts it.

Three times: in Chromium with script (online, by an outside link), in Chromium without (in a room), and with a reader that
knows nothing but HTML.
"""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.journeys import machine
from tests.journeys.steps import accounts, chromium, groups, joining, meeting
from tests.journeys.steps.person import Effort, Person
from tests.journeys.steps.plain import PlainWindow

LINK = "https://meet.example.org/quiet-room-41"
# From `make run` to the first open doors: forms of both key holders together, minutes of the leader. More is a bug.
MOST_FORMS, MOST_MINUTES = 45, 40
Sit = Callable[[], Person]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium.launched() as running:
        yield running


@pytest.fixture
def house(tmp_path: Path) -> Iterator[machine.Machine]:
    with machine.running(tmp_path / "data") as running:
        yield running


@pytest.mark.browser
@pytest.mark.parametrize(
    ("script", "address"), [(True, LINK), (False, "")], ids=["with script, online", "without script, in a room"]
)
def test_hi1_survivors_group_in_a_browser(
    browser: Any, house: machine.Machine, script: bool, address: str, tmp_path: Path, tell: Callable[[str], None]
) -> None:
    windows: list[chromium.ChromiumWindow] = []

    def sit() -> Person:
        windows.append(chromium.ChromiumWindow(browser, house.url, script=script))
        return Person(windows[-1])

    with ExitStack() as rest:
        rest.callback(lambda: [each.page.context.close() for each in windows])
        _story(house, sit, address, tmp_path, tell)
        assert [each.complaints for each in windows if each.complaints] == []
        assert {url for each in windows for url in each.elsewhere} == ({address} if address else set())


def test_hi1_survivors_group_with_nothing_but_html(
    house: machine.Machine, tmp_path: Path, tell: Callable[[str], None]
) -> None:
    _story(house, lambda: Person(PlainWindow(house.url)), LINK, tmp_path, tell)


@pytest.fixture
def tell(capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Print a finding where it is seen, also without -s."""

    def say(sentence: str) -> None:
        with capsys.disabled():
            print(f"\n  {request.node.name}: {sentence}")  # noqa: T201

    return say


def _story(house: machine.Machine, sit: Sit, address: str, tmp_path: Path, tell: Callable[[str], None]) -> None:
    began = time.monotonic()
    leader, helper = sit(), sit()
    group_id = _set_up(house, leader, helper, address)
    keys = {alias: joining.ask_to_join(sit(), group_id, alias) for alias in ("Wren", "Robin")}
    _a_key_is_shown_once(sit(), group_id, keys["Wren"])
    joining.decide(leader, helper, group_id)
    cockpit = meeting.cockpit_of(leader, group_id)
    meeting.prepare(leader, {"ada": leader, "ben": helper}, cockpit)
    meeting.open_doors(leader, cockpit)
    _what_it_cost(leader.effort, helper.effort, time.monotonic() - began, tell)
    wren = _the_meeting(sit, leader, cockpit, keys, address)
    meeting.leave_group(wren)
    _is_forgotten(house, tmp_path, group_id)


def _set_up(house: machine.Machine, leader: Person, helper: Person, address: str) -> str:
    accounts.set_up_place(leader, house.said, "ada")
    group_id = groups.new_group(leader)
    groups.bring_in(leader, helper, group_id)
    meeting.plan(leader, group_id, address=address)
    groups.publish(leader, group_id)
    groups.give_word(leader, group_id)
    groups.open_group(leader, group_id)
    return group_id


def _a_key_is_shown_once(wren: Person, group_id: str, key: str) -> None:
    meeting.own_page(wren, key)
    for path in ("/me/", "/me/record/", f"/g/{group_id}/join/"):
        wren.go(path)
        wren.does_not_see(key, key.replace("-", ""))


def _what_it_cost(leader: Effort, helper: Effort, seconds: float, tell: Callable[[str], None]) -> None:
    tell(f"from make run to open doors: leader {leader}; second key holder {helper}; {seconds:.0f} s by machine")
    assert leader.forms + helper.forms <= MOST_FORMS
    assert leader.minutes <= MOST_MINUTES


def _the_meeting(sit: Sit, leader: Person, cockpit: str, keys: dict[str, str], address: str) -> Person:
    wren = sit()
    meeting.own_page(wren, keys["Wren"])
    door = meeting.ask_for_door(wren)
    meeting.come(wren)
    _a_forwarded_link_waits_unverified(sit(), leader, door, cockpit)
    meeting.let_in(leader, cockpit)
    wren.waits_for("You can go in")
    if address:
        wren.does_not_see(address)
        wren.press("Go in")
        assert wren.window.elsewhere[-1] == address
        wren.go(door)
    meeting.lock(leader, cockpit)
    _a_late_link_that_never_arrived_is_refused(sit(), keys["Robin"])
    wren.press("I am stepping out")
    meeting.come(wren)
    meeting.let_in(leader, cockpit)
    wren.waits_for("You can go in")
    meeting.close(leader, cockpit)
    leader.sees("1 person came")
    wren.go(door)
    assert wren.window.status() == 404
    return wren


def _a_forwarded_link_waits_unverified(stranger: Person, leader: Person, door: str, cockpit: str) -> None:
    stranger.go(door)
    meeting.come(stranger)
    stranger.sees("first opened on another device")
    leader.go(cockpit)
    leader.sees("Unverified", "Wren")
    leader.press("Send away", near="Unverified")
    stranger.waits_for("You cannot go in")


def _a_late_link_that_never_arrived_is_refused(robin: Person, key: str) -> None:
    meeting.own_page(robin, key)
    robin.press("Go to my door")
    robin.sees("The door is closed now")
    assert "Come to the waiting room" not in robin.main.words


# What a thief does with a copied database, a leader's passphrase, the group's own key and the shred store of today.
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
SHRED_FILES = ("shred.sqlite3", "shred.sqlite3-wal", "shred.sqlite3-shm")


def _is_forgotten(house: machine.Machine, tmp_path: Path, group_id: str) -> None:
    """31 days later the record is destroyed; the copy made before cannot open it, with the group's own key at hand."""
    program = _OPEN_COPY.format(passphrase=accounts.PASSPHRASE)
    assert house.python(program) == "['Robin', 'Wren']"
    copy = tmp_path / "copied-before"
    shutil.copytree(house.data, copy)

    later = (datetime.now(UTC) + timedelta(days=31)).isoformat(timespec="seconds")
    done = house.command("retention", "run", "--as-of", later)
    assert done["destroyed"] == done["due"] >= 1
    assert any(each["record"] == "roster" and each["group_id"] == group_id for each in done["certificates"])

    for name in SHRED_FILES:
        (copy / name).unlink(missing_ok=True)
        if (house.data / name).exists():
            shutil.copy(house.data / name, copy / name)
    assert house.on(copy).python(program) == "['Robin']"
    assert house.command("log", "verify")["ok"] is True
