"""ISO 8601 durations, kept as written: a month is a month, not thirty days."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Final, TypeVar

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

_SHAPE: Final = re.compile(
    r"P(?=\d|T\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?"
    r"(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?"
)
_DAYS_IN_MONTH: Final = 30.436875  # the Gregorian mean; only ever used to compare, never to add

Day = TypeVar("Day", date, datetime)


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time in calendar months, days and seconds; compare with ``length``, add with ``add_duration``."""

    text: str
    months: int
    days: int
    seconds: int

    @property
    def length(self) -> float:
        """Nominal days, good for deciding which of two durations is shorter."""
        return self.months * _DAYS_IN_MONTH + self.days + self.seconds / 86400

    @property
    def hours(self) -> int:
        """The whole hours beside months and days."""
        return self.seconds // 3600

    @property
    def delta(self) -> timedelta:
        """The exact span of a duration without months.

        :raises ValueError: the duration holds months or years, whose length depends on where they start.
        """
        if self.months:
            raise ValueError(f"{self.text} holds months; add it to a date")
        return timedelta(days=self.days, seconds=self.seconds)

    def __str__(self) -> str:
        return self.text


def parse_duration(text: object) -> Duration:
    """Read a duration such as ``P3M``, ``P30D`` or ``PT2H``; whole numbers only, never negative.

    :raises ValueError: the text is anything else.
    """
    if isinstance(text, Duration):
        return text
    match = _SHAPE.fullmatch(text) if isinstance(text, str) else None
    if match is None or not isinstance(text, str):
        raise ValueError("write a duration as ISO 8601 does, for example P3M, P30D or PT2H")
    years, months, weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return Duration(
        text=text,
        months=12 * years + months,
        days=7 * weeks + days,
        seconds=3600 * hours + 60 * minutes + seconds,
    )


def add_duration(start: Day, duration: Duration | str) -> Day:
    """Add a duration to a date or an aware datetime; a month end clamps (30 November + P3M is 28 February, RET1)."""
    length = parse_duration(duration)
    moved = _add_months(start, length.months)
    return moved + timedelta(days=length.days, seconds=length.seconds)


def take_off(end: Day, duration: Duration | str) -> Day:
    """What lies a duration before a date or an aware datetime; a month end clamps as in ``add_duration``."""
    length = parse_duration(duration)
    return _add_months(end, -length.months) - timedelta(days=length.days, seconds=length.seconds)


def _add_months(start: Day, months: int) -> Day:
    if not months:
        return start
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return start.replace(year=year, month=month + 1, day=min(start.day, last))


Span = Annotated[
    Duration,
    PlainValidator(parse_duration),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "format": "duration"}),
]
