#!/bin/sh
# Every test. First those that use a database, on PostgreSQL; then all of them on SQLite, the browser's included, so that
# pytest's closing line, printed last, counts each test once. Extra words go to pytest.
set -eu
cd "$(dirname "$0")/.."

tools/chromium.sh
tools/prosody.sh

# One more at once than there are processors, because tests of whole processes mostly wait; each has databases and a data
# folder of its own.
workers="$(($(nproc 2>/dev/null || echo 2) + 1))"
status=0
printf '%s\n' "== PostgreSQL: the tests that use a database"
.venv/bin/python -m tools.with_postgres .venv/bin/pytest -p tools.only_database \
    -n "$workers" --dist worksteal -m "not browser and not sqlite_only" "$@" || status=$?
printf '%s\n' "== SQLite: all tests"
.venv/bin/pytest -n "$workers" --dist worksteal "$@" || status=$?
exit "$status"
