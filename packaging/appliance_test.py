"""Life as an appliance, on a machine whose systemd has really booted: `fresh_machine.sh appliance FILE.deb` runs this
as root inside it, `first` in its first boot, `second` in the next. Needs Python and what the package brought alone.

The pumps are the sandbox's, outside of the machine, so they go on while it is switched off. What has to hold is asked
of the books (`pos-client journal`), of systemd and of the pump itself.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

PAUSE = threading.Event()
LENT = Path("/lent")
HOME = Path("/home/Quầy số 1")
DATA = HOME / ".local/share/pos-client"
UNIT = "pos-client.service"
DISPLAY = ":7"
LIMIT_S = 180
POUR_ML, SLOW_L_MINUTE = 20_000, 20


def main(stage: str) -> int:
    """0 when everything held. Then the machine is switched off, in the first boot with a fuelling under way."""
    {"prepare": prepare, "first": first, "second": second}[stage]()
    return 0


def prepare() -> None:
    """What a technician does: settings, the till's user kept alive, and a screen that comes with his session."""
    DATA.mkdir(parents=True, exist_ok=True)
    (DATA / "settings.toml").write_text(SETTINGS.format(port=dart()["port"]), encoding="utf-8")
    units = HOME / ".config/systemd/user"
    (units / "default.target.wants").mkdir(parents=True)
    (units / "screen.service").write_text(SCREEN, encoding="utf-8")
    (units / "station.target").write_text(SESSION, encoding="utf-8")
    (units / "default.target.wants/station.target").symlink_to("../station.target")
    subprocess.run(["chown", "-R", "till:", str(HOME)], check=True)
    lingering = Path("/var/lib/systemd/linger")
    lingering.mkdir(parents=True, exist_ok=True)
    (lingering / "till").touch()
    Path("/var/log/journal").mkdir(exist_ok=True)


def first() -> None:
    """Autostart; killed; its keeper killed; closed; and switched off while somebody fuels."""
    say("systemd: " + run("systemctl", "is-system-running", check=False))
    systemctl("enable", UNIT)
    systemctl("stop", "station.target", check=False)
    systemctl("start", "station.target")
    started(1, "it starts with the session")
    sell(1, 5_000)
    fuelled = facts("FuellingCompleted")
    assert [each["volume_ml"] for each in fuelled] == [5_000], fuelled

    os.kill(till(), signal.SIGKILL)
    started(2, "killed, it comes back")
    assert facts("FuellingCompleted") == fuelled, "its books say what they said"

    before = main_pid()
    os.kill(before, signal.SIGKILL)
    started(3, "its keeper killed, systemd starts both anew")
    assert main_pid() != before
    assert show("NRestarts") == "1", show("NRestarts")

    key("alt+F4")
    PAUSE.wait(3)  # nothing to wait for: that nothing happens is what is looked at
    assert till(), "asked, it stays open"
    key("x")
    until(lambda: show("ActiveState") == "inactive", "closed, it ends")
    assert show("Result") == "success", show("Result")
    PAUSE.wait(6)  # three times RestartSec
    assert show("ActiveState") == "inactive", "closed, it stays closed"
    say("closed by the cashier, it stays closed")

    systemctl("start", UNIT)
    started(4, "started again")
    verified()
    lift(2)
    pump(2, "flow", volume_ml=POUR_ML, litres_a_minute=SLOW_L_MINUTE)
    until(lambda: 1_000 < poured(2) < POUR_ML, "somebody fuels")
    assert len(facts("FuellingCompleted")) == 1
    say(f"switched off after {poured(2)} ml")
    (LENT / "off").write_text(str(time.time()))


def second() -> None:
    """It came up by itself; what was fuelled while nobody looked is in the books, once and whole."""
    theirs = (f"USER_UNIT={UNIT}", "+", f"_SYSTEMD_USER_UNIT={UNIT}")  # of both boots: here they share one kernel's id
    said = run("journalctl", *theirs, "--no-pager", "--output", "cat", check=False)
    assert "timed out" not in said, said
    assert "Stopped" in said, said
    say("switched off, it had ended in time")
    started(5, "after the next boot it is there by itself")
    until(lambda: poured(2) == POUR_ML, "the pump went on by itself")
    pump(2, "hang")
    until(lambda: len(facts("FuellingCompleted")) == 2, "the fuelling is in the books")
    assert [each["volume_ml"] for each in facts("FuellingCompleted")] == [5_000, POUR_ML], facts("FuellingCompleted")
    verified()
    systemctl("stop", UNIT)
    assert show("Result") == "success", show("Result")
    say("everything held")


# ── the machine ─────────────────────────────────────────────────────────────────────────────────────────────────────


def say(what: str) -> None:
    """A line of the report."""
    with (LENT / "report").open("a", encoding="utf-8") as report:
        report.write(f"appliance: {what}\n")


def run(*words: str, check: bool = True) -> str:
    """A command of the system's; what it said."""
    done = subprocess.run(words, check=False, capture_output=True, text=True, encoding="utf-8")
    if check and done.returncode:
        raise AssertionError(f"{' '.join(words)}: {done.returncode} {done.stdout}{done.stderr}")
    return done.stdout.strip()


