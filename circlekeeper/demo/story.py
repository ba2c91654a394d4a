"""The whole story, told in the order of its time."""

from datetime import datetime

from circlekeeper.areas.retention import actions as retention
from circlekeeper.demo import evenings, hosts
from circlekeeper.demo.cast import PARTS, ROWAN, SAM
from circlekeeper.demo.chapters import Chapter, World
from circlekeeper.demo.groups import evening, lantern, meadow, pilot, quiet
from circlekeeper.foundation import announce, ledger
from circlekeeper.foundation.permissions import MACHINE, RoleName

GROUPS = (meadow, evening, lantern, quiet, pilot)


def tell(now: datetime) -> World:
    """Load everything into empty databases; ``now`` is the moment all times count back from."""
    world = World(now, hosts.derive(part.handle for part in PARTS))
    told = [*_frame(world), *(each for group in GROUPS for each in group.chapters(world))]
    for chapter in sorted(told, key=lambda each: each.at):
        chapter.tell(world, chapter.at)
        while announce.deliver_due(announce.installed(), chapter.at):
            pass
    ledger.make_checkpoint(now)
    return world


def _frame(world: World) -> list[Chapter]:
    """What belongs to no group: the first account, the machine, what the worker does."""
    return [
        Chapter(world.ago(days=101), _first_person),
        Chapter(world.ago(days=90), _somebody_for_the_machine),
        *(Chapter(world.ago(days=days), _extend) for days in (75, 50, 35, 20, 1)),
        Chapter(world.day(-1, hour=3), _destroy_what_is_due),
    ]


def _first_person(world: World, now: datetime) -> None:
    world.hosts[ROWAN.handle] = hosts.first(ROWAN.handle, secrets=world.secrets, now=now)


def _somebody_for_the_machine(world: World, now: datetime) -> None:
    rowan = world.host(ROWAN)
    made = world.hosts[SAM.handle] = hosts.newcomer(
        SAM.handle,
        by=rowan,
        place=MACHINE,
        role=RoleName.ADMINISTRATOR,
        secrets=world.secrets,
        now=now,
        keys=False,
    )
    hosts.hand_over_machine(by=rowan, to=made, now=now)


def _extend(world: World, now: datetime) -> None:
    evenings.extend(now)


def _destroy_what_is_due(world: World, now: datetime) -> None:
    retention.run(by="system", as_of=now, now=now)
