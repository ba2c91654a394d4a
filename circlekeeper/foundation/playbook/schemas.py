"""Shapes of the fact files. Frozen; an unknown key is an error, so is a missing one."""

from datetime import date
from typing import Annotated, Generic, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from circlekeeper.foundation.playbook.durations import Span
from circlekeeper.foundation.playbook.words import (
    CheckKind,
    End,
    Gate,
    Level,
    Mode,
    Principle,
    Proof,
    SetBy,
    SettingKind,
    Start,
)

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=400)]
Row = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,3}\d{1,2}[a-c]?$")]
Value = int | str
T = TypeVar("T")


class Facts(BaseModel):
    """Base of everything read from ``content``."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class PerLevel(Facts, Generic[T]):
    """One value for each of the five levels."""

    low: T
    medium: T
    high: T
    professional: T
    experimental: T

    def at(self, level: Level) -> T:
        """The value of one level."""
        value: T = getattr(self, level.value)
        return value


class Check(Facts):
    """One way a control is answered."""

    id: Slug
    kind: CheckKind
    gate: Gate
    fresh_for: Span
    on_fail: Literal["block-open", "block-link", "block-start", "show"]
    proofs: tuple[Proof, ...] = ()
    say: Line | None = None  # the sentence a person confirms; attest checks only
    per_profile: bool = False  # a change of level or overlays ends the attestation

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        doors = {
            Gate.OPEN: "block-open",
            Gate.FIRST_LINK: "block-link",
            Gate.START: "block-start",
            Gate.WATCH: "show",
        }
        if self.on_fail != doors[self.gate]:
            raise ValueError(f"a check at gate {self.gate} says on_fail = {doors[self.gate]!r}")
        attested = self.kind is CheckKind.ATTEST
        if attested != bool(self.say) or attested != bool(self.proofs):
            raise ValueError("an attest check, and no other, needs say and proofs")
        return self


class WaiverRule(Facts):
    """Where and for how long an exception may be granted."""

    levels: tuple[Level, ...]
    max: Span
    second_person: Literal[True] = True


class AgendaItem(Facts):
    """One part of an evening, in minutes of a meeting of an hour and a half."""

    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=60)]
    minutes: int = Field(ge=1, le=90)


class Agenda(Facts):
    """How an evening may go at one level."""

    item: tuple[AgendaItem, ...] = Field(min_length=1, max_length=12)


class Control(Facts):
    """One requirement of the guide."""

    id: Slug
    title: Line
    why: Line
    do: Line
    minutes: int = Field(ge=1, le=600)
    guide: tuple[Row, ...] = Field(min_length=1)
    room: Slug
    principle: Principle
    mode: PerLevel[Mode]
    check: tuple[Check, ...] = Field(min_length=1)
    waiver: WaiverRule | None = None
    maps: dict[str, tuple[str, ...]] = {}


class Setting(Facts):
    """A number, a period or a choice that depends on the level."""

    id: Slug
    title: Line
    about: Line
    kind: SettingKind
    unit: str = ""
    order: tuple[Slug, ...] = ()  # choices, loosest first
    guide: tuple[Row, ...] = Field(min_length=1)
    value: PerLevel[Value]


class Term(Facts):
    """How long one class of record lives at one level: ``keep`` by default, ``limit`` at most."""

    keep: Span | None = None
    limit: Span | None = None
    longer_with: Literal["dated-consent"] | None = None
    set_by: SetBy | None = None

    @model_validator(mode="after")
    def _one_answer(self) -> Self:
        if (self.keep is None) == (self.set_by is None):
            raise ValueError("give either keep or set_by")
        if self.keep and self.limit and self.limit.length < self.keep.length:
            raise ValueError("limit is shorter than keep")
        return self


class Retention(PerLevel[Term]):
    """One class of record: when its clock starts, and what happens at the end."""

    id: Slug
    record: Slug = Field(alias="class")
    title: Line
    about: Line
    start: Start = Field(alias="from")
    then: End
    guide: tuple[Row, ...] = ()
    ceiling: bool  # whether the guide's roster ceilings (RET1-RET3) bind this class


class OverlayTerm(Facts):
    """A tightened period; both parts optional."""

    keep: Span | None = None
    limit: Span | None = None
    set_by: SetBy | None = None


class Source(Facts):
    """Where a legal fact was read, when, and when to read it again."""

    cite: Line
    checked: date
    recheck: Span
    status: Literal["current", "stale", "disputed"] = "current"


class Overlay(Facts):
    """A reason to be stricter: people served, place, funding, way of meeting, tools."""

    id: Slug
    title: Line
    ask: Line
    about: Line
    kind: Literal["people", "place", "funding", "way", "tools"]
    as_level: Level | None = None
    mode: dict[Slug, Mode | PerLevel[Mode]] = {}
    settings: dict[Slug, Value] = {}
    retention: dict[Slug, OverlayTerm] = {}
    ask_adviser: tuple[Line, ...] = ()
    source: tuple[Source, ...] = ()

    def mode_at(self, control: str, level: Level) -> Mode:
        """The mode this overlay asks of a control; off when it is silent."""
        asked = self.mode.get(control, Mode.OFF)
        return asked.at(level) if isinstance(asked, PerLevel) else asked


class Clock(Facts):
    """A notice that may be owed after an incident. Never advice; a prompt to ask an adviser."""

    id: Slug
    title: Line
    tell: tuple[Literal["authority", "people", "funder", "media", "controller", "person", "sender"], ...]
    where: tuple[str, ...] = Field(min_length=1)
    starts: tuple[Literal["actual", "imminent", "aware", "discovered", "suspected", "received", "high-risk"], ...]
    within: Span | None  # None: without undue delay
    count: Literal["elapsed", "calendar-days", "roll-to-working-day"]
    overlay: Slug | None = None
    note: Line
    source: Source

    @model_validator(mode="before")
    @classmethod
    def _promptly(cls, facts: object) -> object:
        if isinstance(facts, dict) and facts.get("within") == "promptly":
            return {**facts, "within": None}
        return facts


class LevelCard(Facts):
    """What a leader reads about one level."""

    title: Line
    examples: tuple[Line, ...] = Field(min_length=1)
    about: Line
    asks: tuple[Line, ...] = Field(min_length=1)
    spares: Line


class Consequence(Facts):
    """What a yes (or a don't know) leads to."""

    level: Level | None = None
    overlay: Slug | None = None
    reason: Line


class AskedQuestion(Facts):
    """One plain question of the set-up interview."""

    id: Slug
    step: Literal["people", "place", "way"]
    ask: Line
    help: Line
    yes: Consequence


class Interview(Facts):
    """The set-up questions, in order."""

    question: tuple[AskedQuestion, ...] = Field(min_length=1)