def systemctl(*words: str, check: bool = True) -> str:
    """To the till user's own systemd."""
    return run("systemctl", "--user", "--machine", "till@", *words, check=check)


def show(name: str) -> str:
    """A property of the till's unit."""
    return systemctl("show", "--value", "--property", name, UNIT)


def main_pid() -> int:
    """The keeper's."""
    return int(show("MainPID"))


def till() -> int:
    """The till's own process: the keeper's child; 0 while there is none."""
    children = Path(f"/proc/{main_pid()}/task/{main_pid()}/children")
    found = children.read_text().split() if children.exists() else []
    return int(found[0]) if found else 0


def until(holds: Callable[[], object], what: str) -> None:
    """Wait for something, generously."""
    end = time.monotonic() + LIMIT_S
    while not holds():
        assert time.monotonic() < end, f"{what}: it does not"
        PAUSE.wait(0.3)
    say(what)


def key(*names: str) -> None:
    """Keys on the cashier's keyboard."""
    run("env", f"DISPLAY={DISPLAY}", "xdotool", "key", "--delay", "300", *names)


# ── the station ─────────────────────────────────────────────────────────────────────────────────────────────────────


def as_till(*words: str) -> str:
    """A command of the till's user."""
    return run("setpriv", "--reuid", "till", "--regid", "till", "--init-groups", "env", f"HOME={HOME}", *words)


def facts(kind: str) -> list[dict[str, Any]]:
    """Facts of a kind in the books, oldest first; none while the books are being made."""
    if not (DATA / "journal.db").exists():
        return []
    listed = [json.loads(line) for line in as_till("pos-client", "journal", "list", BOOK, "--json").splitlines()]
    return [each["fact"] for each in listed if each["kind"] == kind]


BOOK = str(DATA / "journal.db")


def verified() -> None:
    """The books' chain holds."""
    as_till("pos-client", "journal", "verify", BOOK)


def started(times: int, what: str) -> None:
    """It has opened its books so many times, and its pumps answer."""
    until(lambda: len(facts("TerminalStarted")) == times, what)
    until(till, "its process is there")
    PAUSE.wait(5)  # the window takes keys when it is painted; nothing outside can see that


def dart() -> dict[str, Any]:
    """The sandbox's line: where the till finds it, and where its control is."""
    lines = json.loads((LENT / "addresses.json").read_text(encoding="utf-8").splitlines()[0])
    return next(line for line in lines if line["name"] == "dart-1")


def pump(point: int, verb: str, **body: object) -> None:
    """The driver's hands."""
    ask = f"{dart()['control']}/control/points/{point}/{verb}"
    urllib.request.urlopen(urllib.request.Request(ask, json.dumps(body).encode(), method="POST"), timeout=20).close()


def shown(point: int) -> dict[str, Any]:
    """The pump as a person sees it."""
    with urllib.request.urlopen(f"{dart()['control']}/control/points", timeout=20) as answer:
        return next(each for each in json.load(answer) if each["point"] == point)


def poured(point: int) -> int:
    """Millilitres of this delivery."""
    return int(shown(point)["volume_ml"])


def lift(point: int) -> None:
    """Lift a nozzle and permit it: F5 is pressed until the pump has heard of it."""
    pump(point, "lift", nozzle=1)

    def permitted() -> bool:
        key("F5")
        return shown(point)["status"] in PERMITTED

    until(permitted, f"pump {point} is permitted")


def sell(point: int, millilitres: int) -> None:
    """A whole fuelling."""
    lift(point)
    pump(point, "flow", volume_ml=millilitres, litres_a_minute=200)
    until(lambda: poured(point) == millilitres, "it is fuelled")
    pump(point, "hang")
    until(lambda: facts("FuellingCompleted"), "the fuelling is in the books")


PERMITTED = frozenset({"authorised", "filling", "suspended"})
"""What the pump itself calls it."""
SETTINGS = """
[station]
station = "CHXD018"
name = "Cửa hàng số 18"
[screen]
kiosk = true
[[grades]]
code = "E10-95-III"
name = "E10 RON 95-III"
unit_price = 27080
[[grades]]
code = "E5-92-II"
name = "E5 RON 92-II"
unit_price = 25790
[[lines]]
name = "dart-1"
protocol = "dart"
port = "{port}"
[[lines.points]]
point = 1
address = 80
nozzles = ["E10-95-III", "E5-92-II"]
[[lines.points]]
point = 2
address = 81
nozzles = ["E10-95-III", "E5-92-II"]
"""
SCREEN = f"""
[Unit]
PartOf=station.target
[Service]
ExecStart=/usr/bin/Xvfb {DISPLAY} -screen 0 1366x768x24 -nolisten tcp
ExecStartPost=/bin/sh -c 'until [ -e /tmp/.X11-unix/X{DISPLAY[1:]} ]; do sleep 0.2; done'
ExecStartPost=/bin/systemctl --user set-environment DISPLAY={DISPLAY}
ExecStartPost=/bin/sh -c 'openbox --sm-disable --config-file /usr/share/pos-client/openbox.xml &'
Environment=DISPLAY={DISPLAY}
"""
SESSION = """
[Unit]
Description=stands for a desktop's session
Requires=screen.service
After=screen.service
BindsTo=graphical-session.target
Before=graphical-session.target
"""

if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
