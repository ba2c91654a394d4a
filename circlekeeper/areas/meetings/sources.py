"""What rooms above this one put on the door and into the cockpit of a running meeting; ``wiring.py`` connects them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Press:
    """One answer that can be pressed. Every answer has the same button, so that a look at a screen tells little."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One question to somebody inside, or what came of it. It is part of their door's face."""

    id: str
    title: str
    text: str
    presses: tuple[Press, ...]


@dataclass(frozen=True, slots=True)
class HostLine:
    """One line in the cockpit; a way somewhere if it has a ``url``."""

    words: str
    url: str
    press: str


class AskedOf(Protocol):
    """``ballots.queries.asked``."""

    def __call__(self, *, group_id: str, meeting_id: str, arrival_id: str, now: datetime) -> tuple[Asked, ...]: ...


class ForHosts(Protocol):
    """``ballots.queries.for_hosts``."""

    def __call__(self, *, group_id: str, meeting_id: str, now: datetime) -> tuple[HostLine, ...]: ...


class Answer(Protocol):
    """``ballots.actions.answer``."""

    def __call__(self, *, by: str, ballot_id: str, token: str, device: str, yes: bool, now: datetime) -> None: ...


@dataclass(slots=True)
class _Installed:
    asked: AskedOf | None = None
    for_hosts: ForHosts | None = None
    answer: Answer | None = field(default=None)


_installed = _Installed()


def install(*, asked: AskedOf, for_hosts: ForHosts, answer: Answer) -> None:
    """Name who asks; called once from the roof."""
    _installed.asked, _installed.for_hosts, _installed.answer = asked, for_hosts, answer


def asked_of(*, group_id: str, meeting_id: str, arrival_id: str, now: datetime) -> tuple[Asked, ...]:
    """What somebody inside is asked; nothing if no room asks."""
    ask = _installed.asked
    return ask(group_id=group_id, meeting_id=meeting_id, arrival_id=arrival_id, now=now) if ask else ()


def for_hosts(*, group_id: str, meeting_id: str, now: datetime) -> tuple[HostLine, ...]:
    """What the cockpit shows of other rooms."""
    find = _installed.for_hosts
    return find(group_id=group_id, meeting_id=meeting_id, now=now) if find else ()


def answer(*, ballot_id: str, token: str, device: str, yes: bool, now: datetime) -> None:
    """Hand an answer from the door to the room that asked."""
    if _installed.answer:
        _installed.answer(by="visitor", ballot_id=ballot_id, token=token, device=device, yes=yes, now=now)
