#!/bin/sh
# Makes sure Debian's Chromium is there for the browser tests. Never skips them silently: exit 2 says what is missing.
set -eu

command -v chromium >/dev/null 2>&1 && exit 0

stop() {
    printf '%s\n' "$*" >&2
    exit 2
}

command -v apt-get >/dev/null 2>&1 ||
    stop "The browser tests need Chromium: install it so that the command chromium is found."
[ "$(id -u)" = 0 ] ||
    stop "The browser tests need Chromium: run 'sudo apt-get install chromium', then 'make test' again."
printf '%s\n' "Installing Chromium for the browser tests ..." >&2
apt-get update -qq >/dev/null || stop "The list of Debian packages could not be fetched, so Chromium could not be installed."
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null ||
    stop "Debian's chromium package could not be installed."
