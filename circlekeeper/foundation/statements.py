"""Statements whose SQL is made once: making it takes the object mapper ten times what the database needs to answer.

For the few places where everybody comes in the same minute. The mapper still decides names, joins and conversions.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connections
from django.db.models import QuerySet

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class _Made:
    sql: str
    # What is sent: a value as it is, or the number of the argument that stands there.
    fixed: tuple[Any, ...]
    slots: tuple[tuple[int, int], ...]
    converters: tuple[tuple[int, tuple[Any, ...], Any], ...]


@dataclass(slots=True)
class Prepared:
    """``make(*samples)`` returns a ``values_list`` queryset; each sample must be a value that stands nowhere else in it.

    The samples' types are those of the values to come; binary and text columns only, which both databases take as they are.
    """

    make: Callable[..., QuerySet[Any, Any]]
    samples: Sequence[bytes | str]
    _made: dict[str, _Made] = field(default_factory=dict)

    def rows(self, *values: bytes | str, using: str = "default") -> list[Row]:
        """The answer for these values, one for each sample, in the types the mapper would give."""
        connection = connections[using]
        made = self._made.get(connection.vendor) or self._prepare(connection)
        parameters = list(made.fixed)
        for place, number in made.slots:
            parameters[place] = values[number]
        with connection.cursor() as cursor:
            cursor.execute(made.sql, parameters)
            found = cursor.fetchall()
        return list(_converted(found, made.converters, connection))

    def _prepare(self, connection: Any) -> _Made:
        compiler = self.make(*self.samples).query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        columns = [column for column, _, _ in compiler.select]
        converters = compiler.get_converters(columns)
        slots = [
            (place, number)
            for place, parameter in enumerate(parameters)
            for number, sample in enumerate(self.samples)
            if _plain(parameter) == sample
        ]
        if len(slots) != len(self.samples):
            raise ValueError("each sample must stand in the query exactly once")
        kept = tuple((at, tuple(made), column) for at, (made, column) in converters.items())
        made = _Made(sql, tuple(parameters), tuple(slots), kept)
        self._made[connection.vendor] = made
        return made


def _plain(parameter: Any) -> Any:
    """What a database driver has wrapped as binary."""
    if isinstance(parameter, memoryview):
        return parameter.tobytes()
    return getattr(parameter, "obj", parameter)


def _converted(found: Sequence[Row], converters: Sequence[Any], connection: Any) -> Iterator[Row]:
    for row in found:
        values = list(row)
        for at, made, column in converters:
            for convert in made:
                values[at] = convert(values[at], column, connection)
        yield tuple(values)
