#!/bin/sh
# A machine that has never seen us: an empty Debian 12 made by debootstrap, with a non-ASCII host name, thrown away after.
#
#   packaging/fresh_machine.sh package FILE.deb   install, sell with a redemption, refuse to go while it runs, remove, purge
#   packaging/fresh_machine.sh appliance FILE.deb boot it, with systemd and udev: autostart, kill, close, switch off, boot again
#   packaging/fresh_machine.sh demo | test        a bare clone of this checkout's HEAD, and that command of the README's
#
# As root, with debootstrap and unshare; some minutes and 2 GB below TMPDIR. MIRROR names another Debian mirror, BASE a
# folder in which the empty system is kept for the next time. How this machine reaches the network (name servers,
# certificates, proxies of apt and pip, environment) is lent to the new one.
set -eu
purpose=${1:?package FILE.deb, appliance FILE.deb, demo or test}
here=$(cd "$(dirname "$0")/.." && pwd)
mirror=${MIRROR:-http://deb.debian.org/debian}

say() { printf '\nfresh machine: %s\n' "$*"; }

# ── outside: make the system, and enter it in namespaces of its own, so that mounts and processes end with us ───────

if [ "${FRESH_ROOT:-}" = "" ]; then
    [ "$(id -u)" = 0 ] || { echo "fresh machine: only root can make one" >&2; exit 2; }
    scratch=$(mktemp -d)
    trap 'rm -rf --one-file-system "$scratch"' EXIT
    root=$scratch/root
    if [ -n "${BASE:-}" ] && [ -d "$BASE/usr" ]; then
        say "copying the empty system in $BASE"
        cp -a "$BASE" "$root"
    else
        say "an empty Debian 12 from $mirror"
        debootstrap --variant=minbase bookworm "$root" "$mirror" >"$scratch/debootstrap.log" ||
            { tail -n 20 "$scratch/debootstrap.log"; exit 1; }
        [ -z "${BASE:-}" ] || cp -a "$root" "$BASE"
    fi
    cp -L /etc/resolv.conf "$root/etc/resolv.conf"
    for lent in /etc/ssl/certs/ca-certificates.crt /usr/local/share/ca-certificates /etc/pip.conf; do
        if [ -e "$lent" ]; then
            mkdir -p "$root$(dirname "$lent")"
            cp -RL "$lent" "$root$(dirname "$lent")/"
        fi
    done
    grep -rls -i 'proxy' /etc/apt/apt.conf /etc/apt/apt.conf.d 2>/dev/null | while read -r lent; do
        cp "$lent" "$root/etc/apt/apt.conf.d/"
    done
    mkdir -p "$root/lent"
    cp "$here/packaging/smoke_test.py" "$here/packaging/fresh_machine.sh" "$here/packaging/appliance_test.py" \
        "$here/packaging/appliance_machine.sh" "$root/lent/"
    case "$purpose" in
        package | appliance) cp "${2:?which package}" "$root/lent/pos-client.deb" ;;
        *) git -C "$here" bundle create --quiet "$root/lent/pos-client.bundle" HEAD ;;
    esac
    FRESH_ROOT=$root unshare --mount --uts --pid --fork --kill-child sh "$0" "$purpose"
    exit
fi

if [ "$FRESH_ROOT" != / ]; then
    printf %s 'quầy-số-1-Bến-Lức' >/proc/sys/kernel/hostname # hostname(1) itself takes ASCII only
    mount --make-rprivate /
    mount -t proc proc "$FRESH_ROOT/proc"
    mount --rbind /dev "$FRESH_ROOT/dev"
    exec chroot "$FRESH_ROOT" /usr/bin/env -u PYTHONPATH HOME=/root LANG=C.UTF-8 FRESH_ROOT=/ \
        DEBIAN_FRONTEND=noninteractive PATH=/usr/sbin:/usr/bin:/sbin:/bin sh /lent/fresh_machine.sh "$purpose"
fi

# ── inside ──────────────────────────────────────────────────────────────────────────────────────────────────────────

install() { apt-get -qq install -y --no-install-recommends "$@" >/lent/apt.log 2>&1 || { cat /lent/apt.log; exit 1; }; }
must() { "$@" || { say "FAILED: $*"; exit 1; }; }
must_not() { if "$@"; then say "FAILED, for it succeeded: $*"; exit 1; fi; }
apt-get -qq update

if [ "$purpose" = appliance ]; then
    exec sh -eu /lent/appliance_machine.sh
fi

if [ "$purpose" != package ]; then
    install git make ca-certificates
    git clone --quiet /lent/pos-client.bundle /root/pos_client
    say "make $purpose, in a bare clone"
    cd /root/pos_client
    CI=true make "$purpose" </dev/null
    say "make $purpose: done"
    exit
fi

books='/home/Quầy số 1/.local/share/pos-client'
as_till() { setpriv --reuid till --regid till --init-groups env HOME='/home/Quầy số 1' "$@"; }
facts() { as_till pos-client journal list "$books/journal.db" | wc -l; }

say "installing the package, and nothing else"
install /lent/pos-client.deb
must pos-client --version
useradd --create-home --home-dir '/home/Quầy số 1' --groups pos-client till

say "a sale with a redemption, as an ordinary user, with what the package alone brought"
mkdir -p "$books" && chown -R till: '/home/Quầy số 1'
as_till env TMPDIR='/home/Quầy số 1' pos-client demo --headless --keep --scenario redeem-individual-otp
cp -a '/home/Quầy số 1'/pos-client-demo-*/redeem-individual-otp/. "$books/"
chown -R till: "$books"

say "the same on a virtual screen"
install xvfb xauth python3 procps
must as_till xvfb-run -a python3 /lent/smoke_test.py /usr/bin/pos-client --platform xcb

say "the till itself, on those books"
before=$(facts)
as_till xvfb-run -a pos-client >/lent/till.log 2>&1 &
tries=0
until [ "$(facts)" -gt "$before" ]; do
    tries=$((tries + 1))
    [ "$tries" -lt 120 ] || { cat /lent/till.log; say "FAILED: the till wrote nothing"; exit 1; }
    sleep 1
done
say "it runs, so it is not removed"
must_not apt-get -qq remove -y pos-client
pkill -TERM -u till -x pos-client
tries=0
while pgrep -u till -x pos-client >/dev/null; do
    tries=$((tries + 1))
    [ "$tries" -lt 60 ] || { say "FAILED: the till does not end"; exit 1; }
    sleep 1
done

say "removed: the program goes, the books stay"
apt-get -qq remove -y pos-client
must_not test -e /usr/lib/pos-client
must_not test -e /usr/bin/pos-client
must test -s "$books/journal.db"

say "purged with nobody to ask: the books stay; installed again, they are whole"
apt-get -qq purge -y pos-client
must test -s "$books/journal.db"
install /lent/pos-client.deb
must as_till pos-client journal list "$books/journal.db" >/dev/null
must as_till pos-client journal verify "$books/journal.db"

say "purged by somebody who wants the books deleted"
echo 'pos-client pos-client/delete-books boolean true' | debconf-set-selections
apt-get -qq purge -y pos-client
must_not test -e "$books"
must test -d '/home/Quầy số 1'
must_not getent group pos-client
say "everything held"
