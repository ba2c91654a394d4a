#!/bin/sh
# Puts uv into ./.tools and the locked packages into ./.venv. Nothing outside this folder is written but uv's own cache.
# Usage: tools/bootstrap.sh run|dev     (dev adds what tests, checks and benchmarks need)
set -eu
cd "$(dirname "$0")/.."

UV_VERSION=0.13.9
UV_PYTHON_DOWNLOADS=never
export UV_PYTHON_DOWNLOADS
unset UV_INDEX_URL UV_DEFAULT_INDEX UV_EXTRA_INDEX_URL UV_INDEX VIRTUAL_ENV UV_PROJECT_ENVIRONMENT || true

say() { printf '%s\n' "$*" >&2; }
stop() { say "$*"; exit 2; }

find_python() {
    command -v python3 >/dev/null 2>&1 || stop "Python 3.11 or newer is needed: install the Debian package python3-venv."
    python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        stop "Python 3.11 or newer is needed; this machine's python3 is older."
}

has_uv() { [ -x .tools/bin/uv ] && [ "$(.tools/bin/uv --version 2>/dev/null | cut -d' ' -f2)" = "$UV_VERSION" ]; }

# Debian splits venv off: the module is there without python3-venv, but cannot put pip into what it makes.
install_uv() {
    say "Setting up: the package installer (uv $UV_VERSION) ..."
    rm -rf .tools
    if python3 -c 'import ensurepip, venv' >/dev/null 2>&1 && python3 -m venv .tools >/dev/null 2>&1; then
        pip_python=.tools/bin/python
        set --
    elif python3 -m pip --version >/dev/null 2>&1; then
        rm -rf .tools
        pip_python=python3
        set -- --target .tools
    else
        rm -rf .tools
        stop "One package is missing: install the Debian package python3-venv (apt-get install python3-venv), then try again."
    fi
    "$pip_python" -m pip install --quiet --disable-pip-version-check --no-input "$@" "uv==$UV_VERSION" || {
        rm -rf .tools
        stop "The package installer could not be fetched: check this machine's connection to the Python package index."
    }
    has_uv || stop "The package installer does not run on this machine."
}

sync() {
    say "Setting up: the packages ..."
    .tools/bin/uv sync --locked --quiet --python python3 "$@" ||
        stop "The packages could not be installed: see the line above."
}

stamp() { mkdir -p .venv/.stamps && : >".venv/.stamps/$1"; }

find_python
has_uv || install_uv
case "${1:-}" in
# --inexact: after `make test`, `make run` must not take the test tools away.
run)
    sync --no-dev --inexact
    stamp run
    ;;
dev)
    sync
    stamp dev
    stamp run
    ;;
*) stop "usage: tools/bootstrap.sh run|dev" ;;
esac
