#!/bin/sh
# Ask whether a version we pin is known to be vulnerable: `packaging/audit.sh`, with pip-audit from locks/build.txt in
# PYTHON (default: the Python of build/venv). Ends with 1 for a finding nobody has reviewed, and when the database could
# not be asked: --strict, because an audit that audited nothing must not look like a good one.
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-build/venv/bin/python}
today=$(date -u +%Y%m%d)

set --
while read -r id until _reason; do
    case "$id" in '' | '#'*) continue ;; esac
    if [ "$today" -gt "$(echo "$until" | tr -d -)" ]; then
        echo "audit: the exception for $id ended on $until; review it again" >&2
        exit 1
    fi
    set -- "$@" --ignore-vuln "$id"
done <packaging/audit-exceptions.txt

for lock in package build; do
    "$python" -m pip_audit --strict --require-hashes --disable-pip --progress-spinner off \
        -r "packaging/locks/$lock.txt" "$@"
done
