"""The second fence: triggers that refuse to change or delete what the log holds, also for hand-written SQL.

Whoever may drop a trigger gets past it; the signed tree is what shows that they did.
"""

TABLES = {"ledger_entry": "seq", "ledger_checkpoint": "size"}

_SQLITE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {event} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} only grows'); END
"""

# REPLACE deletes without asking the delete trigger (sqlite.org/lang_conflict.html), so it is met on the way in.
_SQLITE_REPLACE = """
CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table}
WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})
BEGIN SELECT RAISE(ABORT, '{table} only grows'); END
"""

_FUNCTION = """
CREATE FUNCTION ledger_only_grows() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% only grows', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$
"""

_POSTGRESQL = """
CREATE TRIGGER {table}_no_{verb} BEFORE {event} ON {table}
FOR EACH ROW EXECUTE FUNCTION ledger_only_grows()
"""


def create(vendor: str) -> list[str]:
    """The statements that put the fence up, for ``connection.vendor``."""
    shape, first = _POSTGRESQL, [_FUNCTION]
    if vendor == "sqlite":
        shape, first = _SQLITE, [_SQLITE_REPLACE.format(table=table, key=key) for table, key in TABLES.items()]
    return first + [
        shape.format(table=table, verb=event.lower(), event=event)
        for table in TABLES
        for event in ("UPDATE", "DELETE")
    ]


def drop(vendor: str) -> list[str]:
    """The statements that take the fence down; for tests and for a migration backwards."""
    if vendor == "sqlite":
        return [f"DROP TRIGGER {table}_no_{verb}" for table in TABLES for verb in ("update", "delete", "replace")]
    dropped = [f"DROP TRIGGER {table}_no_{verb} ON {table}" for table in TABLES for verb in ("update", "delete")]
    return [*dropped, "DROP FUNCTION ledger_only_grows()"]
