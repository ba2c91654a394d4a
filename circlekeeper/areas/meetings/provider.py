"""A way into a meeting. What it says about itself uses the evidence words of `safeguards` and no others.

Each service is one folder under ``connectors`` and implements `Provider`. A connector holds no state and reads no database:
it is told everything in a `Session`, and returns what has to be remembered. It asks the service through
``foundation.outgoing`` and lets `Unavailable` pass; whoever called it says what happened.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, runtime_checkable

from circlekeeper.areas.safeguards.evidence import Evidence
from circlekeeper.foundation.outgoing import Trouble, Unavailable

__all__ = [
    "ByLink",
    "AnswersCalls",
    "Call",
    "Caller",
    "Capability",
    "Connected",
    "Desk",
    "Event",
    "EventKind",
    "Evidence",
    "Forged",
    "Guest",
    "Heard",
    "Proof",
    "Provider",
    "ScopeOfProof",
    "Session",
    "Setting",
    "Standing",
    "Trouble",
    "Unavailable",
    "Wanted",
    "install",
    "provider",
    "providers",
]

UNKNOWN = "unknown"  # what was seen when nothing was; it never holds


class ScopeOfProof(StrEnum):
    """What a proof speaks of."""

    ACCOUNT = "account"
    USER = "user"
    MEETING = "meeting"
    LIVE = "live"


@dataclass(frozen=True, slots=True)
class Proof:
    """One setting, looked at once: what was expected, what was seen, how, when, and for how long that counts.

    ``control``: of the playbook; a control has as many proofs as the service has settings for it, and holds when all do.
    ``setting``: the service's own name of what was looked at. ``expected`` and ``seen``: the service's own values, never
    anything of a person.
    """

    control: str
    evidence: Evidence
    expected: str
    seen: str
    scope: ScopeOfProof
    checked_at: datetime
    lasts: timedelta
    setting: str = ""

    @property
    def holds(self) -> bool:
        """Whether what was seen is what was expected, by a kind of evidence that can say so."""
        return self.evidence is not Evidence.IMPOSSIBLE and self.seen == self.expected and self.seen != UNKNOWN


@dataclass(frozen=True, slots=True)
class Capability:
    """What a provider can do about one control, by which evidence at best, and what that means in plain words.

    ``word_too``: part of it only a person can see, or all of it while nobody has connected a service that may be.
    """

    control: str
    evidence: Evidence
    words: str
    word_too: bool = False


@dataclass(frozen=True, slots=True)
class Setting:
    """Something a leader enters once to connect a service. ``secret``: never shown again; ``needed``: not left empty.

    A service of whose settings none is needed can be met at without connecting it.
    """

    name: str
    label: str
    help: str
    secret: bool = False
    needed: bool = True


Connected = Mapping[str, str]  # the settings of one connection, by `Setting.name`


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one meeting needs, as its level says it. A connector sets at least this, and may always set more.

    ``people``: how many may be inside at once. ``lock_after``: minutes after the start; None: only a host locks.
    """

    waiting_room: bool = True
    password: bool = True
    recording_off: bool = True
    share_off: bool = True
    private_chat_off: bool = True
    breakouts_off: bool = True
    captions: bool = False
    people: int = 40
    lock_after: int | None = 10


@dataclass(frozen=True, slots=True, repr=False)
class Session:
    """One meeting at one service.

    ``room``: a random name that says nothing, the same for one meeting until it is set up anew; services know a meeting by
    it. ``address``: what a person typed, for services that are only a link. ``remote``: what the last ``apply`` returned.
    ``hook``: where this service may call us, with a slash at its end; empty: nowhere.
    """

    meeting_id: str
    room: str
    starts_at: datetime
    ends_at: datetime
    wanted: Wanted = field(default_factory=Wanted)
    connected: Connected = field(default_factory=dict)
    address: str = ""
    remote: Mapping[str, str] = field(default_factory=dict)
    hook: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Guest:
    """One admitted person, as a service may know them: ``ref`` is random and new at every meeting, never our own id."""

    ref: str
    alias: str
    is_host: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Call:
    """A request a service sent us. ``path``: what follows the connection's own address; header names in small letters.

    ``url``: the whole address as it is known outside, for services that sign it.
    """

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    query: str = ""
    url: str = ""


class EventKind(StrEnum):
    """What a service can tell us while a meeting runs. Everything else it says is dropped."""

    STARTED = "started"
    ENDED = "ended"
    RECORDING = "recording"  # of any kind: cloud, local, transcript, notes by a machine
    SHARING = "sharing"
    HELD = "held"  # somebody reached the service's own waiting room
    CAME = "came"
    WENT = "went"
    ROLE = "role"
    CHANGED = "changed"  # settings: look again
    RISK = "risk"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened, with nothing of a person in it. ``delivery``: the same when a service says it twice."""

    kind: EventKind
    room: str
    at: datetime
    delivery: str


class Forged(Exception):
    """A call that does not bear the service's signature, or is too old. Nothing of it is kept."""


@dataclass(frozen=True, slots=True, repr=False)
class Heard:
    """What a call meant, and what is answered to it."""

    events: tuple[Event, ...] = ()
    status: int = 204
    body: bytes = b""
    content_type: str = "application/json"


