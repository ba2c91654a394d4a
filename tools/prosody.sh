#!/bin/sh
# Makes sure Debian's Prosody is there: the Jitsi tests start one of their own. Never skips them silently: exit 2 says what is
# missing.
set -eu

command -v prosody >/dev/null 2>&1 && exit 0

stop() {
    printf '%s\n' "$*" >&2
    exit 2
}

command -v apt-get >/dev/null 2>&1 ||
    stop "The Jitsi tests need Prosody: install it so that the command prosody is found."
[ "$(id -u)" = 0 ] ||
    stop "The Jitsi tests need Prosody: run 'sudo apt-get install prosody', then 'make test' again."
printf '%s\n' "Installing Prosody for the Jitsi tests ..." >&2
apt-get update -qq >/dev/null || stop "The list of Debian packages could not be fetched, so Prosody could not be installed."
# At run level 1 the package does not start a server of its own.
RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends prosody >/dev/null ||
    stop "Debian's prosody package could not be installed."
