"""The throw-away PostgreSQL is real, and gone afterwards."""

from pathlib import Path

import psycopg
import pytest

from tools import with_postgres

pytestmark = pytest.mark.slow


def test_two_empty_databases_that_vanish():
    with with_postgres.postgres() as addresses:
        folder = Path(addresses["DATABASE_URL"].removeprefix("postgres://postgres@/")).parent
        for name in (with_postgres.MAIN, with_postgres.SHRED):
            with psycopg.connect(host=str(folder), user="postgres", dbname=name) as connection:
                found = connection.execute("SELECT version(), count(*) FROM pg_tables WHERE schemaname = 'public'")
                assert [(version[:10], tables) for version, tables in found] == [("PostgreSQL", 0)]
    assert not folder.exists()
