#!/bin/sh
# The part of `fresh_machine.sh appliance` that is played inside the new machine: udev with the rules on a real serial
# port, then two boots of its systemd. The pumps are simulated outside of what boots, so they outlive its being switched off.
set -eu
say() { printf '\nappliance: %s\n' "$*"; }
must() { "$@" || { say "FAILED: $*"; exit 1; }; }
export DEBIAN_FRONTEND=noninteractive

if [ "${1:-}" != booting ]; then
    say "installing the package, systemd, udev, a virtual screen and a window manager"
    apt-get -qq install -y --no-install-recommends /lent/pos-client.deb systemd systemd-sysv dbus dbus-user-session \
        libpam-systemd udev xvfb openbox xdotool python3-minimal iproute2 >/lent/apt.log 2>&1 || { cat /lent/apt.log; exit 1; }
    useradd --create-home --home-dir '/home/Quầy số 1' --groups pos-client till

    # ── udev ────────────────────────────────────────────────────────────────────────────────────────────────────────────

    mount -t sysfs sysfs /sys
    port=$(find /sys/class/tty -name 'ttyS[0-9]*' | sort | head -n 1)
    if [ -n "$port" ]; then
        port=$(basename "$port")
        say "udev: $port is given to the group, and to nobody else"
        unshare --mount --propagation unchanged --pid --fork --kill-child sh -euc '
            port=$1
            numbers=$(sed "s/:/ /" "/sys/class/tty/$port/dev")
            mount -t proc proc /proc
            mount -t tmpfs tmpfs /run
            mount -t tmpfs -o mode=755 tmpfs /dev
            mknod -m 666 /dev/null c 1 3
            mknod "/dev/$port" c $numbers
            export SYSTEMD_IGNORE_CHROOT=1
            /lib/systemd/systemd-udevd --daemon
            udevadm trigger --action=change "/sys/class/tty/$port"
            udevadm settle
            getfacl --omit-header --absolute-names "/dev/$port"
            getfacl --omit-header --absolute-names "/dev/$port" | grep -qx "group:pos-client:rw-"
            setpriv --reuid till --regid till --init-groups sh -c "exec 3<>/dev/$port"
            ! setpriv --reuid nobody --regid nogroup --clear-groups sh -c "exec 3<>/dev/$port" 2>/dev/null
            udevadm control --exit
        ' udev "$port" || { say "FAILED: udev"; exit 1; }
        if udevadm test "/sys/class/tty/$port" 2>&1 | grep -i '60-pos-client.rules.*\(invalid\|unknown\|ignoring\)'; then
            say "FAILED: udev does not understand a rule"; exit 1
        fi
    else
        say "udev: NOT TRIED, this machine has no serial port"
    fi
    exec unshare --net sh -eu "$0" booting # no address in there can be another machine's
fi
ip link set lo up

# ── systemd ─────────────────────────────────────────────────────────────────────────────────────────────────────────

say "what systemd says of the unit"
must env XDG_RUNTIME_DIR=/run SYSTEMD_IGNORE_CHROOT=1 systemd-analyze --user verify /usr/lib/systemd/user/pos-client.service

boots() { # STAGE: until the machine has switched itself off
    cat >/etc/systemd/system/appliance.service <<UNIT
[Unit]
After=multi-user.target
[Service]
Type=oneshot
ExecStart=/bin/sh -c 'python3 /lent/appliance_test.py $1 >>/lent/faults 2>&1 && touch /lent/held-$1; systemctl --no-block poweroff'
[Install]
WantedBy=default.target
UNIT
    mkdir -p /etc/systemd/system/default.target.wants
    ln -sf ../appliance.service /etc/systemd/system/default.target.wants/appliance.service
    say "boot: $1"
    began=$(wc -l </lent/report)
    (
        # a control group of its own is the whole tree to the systemd inside
        mkdir -p /groups
        [ -e /groups/cgroup.procs ] || mount -t cgroup2 cgroup2 /groups
        mkdir -p "/groups/fresh-machine-$$"
        echo 0 >"/groups/fresh-machine-$$/cgroup.procs"
        exec timeout -s KILL 1500 unshare --mount --propagation unchanged --uts --ipc --pid --cgroup --fork --kill-child sh -euc '
            mkdir -p /machine && mount --bind / /machine && cd /machine
            mount -t proc proc proc
            mount -t sysfs -o ro sysfs sys
            mount -t cgroup2 cgroup2 sys/fs/cgroup
            mount -t tmpfs tmpfs run
            mount -t tmpfs tmpfs tmp
            mount -t tmpfs -o mode=755 tmpfs dev
            for name in null zero full random urandom tty; do touch "dev/$name"; mount --bind "/dev/$name" "dev/$name"; done
            mkdir dev/pts dev/shm
            mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts dev/pts
            ln -s pts/ptmx dev/ptmx
            mount -t tmpfs tmpfs dev/shm
            ln -s /proc/self/fd dev/fd
            exec env -i container=fresh-machine PATH=/usr/sbin:/usr/bin:/sbin:/bin chroot . /lib/systemd/systemd
        '
    ) </dev/null >/lent/console 2>&1 || true
    tail -n "+$((began + 1))" /lent/report
    [ -e "/lent/held-$1" ] || { cat /lent/faults /lent/console; say "FAILED: $1"; exit 1; }
}

touch /lent/report /lent/faults
sleep infinity | pos-client sandbox --only dispensers --dispenser dart-1=dart@tcp://127.0.0.1:0 >/lent/addresses.json 2>/lent/sandbox.log &
pumps=$!
tries=0
until [ -s /lent/addresses.json ]; do
    tries=$((tries + 1))
    [ "$tries" -lt 180 ] || { cat /lent/sandbox.log; say "FAILED: no pumps"; exit 1; }
    sleep 1
done
must python3 /lent/appliance_test.py prepare
boots first
boots second
kill "$pumps"
say "everything held"
