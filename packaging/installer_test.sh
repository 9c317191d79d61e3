#!/bin/sh
# The Windows installer, tried under wine with a stand-in program: `packaging/installer_test.sh`. Needs makensis, wine,
# and a mingw compiler for a stand-in that really runs; without the compiler the stand-in is only a file.
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
int main(void) { return getchar() == EOF ? 0 : 0; }
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
"$wine" "$home/pos-client.exe" <"$scratch/keyboard" &
exec 3>"$scratch/keyboard"
tries=0
until "$wine" tasklist 2>/dev/null | grep -q pos-client.exe; do
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
uninstall() { must "$wine" "$home/uninstall.exe" /S "$@" '_?=C:\Program Files\pos-client'; rm -f "$home/uninstall.exe"; rmdir "$home" 2>/dev/null || true; }
uninstall
must_not test -e "$home"
must_not test -e "$menu"
must_not "$wine" reg query "$key" >/dev/null 2>&1
must test -e "$books/journal.db"

echo "installer test: and deletes them when told"
must "$wine" "$scratch/pos-client-installer.exe" /S
uninstall /DELETEBOOKS
must_not test -e "$books"
echo "installer test: everything held"
