"""Nothing changes a row outside an action, however the statement is dressed."""

import pytest
from django.db import connection

from circlekeeper.foundation import guard

WRITES = {
    'INSERT INTO "groups_group" ("id") VALUES (%s)': "groups_group",
    "INSERT OR IGNORE INTO groups_group DEFAULT VALUES": "groups_group",
    'UPDATE "groups_group" SET about = %s': "groups_group",
    "UPDATE OR REPLACE groups_group SET about = ''": "groups_group",
    'UPDATE ONLY "groups_group" SET about = %s': "groups_group",
    "DELETE FROM groups_group": "groups_group",
    'DELETE FROM"groups_group"': "groups_group",
    "REPLACE INTO groups_group VALUES (1)": "groups_group",
    "TRUNCATE groups_group": "groups_group",
    "TRUNCATE TABLE ONLY public.groups_group CASCADE": "groups_group",
    "MERGE INTO groups_group USING other ON true WHEN MATCHED THEN DELETE": "groups_group",
    "COPY groups_group FROM STDIN": "groups_group",
    "DROP TABLE IF EXISTS groups_group": "groups_group",
    'UPDATE "public"."groups_group" SET about = %s': "groups_group",
    "delete from main.groups_group": "groups_group",
    "DELETE FROM `main`.`groups_group`": "groups_group",
    "/* only looking */ DELETE FROM groups_group": "groups_group",
    "-- only looking\n\n  DELETE FROM groups_group": "groups_group",
    "SELECT 1; DELETE FROM groups_group": "groups_group",
    "SELECT ';'; UPDATE groups_group SET about = ''": "groups_group",
    "WITH old AS (SELECT 1) DELETE FROM groups_group WHERE id IN (SELECT * FROM old)": "groups_group",
    "WITH old AS (SELECT 1)\nINSERT INTO groups_group SELECT * FROM old": "groups_group",
    "WITH gone AS (DELETE FROM groups_group RETURNING id) SELECT * FROM gone": "groups_group",
    "WITH gone AS MATERIALIZED (DELETE FROM groups_group RETURNING id) SELECT * FROM gone": "groups_group",
    "EXPLAIN ANALYZE DELETE FROM groups_group": "groups_group",
    "EXPLAIN (ANALYZE) DELETE FROM groups_group": "groups_group",
    "PREPARE go AS DELETE FROM groups_group": "groups_group",
    "PREPARE go (int) AS UPDATE groups_group SET about = $1": "groups_group",
    r"SELECT E'\''; DELETE FROM groups_group --'": "groups_group",
    "DO $$ BEGIN DELETE FROM groups_group; END $$": "do",
    "CALL sweep()": "call",
}

READS = (
    'SELECT "id" FROM "groups_group" WHERE "about" = %s FOR UPDATE OF "groups_group"',
    "SELECT * FROM groups_group WHERE id IN (1) FOR NO KEY UPDATE",
    "SELECT 'DELETE FROM groups_group; UPDATE groups_group SET x = 1'",
    "SELECT 1; -- ; DELETE FROM groups_group",
    "SELECT 1 /* ; DELETE FROM groups_group */ ;",
    "WITH old AS (SELECT * FROM groups_group) SELECT * FROM old",
    "WITH old AS (SELECT at AS updated_at, id AS copy FROM groups_group) SELECT updated_at FROM old",
    "EXPLAIN QUERY PLAN SELECT * FROM groups_group",
    "PRAGMA wal_checkpoint(TRUNCATE)",
    "SAVEPOINT before_update",
    "SELECT pg_advisory_xact_lock(%s)",
)


@pytest.mark.parametrize("sql", WRITES)
def test_whatever_changes_rows_is_seen(sql):
    assert WRITES[sql] in guard.written_tables(sql)


@pytest.mark.parametrize("sql", READS)
def test_what_only_reads_is_left_alone(sql):
    assert guard.written_tables(sql) == []


def test_an_upsert_names_its_table_once():
    sql = 'INSERT INTO "a" ("b") VALUES (%s) ON CONFLICT ("b") DO UPDATE SET "b" = EXCLUDED."b"'
    assert guard.written_tables(sql) == ["a"]


def test_a_write_inside_a_write_is_seen_too():
    sql = 'INSERT INTO "a" ("b") WITH gone AS (DELETE FROM c RETURNING id) SELECT id FROM gone'
    assert guard.written_tables(sql) == ["a", "c"]


def test_each_statement_of_several_is_asked_about():
    assert guard.written_tables("DELETE FROM django_session; DELETE FROM groups_group") == [
        "django_session",
        "groups_group",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM groups_group",
        "/* no harm */ DELETE FROM groups_group",
        "WITH none AS (SELECT '' AS id) DELETE FROM groups_group WHERE id IN (SELECT id FROM none)",
    ],
)
def test_the_database_refuses_a_dressed_write_outside_an_action(sql):
    with connection.cursor() as cursor, pytest.raises(guard.UnguardedWrite, match="^groups_group$"):
        cursor.execute(sql)


@pytest.mark.django_db
def test_the_same_write_passes_with_a_reason():
    with connection.cursor() as cursor, guard.outside_action("a test"):
        cursor.execute("/* no harm */ DELETE FROM groups_group")
