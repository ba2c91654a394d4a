"""The worker's heartbeat, and whether the machine's clock can be believed."""

from datetime import datetime

from circlekeeper.foundation import guard, ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.jobs import rules, tables

_WORKER = "worker"


def beat(now: datetime) -> None:
    """Say that a worker is alive. A clock that jumped is written down but not believed."""
    trusted = _trusted_at()
    believed = now if trusted is None or rules.is_sane(trusted=trusted, now=now) else trusted
    with guard.outside_action("worker heartbeat"):
        tables.heartbeats().update_or_create(name=_WORKER, defaults={"at": now, "trusted_at": believed})


def last_beat() -> datetime | None:
    """When a worker was last alive, by the clock it had then; None if none ever was."""
    return tables.heartbeats().filter(name=_WORKER).values_list("at", flat=True).first()


def clock_is_sane(now: datetime) -> bool:
    """Whether work that destroys may run: the clock is at most 48 h ahead of and 1 h behind the last one believed.

    After a longer outage, or a jump, a person looks at the clock and says so (``confirm_clock``).
    """
    return rules.is_sane(trusted=_trusted_at(), now=now)


@action("jobs.clock.confirm")
def confirm_clock(*, by: str, now: datetime) -> None:
    """A person looked: this is the right time. Work that destroys goes on from here."""
    tables.heartbeats().update_or_create(
        name=_WORKER, defaults={"trusted_at": now}, create_defaults={"at": now, "trusted_at": now}
    )
    ledger.record(by=by, about="clock", at=now)


def _trusted_at() -> datetime | None:
    return tables.heartbeats().filter(name=_WORKER).values_list("trusted_at", flat=True).first()
