#!/bin/sh
# Programs of the distribution the product or its tests use: installed where we may, named where we may not.
# Usage: requirements/system.sh PROGRAM=PACKAGE ...
set -eu
missing=
for pair in "$@"; do
    command -v "${pair%%=*}" >/dev/null 2>&1 || missing="$missing ${pair#*=}"
done
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing$missing ..."
    # shellcheck disable=SC2086
    if { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing; } >/dev/null 2>&1; then
        exit 0
    fi
fi
echo "Not here and not installed:$missing (as root: apt-get install$missing). What needs it is left out and said so."
