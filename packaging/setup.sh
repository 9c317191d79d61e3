#!/bin/sh
# Make this checkout runnable: system packages, then .venv from the lock with every hash checked, then the project.
#
#   packaging/setup.sh run     what the program and its demo need
#   packaging/setup.sh test    that, and what the tests need beside it (default)
#
# As root, or where sudo asks for no password, missing Debian packages are installed; otherwise they are named and the
# script ends with 1. A second run does nothing until the lock, the project file or this script changes.
set -eu
cd "$(dirname "$0")/.."
purpose=${1:-test}
lock=packaging/locks/dev.txt
stamp=.venv/.set-up

say() { printf 'setup: %s\n' "$*" >&2; }

key=$(cat "$lock" pyproject.toml packaging/setup.sh | cksum)
if [ -x .venv/bin/pos-client ] && [ -f "$stamp" ] && .venv/bin/python -c '' 2>/dev/null; then
    case "$(cat "$stamp")" in
        "$key $purpose" | "$key test") exit 0 ;;
    esac
fi

# ── the system ──────────────────────────────────────────────────────────────────────────────────────────────────────

# The first Python we support that can make virtual environments. 3.11 first: it is Debian 12's and the one we develop on.
find_python() {
    for name in python3.11 python3.12 python3.13 python3; do
        if command -v "$name" >/dev/null 2>&1 && "$name" -c '
import ensurepip, sys, venv
sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
}

# Qt aborts without a Python error when a library is missing, so each is looked for by the name the loader uses.
libraries='
libGL.so.1 libgl1
libEGL.so.1 libegl1
libxkbcommon.so.0 libxkbcommon0
libglib-2.0.so.0 libglib2.0-0
libfreetype.so.6 libfreetype6
libfontconfig.so.1 libfontconfig1
libdbus-1.so.3 libdbus-1-3
libxcb-cursor.so.0 libxcb-cursor0
libxcb-icccm.so.4 libxcb-icccm4
libxcb-keysyms.so.1 libxcb-keysyms1
libxcb-shape.so.0 libxcb-shape0
libxkbcommon-x11.so.0 libxkbcommon-x11-0
'
# Tests: a second, real display, whose monitors are plugged and pulled; a reader for the QR codes we draw; a browser for the portal; faults at system calls.
commands='
Xvfb xvfb
xauth xauth
xrandr x11-xserver-utils
zbarimg zbar-tools
chromium chromium
strace strace
makensis nsis
objdump binutils
'
# Tests start a PostgreSQL of their own; Debian keeps the server out of everybody's PATH.
find_postgres() {
    command -v postgres >/dev/null 2>&1 || ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1
}

find_missing() {
    [ -n "$(find_python)" ] || echo python3 python3-venv
    known=$(PATH="$PATH:/sbin:/usr/sbin" ldconfig -p 2>/dev/null || true)
    echo "$libraries" | while read -r library package; do
        case "$known" in *"$library "*) ;; *) echo "$package" ;; esac
    done
    if [ "$purpose" = test ]; then
        echo "$commands" | while read -r command package; do
            [ -z "$command" ] || command -v "$command" >/dev/null 2>&1 || echo "$package"
        done
        find_postgres || echo postgresql
    fi
}

missing=$(find_missing | tr '\n' ' ' | sed 's/ *$//')
if [ -n "$missing" ]; then
    if ! command -v apt-get >/dev/null 2>&1; then
        say "missing: $missing (names of Debian 12; this system has no apt-get). Install them, then run this again."
        exit 1
    elif [ "$(id -u)" = 0 ]; then
        as_root=
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
        as_root='sudo -n'
    else
        say "missing system packages, and no right to install them. As root:"
        say "    apt-get update && apt-get install -y --no-install-recommends $missing"
        exit 1
    fi
    say "installing $missing"
    # A server the tests start themselves needs no cluster beside it.
    case "$missing" in *postgresql*)
        $as_root mkdir -p /etc/postgresql-common/createcluster.d &&
            echo 'create_main_cluster = false' |
            $as_root tee /etc/postgresql-common/createcluster.d/no-cluster.conf >/dev/null ;;
    esac
    # shellcheck disable=SC2086 # words are meant
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q update >&2
    # shellcheck disable=SC2086
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends $missing >&2
fi

python=$(find_python)
if [ -z "$python" ]; then
    say "no Python 3.11 to 3.13 with venv here (found: $(command -v python3 || echo none))"
    exit 1
fi

# ── the virtual environment ─────────────────────────────────────────────────────────────────────────────────────────

rm -f "$stamp"
if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    say "making .venv with $($python --version)"
    "$python" -m venv --clear .venv
fi
say "installing from $lock"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
    --no-deps --require-hashes --only-binary :all: -r "$lock" >&2
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
    --no-build-isolation --no-deps -e . >&2
echo "$key $purpose" >"$stamp"
say "ready"
