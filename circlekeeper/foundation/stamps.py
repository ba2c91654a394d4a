"""A stamp for each table that rarely changes: a random word that the database itself replaces with every write.

Triggers do it, in the writing transaction, so no writer can forget: not another process, not another machine, not SQL
typed by hand. Whoever has seen the same stamp twice knows that the table is the same. Stamps are random and never come back,
so one that was rolled back stands for nothing. A table without a stamp is simply not remembered (``memo``).
"""

from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction

from circlekeeper.foundation import guard

TABLE = "table_stamp"

_CREATE = f"CREATE TABLE IF NOT EXISTS {TABLE} (name varchar(63) PRIMARY KEY, stamp varchar(36) NOT NULL)"
_READ = f"SELECT name, stamp FROM {TABLE}"  # noqa: S608 - a constant
_SQLITE_STAMP = "lower(hex(randomblob(16)))"
_SQLITE = """
CREATE TRIGGER IF NOT EXISTS {table}_stamp_{verb} AFTER {event} ON {table}
BEGIN UPDATE {stamps} SET stamp = {new} WHERE name = '{table}'; END
"""
_POSTGRESQL_STAMP = "gen_random_uuid()::text"
_FUNCTION = """
CREATE OR REPLACE FUNCTION {stamps}_renew() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN UPDATE {stamps} SET stamp = {new} WHERE name = TG_TABLE_NAME; RETURN NULL; END $$
"""
_POSTGRESQL = """
CREATE OR REPLACE TRIGGER {table}_stamped AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION {stamps}_renew()
"""


def install(tables: Iterable[str]) -> None:
    """Put a stamp on each of these tables that is there; does nothing where it is on already.

    To be called after every migration: SQLite changes a table by making a new one, and the triggers go with the old.
    """
    with guard.outside_action("stamps of tables"), transaction.atomic(), connection.cursor() as cursor:
        here = set(connection.introspection.table_names(cursor))
        wanted = sorted(set(tables) & here)
        cursor.execute(_CREATE)
        new = _SQLITE_STAMP if connection.vendor == "sqlite" else _POSTGRESQL_STAMP
        if connection.vendor != "sqlite":
            cursor.execute(_FUNCTION.format(stamps=TABLE, new=new))
        for table in wanted:
            for statement in _triggers(table):
                cursor.execute(statement)
            # A new stamp each time: what was written while no trigger stood is not mistaken for the old.
            cursor.execute(
                f"INSERT INTO {TABLE} (name, stamp) VALUES (%s, {new})"  # noqa: S608 - constants
                f" ON CONFLICT (name) DO UPDATE SET stamp = excluded.stamp",
                [table],
            )


def install_missing(tables: Iterable[str]) -> None:
    """The same, but only where a stamp is missing; for the start of a release that changed no table."""
    with connection.cursor() as cursor:
        here = set(connection.introspection.table_names(cursor))
    if set(tables) & here - set(read() if TABLE in here else ()):
        install(tables)


def _triggers(table: str) -> list[str]:
    if connection.vendor != "sqlite":
        return [_POSTGRESQL.format(table=table, stamps=TABLE)]
    return [
        _SQLITE.format(table=table, verb=event.lower(), event=event, stamps=TABLE, new=_SQLITE_STAMP)
        for event in ("INSERT", "UPDATE", "DELETE")
    ]


def read() -> dict[str, str]:
    """The stamp of every table that has one, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(_READ)
        found: list[Any] = cursor.fetchall()
    return dict(found)
