"""Database triggers: a grant never changes but to be revoked once, and no group loses the last holder of its whole key.

``groupkeys.revoke`` asks first and answers with a sentence; this holds also against a mistake, two revocations at once, and
hand-written SQL. Whoever may drop a trigger gets past it.
"""

_OTHER_HOLDER = """
EXISTS (
    SELECT 1 FROM vault_grant AS other
    WHERE other.group_id = OLD.group_id AND other.scope = 'whole' AND other.revoked_at IS NULL AND other.id <> OLD.id
    AND other.version = (SELECT max(version) FROM vault_groupkey WHERE group_id = OLD.group_id)
)
"""
# A group whose public keys are gone is being destroyed; then its grants may go too.
_STILL_THERE = "EXISTS (SELECT 1 FROM vault_groupkey WHERE group_id = OLD.group_id)"
_FIXED = ("id", "group_id", "person_id", "scope", "version", "sealed", "granted_by", "granter_keys", "signature")
_LAST, _CHANGED = "a group keeps one holder of its whole key", "a grant does not change"

_SQLITE = (
    f"""
CREATE TRIGGER vault_grant_last_holder BEFORE UPDATE OF revoked_at ON vault_grant
WHEN OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL AND OLD.scope = 'whole' AND NOT {_OTHER_HOLDER}
BEGIN SELECT RAISE(ABORT, '{_LAST}'); END
""",
    f"""
CREATE TRIGGER vault_grant_last_deleted BEFORE DELETE ON vault_grant
WHEN OLD.revoked_at IS NULL AND OLD.scope = 'whole' AND {_STILL_THERE} AND NOT {_OTHER_HOLDER}
BEGIN SELECT RAISE(ABORT, '{_LAST}'); END
""",
    f"""
CREATE TRIGGER vault_grant_stays_revoked BEFORE UPDATE OF revoked_at ON vault_grant
WHEN OLD.revoked_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, '{_CHANGED}'); END
""",
    f"""
CREATE TRIGGER vault_grant_fixed BEFORE UPDATE OF {", ".join(_FIXED)} ON vault_grant
BEGIN SELECT RAISE(ABORT, '{_CHANGED}'); END
""",
)

_ERROR = "USING ERRCODE = 'integrity_constraint_violation'"
_SAME = ", ".join(f"NEW.{name}" for name in _FIXED), ", ".join(f"OLD.{name}" for name in _FIXED)
_POSTGRESQL = (
    f"""
CREATE FUNCTION vault_grant_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.revoked_at IS NOT NULL OR ROW({_SAME[0]}) IS DISTINCT FROM ROW({_SAME[1]}) THEN
            RAISE EXCEPTION '{_CHANGED}' {_ERROR};
        END IF;
        IF NEW.revoked_at IS NULL THEN RETURN NEW; END IF;
    END IF;
    IF OLD.revoked_at IS NULL AND OLD.scope = 'whole' THEN
        -- Revocations of one group wait for each other, so that each sees what the one before it left.
        PERFORM 1 FROM vault_groupkey WHERE group_id = OLD.group_id FOR UPDATE;
        IF {_STILL_THERE} AND NOT {_OTHER_HOLDER} THEN RAISE EXCEPTION '{_LAST}' {_ERROR}; END IF;
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$
""",
    """
CREATE TRIGGER vault_grant_guard BEFORE UPDATE OR DELETE ON vault_grant
FOR EACH ROW EXECUTE FUNCTION vault_grant_guard()
""",
)


def create(vendor: str) -> list[str]:
    """The statements that put the triggers up, for ``connection.vendor``."""
    return list(_SQLITE if vendor == "sqlite" else _POSTGRESQL)


def drop(vendor: str) -> list[str]:
    """The statements that take them down, for a migration backwards."""
    if vendor == "sqlite":
        names = ("last_holder", "last_deleted", "stays_revoked", "fixed")
        return [f"DROP TRIGGER vault_grant_{name}" for name in names]
    return ["DROP TRIGGER vault_grant_guard ON vault_grant", "DROP FUNCTION vault_grant_guard()"]