class Standing(StrEnum):
    """Where somebody is who calls a number to take part."""

    WAITING = "waiting"
    ADMITTED = "admitted"
    LOCKED = "locked"
    GONE = "gone"  # sent away, or over
    WRONG = "wrong"  # no such PIN, or it was used
    TOO_OFTEN = "too-often"


@dataclass(frozen=True, slots=True, repr=False)
class Caller:
    """A caller as the desk knows them. ``room`` and ``ref`` (see `Guest`) are there once they are admitted."""

    standing: Standing
    room: str = ""
    ref: str = ""
    is_host: bool = False
    people: int = 0


class Desk(Protocol):
    """Where callers say their PIN and wait. ``call``: the service's own name of one call; never the caller's number."""

    def take(self, *, pin: str, call: str) -> Caller:
        """Somebody typed a PIN. The same call may say the same PIN again; nobody else can use it."""

    def stands(self, *, call: str) -> Caller:
        """Where the caller is now who was taken before."""

    def left(self, *, call: str) -> None:
        """This call has ended."""


@runtime_checkable
class AnswersCalls(Protocol):
    """A `Provider` whose number people call; it is asked this instead of ``handle_event``."""

    def answer_call(self, connected: "Connected", call: Call, *, desk: Desk, now: datetime) -> Heard:
        """Say what the caller hears next.

        :raises Forged: it is not the service.
        """

    def number(self, connected: "Connected") -> str:
        """The number people call, as they dial it."""


Find = Callable[[str], Session | None]  # the session of a room; None: nothing is planned there


class Provider(Protocol):
    """Implemented by each connector. Nothing here is called inside a database transaction.

    Everything but ``capabilities``, ``check_address`` and ``handle_event`` may raise `Unavailable`.
    """

    name: str
    takes_address: bool  # whether a person types the link of the meeting

    @property
    def settings(self) -> Sequence[Setting]:
        """What a leader enters to connect; empty: nothing has to be connected."""

    @property
    def title(self) -> str:
        """What people choose from the list."""

    @property
    def sees(self) -> str:
        """What the service learns about members, in one sentence for the policy."""

    def capabilities(self) -> Sequence[Capability]:
        """What this way in can do about each control, at best."""

    def check_address(self, address: str) -> None:
        """Whether a typed link can be used.

        :raises Refused: it cannot; at the field ``address``.
        """

    def check_connection(self, connected: Connected, *, now: datetime) -> Sequence[Proof]:
        """Try the credentials once and read what holds for the whole account.

        :raises Refused: a setting cannot be right, at the field of its name. :raises Unavailable: the service says no.
        """

    def apply(self, session: Session, *, now: datetime) -> Mapping[str, str]:
        """Set up the meeting with everything that can be set; again on one that is there, it sets everything again.

        Returns what has to be remembered about it, which is kept sealed.
        """

    def verify(self, session: Session, *, now: datetime) -> Sequence[Proof]:
        """Look at every control again; never repeats what ``apply`` believes. What nobody can see is ``unknown``."""

    def mint_link(self, session: Session, guest: Guest, *, now: datetime) -> str:
        """The address for one admitted person, made at the moment they press the button, never kept.

        A web address over TLS, or ``tel:`` with a number, two commas and a code.
        """

    def admit(self, session: Session, guest: Guest, *, now: datetime) -> bool:
        """Let somebody in at the service, where a host admits from outside; False: it has to be done in the service."""

    def remove(self, session: Session, guest: Guest, *, now: datetime) -> bool:
        """Put somebody out at the service; False: it has to be done in the service."""

    def end(self, session: Session, *, now: datetime) -> None:
        """End the session at the provider, where it can be ended from outside; once it is gone, do nothing."""

    def purge(self, session: Session, *, now: datetime) -> Sequence[Proof]:
        """Remove what the provider keeps, then list it again to show what is left."""

    def handle_event(self, connected: Connected, call: Call, *, find: Find, now: datetime) -> Heard:
        """Check who is calling and turn what they say into events without anything of a person.

        :raises Forged: signature or time is wrong.
        """


class ByLink:
    """What every way in answers that is only a link: nothing is set, let in or ended from here, and nobody calls."""

    takes_address = True

    def apply(self, session: Session, *, now: datetime) -> Mapping[str, str]:
        """There is nothing we set."""
        return {}

    def mint_link(self, session: Session, guest: Guest, *, now: datetime) -> str:
        """The same link for everyone who was let in: the service knows no other."""
        return session.address

    def admit(self, session: Session, guest: Guest, *, now: datetime) -> bool:
        """A host lets people in there, if there is a second door."""
        return False

    def remove(self, session: Session, guest: Guest, *, now: datetime) -> bool:
        """A host puts people out there."""
        return False

    def end(self, session: Session, *, now: datetime) -> None:
        """The host ends the session in the service; we stop sending people there."""

    def handle_event(self, connected: Connected, call: Call, *, find: Find, now: datetime) -> Heard:
        """It tells us nothing, so whoever calls is not it.

        :raises Forged: always.
        """
        raise Forged


_installed: dict[str, Provider] = {}


def install(providers: Sequence[Provider]) -> None:
    """Name the ways in; called once from the roof."""
    _installed.clear()
    _installed.update({each.name: each for each in providers})


def provider(name: str) -> Provider:
    """The provider of this name; ``KeyError`` if it is not installed."""
    return _installed[name]


def providers() -> list[Provider]:
    """Every installed way in, by title."""
    return sorted(_installed.values(), key=lambda each: each.title)
