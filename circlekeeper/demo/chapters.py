"""The story's frame: who and what there is so far, and what happens when."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from circlekeeper.demo.cast import Part
from circlekeeper.demo.circle import Circle
from circlekeeper.demo.hosts import Host, Secrets


@dataclass(slots=True)
class World:
    """Everybody and every group so far. ``now``: the moment of loading, which all times count back from."""

    now: datetime
    secrets: Secrets
    hosts: dict[str, Host] = field(default_factory=dict)
    circles: dict[str, Circle] = field(default_factory=dict)

    def host(self, part: Part) -> Host:
        """Somebody who came already."""
        return self.hosts[part.handle]

    def ago(self, **span: float) -> datetime:
        """So long before now."""
        return self.now - timedelta(**span)

    def day(self, days: int, *, hour: int) -> datetime:
        """A full hour, so many days from today (UTC)."""
        return (self.now + timedelta(days=days)).replace(hour=hour, minute=0, second=0, microsecond=0)


@dataclass(frozen=True, slots=True)
class Chapter:
    """What happens at one moment."""

    at: datetime
    tell: Callable[[World, datetime], None]
