#!/bin/sh
# Resolve the dependencies again and write the locks: every version and every hash, for Linux and Windows, and nothing
# about the machine that did it (no index, no path, no command line). Needs uv. Extra words go to uv, for example
# `packaging/lock.sh --upgrade-package requests`.
set -eu
cd "$(dirname "$0")/.."

lock() {
    file=$1
    shift
    uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-emit-index-url \
        --no-emit-find-links --no-header --strip-extras "$@" --output-file "packaging/locks/$file" pyproject.toml
    sed -i '/^    #   -c /d' "packaging/locks/$file"
    if grep -nE '://|^ *-[a-z-]+ |@ |file:' "packaging/locks/$file"; then
        echo "packaging/locks/$file names a place; a lock holds versions and hashes only" >&2
        exit 1
    fi
}

lock dev.txt --extra dev --extra sandbox "$@"
# What is shipped and what ships it are the versions that were tested.
lock run.txt --constraint packaging/locks/dev.txt "$@"
lock package.txt --extra sandbox --constraint packaging/locks/dev.txt "$@"
lock build.txt --extra build --constraint packaging/locks/dev.txt "$@"

# The table of all of it; a new name wants its licence in licences.toml first.
python3 packaging/dependencies.py
