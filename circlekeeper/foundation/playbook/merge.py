"""From a level and its overlays to one answer: the strictest mode, the shortest time. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import TypeVar

from circlekeeper.foundation.playbook.durations import Duration, parse_duration
from circlekeeper.foundation.playbook.schemas import Overlay, OverlayTerm, Setting, Term, Value
from circlekeeper.foundation.playbook.words import Level, Mode, SetBy, SettingKind

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Ranked:
    """A setting's value and how strict it is; a higher rank is stricter."""

    rank: float
    value: Value


@dataclass(frozen=True, slots=True)
class KeepRule:
    """How long a class of record lives. ``keep`` None: nobody has answered yet (see ``set_by``)."""

    keep: Duration | None
    limit: Duration | None
    longer_with_consent: bool
    set_by: frozenset[SetBy]


@dataclass(frozen=True, slots=True)
class Answer:
    """What one group must do: modes of controls, values of settings, periods of record classes."""

    modes: Mapping[str, Mode] = field(default_factory=dict)
    settings: Mapping[str, Ranked] = field(default_factory=dict)
    retention: Mapping[str, KeepRule] = field(default_factory=dict)

    def mode(self, control: str) -> Mode:
        """The mode of a control; an unknown control is locked (TIP1)."""
        return self.modes.get(control, Mode.LOCKED)

    def value(self, setting: str) -> Value:
        """The value of a setting.

        :raises KeyError: there is no such setting.
        """
        return self.settings[setting].value

    def number(self, setting: str) -> int:
        """A ``most`` or ``least`` setting."""
        return int(self.value(setting))

    def span(self, setting: str) -> Duration:
        """A ``within`` setting."""
        return parse_duration(self.value(setting))


def join(one: Answer, other: Answer) -> Answer:
    """Both at once: commutative, associative, idempotent; never looser than either."""
    return Answer(
        modes=_union(one.modes, other.modes, stricter_mode),
        settings=_union(one.settings, other.settings, stricter_value),
        retention=_union(one.retention, other.retention, stricter_rule),
    )


def join_all(answers: Iterable[Answer]) -> Answer:
    """Every answer at once; of none, the empty answer."""
    return reduce(join, answers, Answer())


def stricter_mode(one: Mode, other: Mode) -> Mode:
    """The firmer of two modes."""
    return max(one, other, key=lambda mode: mode.rank)


def stricter_value(one: Ranked, other: Ranked) -> Ranked:
    """The stricter of two values of one setting."""
    return max(one, other, key=lambda ranked: (ranked.rank, str(ranked.value)))


def stricter_rule(one: KeepRule, other: KeepRule) -> KeepRule:
    """The shorter period, the lower ceiling, and everybody who must answer; no period outlives its ceiling."""
    keep, limit = shorter(one.keep, other.keep), shorter(one.limit, other.limit)
    return KeepRule(
        keep=shorter(keep, limit) if keep else None,
        limit=limit,
        longer_with_consent=one.longer_with_consent and other.longer_with_consent,
        set_by=one.set_by | other.set_by,
    )


def shorter(one: Duration | None, other: Duration | None) -> Duration | None:
    """The shorter of two periods; of one missing, the other."""
    given = [span for span in (one, other) if span is not None]
    return min(given, key=lambda span: (span.length, span.text), default=None)


def rank(setting: Setting, value: Value) -> Ranked:
    """How strict a value of a setting is.

    :raises ValueError: the value does not fit the setting's kind.
    """
    match setting.kind:
        case SettingKind.CHOICE if value in setting.order:
            return Ranked(float(setting.order.index(str(value))), value)
        case SettingKind.WITHIN:
            return Ranked(-parse_duration(value).length, value)
        case SettingKind.MOST if isinstance(value, int):
            return Ranked(-float(value), value)
        case SettingKind.LEAST if isinstance(value, int):
            return Ranked(float(value), value)
    raise ValueError(f"{value!r} is not a value of {setting.id}")


def keep_rule(term: Term | OverlayTerm) -> KeepRule:
    """A written period as a rule. Without a limit of its own a period may only be shortened."""
    return KeepRule(
        keep=term.keep,
        limit=term.limit or term.keep,
        longer_with_consent=isinstance(term, OverlayTerm) or term.longer_with is not None,
        set_by=frozenset({term.set_by} if term.set_by else ()),
    )


def overlay_answer(overlay: Overlay, level: Level, settings: Mapping[str, Setting]) -> Answer:
    """What one overlay asks of a group of this level, its borrowed level left out."""
    return Answer(
        modes={control: overlay.mode_at(control, level) for control in overlay.mode},
        settings={name: rank(settings[name], value) for name, value in overlay.settings.items()},
        retention={name: keep_rule(term) for name, term in overlay.retention.items()},
    )


def weakened(*, before: Answer, after: Answer) -> tuple[str, ...]:
    """Everything that would become looser: ids of controls, settings and record classes, sorted.

    Empty means that moving from one answer to the other only tightens.
    """
    return tuple(sorted({*loosened(before=before, after=after), *lengthened(before=before, after=after)}))


def loosened(*, before: Answer, after: Answer) -> tuple[str, ...]:
    """Controls and settings that would ask less, sorted."""
    modes = {name for name, mode in before.modes.items() if after.mode(name).rank < mode.rank}
    settings = {
        name
        for name, ranked in before.settings.items()
        if name in after.settings and after.settings[name].rank < ranked.rank
    }
    return tuple(sorted(modes | settings))


def lengthened(*, before: Answer, after: Answer) -> tuple[str, ...]:
    """Record classes that could be kept longer than before, or that lose somebody who must answer, sorted."""
    return tuple(
        sorted(
            name
            for name, rule in before.retention.items()
            if name in after.retention and stricter_rule(rule, after.retention[name]) != after.retention[name]
        )
    )


def _union(one: Mapping[str, V], other: Mapping[str, V], stricter: Callable[[V, V], V]) -> dict[str, V]:
    both = dict(one)
    for name, value in other.items():
        both[name] = stricter(both[name], value) if name in both else value
    return both
