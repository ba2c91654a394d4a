"""What may stand in a statement of readiness: counts and fixed words, never anything of a person (WHY4).

Other rooms name what they count here; a count of people that is small is said as "fewer than 5", because a board that knows
the town could put a face to it. There is no way to hand over free text, so no name can come in by mistake.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _

FEW = 5


@dataclass(frozen=True, slots=True)
class Fact:
    """One count under its title. ``small_tells``: a small number could point at somebody."""

    title: Promise | str
    count: int
    small_tells: bool = False

    @property
    def words(self) -> str:
        """The count as it is printed."""
        if self.small_tells and 0 < self.count < FEW:
            return _("fewer than %(few)d") % {"few": FEW}
        return str(self.count)


Counts = Callable[[str, datetime], Sequence[Fact]]
_installed: list[Counts] = []


def install(counts: Iterable[Counts]) -> None:
    """Name who counts what about a group up to a moment, once, from ``wiring.py``; in the order of the page."""
    _installed[:] = counts


def facts(group_id: str, now: datetime) -> list[Fact]:
    """Everything that is counted about a group."""
    return [fact for count in _installed for fact in count(group_id, now)]
