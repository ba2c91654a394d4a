"""The disk is full while people write: they read a calm sentence, nothing is half-written; with room again, it goes on."""

import contextlib
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys import machine
from tests.journeys.steps import accounts, groups, joining, meeting
from tests.journeys.steps.person import Person
from tests.journeys.steps.plain import PlainWindow

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]
_COUNT = """
import django
django.setup()
from tests.drills import rows
print(sorted(rows.counted(but=frozenset({"jobs.Schedule", "jobs.Heartbeat", "ledger.Checkpoint"})).items()))
"""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[machine.Machine]:
    with machine.running(tmp_path / "data") as running:
        yield running


def _processes(pid: int) -> list[int]:
    found = [pid]
    for each in found:
        with contextlib.suppress(OSError):
            found += map(int, Path(f"/proc/{each}/task/{each}/children").read_text().split())
    return found


@contextlib.contextmanager
def _no_room(house: machine.Machine) -> Iterator[None]:
    """No process of this machine can make a file longer: what a write meets on a full disk, without filling one."""
    everybody = _processes(house.process.pid)
    before = [resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in everybody]
    for pid, (_, hard) in zip(everybody, before, strict=True):
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        for pid, limits in zip(everybody, before, strict=True):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)


def test_a_full_disk_is_said_calmly_and_leaves_nothing_half_written(house: machine.Machine) -> None:
    leader, helper, visitor = (Person(PlainWindow(house.url)) for _ in range(3))
    accounts.set_up_place(leader, house.said, "ada")
    group_id = groups.new_group(leader)
    groups.bring_in(leader, helper, group_id)
    meeting.plan(leader, group_id)
    groups.publish(leader, group_id)
    groups.give_word(leader, group_id)
    groups.open_group(leader, group_id)
    window = visitor.window
    assert isinstance(window, PlainWindow)
    joining.fill_in(visitor, group_id, "Wren")
    last_page = window.main
    before = house.python(_COUNT)

    with _no_room(house):
        reader = PlainWindow(house.url)
        reader.open(f"/g/{group_id}/")
        assert reader.status() == 200
        for act in (lambda: meeting.plan(leader, group_id), lambda: groups.new_group(leader)):
            with pytest.raises((AssertionError, LookupError)):
                act()
            _reads_a_calm_page(leader)
        with pytest.raises(AssertionError):
            joining.agree(visitor, "Wren")
        _reads_a_calm_page(visitor)

    assert house.python(_COUNT) == before
    # Back, and pressed again: what was typed is still there.
    window.main = last_page
    key = joining.agree(visitor, "Wren")
    joining.decide(leader, helper, group_id)
    meeting.own_page(visitor, key)
    assert house.command("log", "verify")["ok"] is True
    assert "Wren" not in house.log.read_text()


def _reads_a_calm_page(person: Person) -> None:
    window = person.window
    assert isinstance(window, PlainWindow)
    assert window.status() == 503, person.main.words
    person.sees("The site is busy for a moment", "Nothing is lost that was saved before.")
    person.does_not_see("Traceback", "disk", "sqlite")
