#!/bin/sh
# Everything that can be checked without running the tests. Runs all of it, then says what failed; changes nothing.
set -u
cd "$(dirname "$0")/.." || exit 2

CIRCLEKEEPER_DATA="$(mktemp -d)"
export CIRCLEKEEPER_DATA
export DJANGO_SETTINGS_MODULE=circlekeeper.settings
trap 'rm -rf "$CIRCLEKEEPER_DATA"' EXIT
failed=""

check() {
    name="$1"
    shift
    if output="$("$@" 2>&1)"; then
        printf '  %-12s ok\n' "$name"
    else
        printf '  %-12s FAILED\n%s\n' "$name" "$output"
        failed="$failed $name"
    fi
}

bin=.venv/bin
check format "$bin/ruff" format --check .
check lint "$bin/ruff" check .
check types "$bin/mypy"
check contracts "$bin/lint-imports" --no-cache
check playbook "$bin/python" -m circlekeeper playbook check --json
check migrations "$bin/python" -m django makemigrations --check --dry-run
check docs "$bin/python" -m tools.guide_map --check
check sizes "$bin/python" -m tools.sizes
check lock "$bin/python" -m tools.lock_addresses

if [ -n "$failed" ]; then
    printf 'Failed:%s\n' "$failed" >&2
    exit 1
fi
