#!/bin/sh
# The Windows installer, tried under wine with a stand-in program: `packaging/installer_test.sh`. Needs makensis, wine64
# and a mingw compiler, for a stand-in that really runs.
#
# Install, look, refuse while it runs, install over an older one, uninstall and keep the books, uninstall and delete them.
set -eu
cd "$(dirname "$0")/.."
scratch=$(mktemp -d)
export WINEPREFIX="$scratch/wine" WINEDEBUG=-all WINEDLLOVERRIDES='mscoree,mshtml=' DISPLAY=
wine=$(command -v wine64 || command -v wine || ls /usr/lib/wine/wine64)
trap '"$(dirname "$wine")/wineserver" -k 2>/dev/null || wineserver -k 2>/dev/null || true; rm -rf "$scratch"' EXIT

must() { "$@" || { echo "installer test: FAILED: $*" >&2; exit 1; }; }
must_not() { if "$@"; then echo "installer test: FAILED, for it succeeded: $*" >&2; exit 1; fi; }

payload=$scratch/payload
mkdir -p "$payload/_internal/pos_client/_resources"
echo stand-in >"$payload/_internal/pos_client/_resources/words.toml"
echo '{}' >"$payload/sbom.cdx.json"
cat >"$scratch/stand_in.c" <<'C'
#include <stdio.h>
int main(void) { puts("up"); fflush(stdout); getchar(); return 0; }
C
for program in pos-client pos-client-till; do
    x86_64-w64-mingw32-gcc -Os -s -o "$payload/$program.exe" "$scratch/stand_in.c"
done
python3 packaging/build_installer.py "$payload" "$scratch/pos-client-installer.exe" >/dev/null

echo "installer test: installing"
must "$wine" "$scratch/pos-client-installer.exe" /S
home="$WINEPREFIX/drive_c/Program Files/pos-client"
menu="$WINEPREFIX/drive_c/ProgramData/Microsoft/Windows/Start Menu/Programs/pos-client"
must test -e "$home/pos-client.exe"
must test -e "$home/pos-client-till.exe"
must test -e "$home/_internal/pos_client/_resources/words.toml"
must test -e "$home/uninstall.exe"
must test -e "$menu/Quầy tích điểm.lnk"
key='HKLM\Software\Microsoft\Windows\CurrentVersion\Uninstall\pos-client'
"$wine" reg query "$key" /v DisplayVersion | tr -d '\r' | grep -q "$(sed -n 's/^__version__ = "\(.*\)"/\1/p' pos_client/__init__.py)"

echo "installer test: over an older one"
touch "$home/_internal/of-an-older-version"
must "$wine" "$scratch/pos-client-installer.exe" /S
must_not test -e "$home/_internal/of-an-older-version"

echo "installer test: not while it runs"
mkfifo "$scratch/keyboard"
"$wine" "$home/pos-client.exe" <"$scratch/keyboard" >"$scratch/said" &
exec 3>"$scratch/keyboard"
tries=0
until [ -s "$scratch/said" ]; do
    tries=$((tries + 1))
    [ "$tries" -lt 60 ] || { echo "installer test: the stand-in does not start" >&2; exit 1; }
    sleep 1
done
must_not "$wine" "$scratch/pos-client-installer.exe" /S
must test -e "$home/_internal/pos_client/_resources/words.toml"
exec 3>&-
wait

user=$(find "$WINEPREFIX/drive_c/users" -path '*/AppData/Local' -not -path '*/Public/*' | head -n 1)
books=$user/pos-client
mkdir -p "$books"
echo books >"$books/journal.db"

echo "installer test: uninstalling keeps the books"
uninstall() { # it goes on from a copy of itself, so that it can delete itself
    must "$wine" "$home/uninstall.exe" /S "$@"
    tries=0
    while [ -e "$home" ]; do
        tries=$((tries + 1))
        [ "$tries" -lt 60 ] || { find "$home"; echo "installer test: FAILED: it is still there" >&2; exit 1; }
        sleep 1
    done
}
uninstall
must_not test -e "$menu"
must_not "$wine" reg query "$key" >/dev/null 2>&1
must test -e "$books/journal.db"

echo "installer test: and deletes them when told"
must "$wine" "$scratch/pos-client-installer.exe" /S
uninstall /DELETEBOOKS
"$(dirname "$wine")/wineserver" -w 2>/dev/null || wineserver -w 2>/dev/null || true
must_not test -e "$books"
echo "installer test: everything held"
