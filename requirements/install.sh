#!/bin/sh
# The Python environment of the project: made once, brought up to date when the lock changed.
# Usage: requirements/install.sh runtime|dev
set -eu
which=$1
root=$(cd "$(dirname "$0")/.." && pwd)
venv=$root/.venv
fail() { echo "healthspace: $*" >&2; exit 2; }

python=
for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$candidate; break; fi
done
[ -n "$python" ] || fail "Python 3.11 or newer is needed. Install it (Debian 12: apt install python3 python3-venv) and start again."

mark=$(cat "$root/requirements/$which.txt" "$0" | cksum)" $root $("$python" -V)"
stamp=$venv/.installed-$which
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$mark" ]; then exit 0; fi

if ! "$venv/bin/python" -c 'import pip' 2>/dev/null; then
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
        [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null ||
            fail "Python lacks its venv module. Install it: sudo apt install $package. Then start again."
        echo "Installing $package ..."
        { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$package"; } >/dev/null 2>&1 ||
            fail "$package could not be installed with apt-get. Install it by hand, then start again."
    fi
    [ -w "$root" ] || fail "The folder $root cannot be written by this user. Use a copy of the project of your own."
    rm -rf "$venv"
    "$python" -m venv "$venv" || fail "The Python environment could not be made in $venv; the lines above say why."
fi
echo "Installing the packages of requirements/$which.txt (checked by their hashes) ..."
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --require-hashes --only-binary :all: \
    -r "$root/requirements/$which.txt" ||
    fail "The packages could not be installed; the lines above say why. The first start needs a package index (pip's own settings apply)."
echo "$root" >"$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/healthspace.pth"
printf '#!/bin/sh\nexec "$(dirname "$(readlink -f "$0")")/python" -m healthspace.config.cli "$@"\n' >"$venv/bin/healthspace"
chmod +x "$venv/bin/healthspace"
if [ "$which" = dev ]; then # everything of runtime is in dev
    echo "$(cat "$root/requirements/runtime.txt" "$0" | cksum) $root $("$python" -V)" >"$venv/.installed-runtime"
fi
echo "$mark" >"$stamp"
