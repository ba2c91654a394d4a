"""What rooms above put on a member's own page: the next meeting, a code to type. ``wiring.py`` names them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Slot:
    """One card: what, a sentence, where to press. ``posts``: pressing does something, so it is a button, not a link."""

    title: str
    text: str
    url: str = ""
    press: str = ""
    posts: bool = False


Provider = Callable[[str, str, datetime], Sequence[Slot]]
_providers: list[Provider] = []


def install(providers: Iterable[Provider]) -> None:
    """Name the providers, each called as ``provider(group_id, member_id, now)``; a second call replaces the first."""
    _providers[:] = providers


def slots(*, group_id: str, member_id: str, now: datetime) -> list[Slot]:
    """Every card for this member now, in the order of ``wiring.py``."""
    return [slot for provider in _providers for slot in provider(group_id, member_id, now)]
