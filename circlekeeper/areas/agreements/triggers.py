"""Fences in the database: a published text never changes, and what a member agreed to is only ever added to.

They hold for hand-written SQL too. ``superseded_at`` may be set once; ``due_on`` may be set when a member leaves.
"""

_FROZEN = {
    "agreements_document": (
        "id, group_id, kind, part, locale, version, body, text, sha256, basis, material, change_note,"
        " published_at, published_by"
    ),
    "agreements_consent": "id, group_id, member_id, purpose, number, act, document_id, policy_id, method, at, until",
    "agreements_pledge": "id, group_id, member_id, document_id, strength, code_mark, signed_at, lapses_at",
}

_SQLITE = """
CREATE TRIGGER {name} BEFORE {event} ON {table} {when}
BEGIN SELECT RAISE(ABORT, '{table} only grows'); END
"""
_FUNCTION = """
CREATE FUNCTION agreements_only_grow() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% only grows', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$
"""
_POSTGRESQL = """
CREATE TRIGGER {name} BEFORE {event} ON {table}
FOR EACH ROW {when} EXECUTE FUNCTION agreements_only_grow()
"""


def _fences() -> list[dict[str, str]]:
    frozen = [
        {"name": f"{table}_frozen", "table": table, "event": f"UPDATE OF {columns}", "when": ""}
        for table, columns in _FROZEN.items()
    ]
    document = "agreements_document"
    return [
        *frozen,
        {"name": f"{document}_no_delete", "table": document, "event": "DELETE", "when": ""},
        {
            "name": f"{document}_once",
            "table": document,
            "event": "UPDATE OF superseded_at",
            "when": "WHEN (OLD.superseded_at IS NOT NULL)",
        },
    ]


def create(vendor: str) -> list[str]:
    """The statements that put the fences up, for ``connection.vendor``."""
    shape, first = (_SQLITE, []) if vendor == "sqlite" else (_POSTGRESQL, [_FUNCTION])
    return first + [shape.format(**fence) for fence in _fences()]


def drop(vendor: str) -> list[str]:
    """The statements that take them down again; for a migration backwards."""
    on = "" if vendor == "sqlite" else " ON {table}"
    last = [] if vendor == "sqlite" else ["DROP FUNCTION agreements_only_grow()"]
    return [("DROP TRIGGER {name}" + on).format(**fence) for fence in _fences()] + last
