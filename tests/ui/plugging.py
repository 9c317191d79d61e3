"""Screens that are really plugged and pulled: run as a program on an X server of its own (`xvfb-run`), whose monitors
`xrandr` makes and drops. Both real windows over the core; prints a line of JSON for each thing that happened.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable

from PySide6.QtCore import QDeadlineTimer, QEventLoop
from PySide6.QtWidgets import QApplication, QWidget

from pos_client.bootstrap.simulate.world import OK, PHONE
from pos_client.services import messages as m
from pos_client.services.snapshots import DialogueState
from pos_client.ui.application import create_application
from tests.ui.station import Station, open_station
from tests.words import RESOURCES

ROOT = ("screen", "none")
PATIENCE_MS = 20_000


def plug(name: str, wide: int, high: int, left: int, output: str = ROOT[1]) -> None:
    """A monitor appears; one that is there goes first, and comes back with another size or place."""
    if name in screens():
        pull(name)
    subprocess.run(
        ["xrandr", "--setmonitor", name, f"{wide}/300x{high}/200+{left}+0", output],
        check=True,
        stdout=subprocess.DEVNULL,
    )


def pull(name: str) -> None:
    """A monitor goes."""
    subprocess.run(["xrandr", "--delmonitor", name], check=True, stdout=subprocess.DEVNULL)
    until(lambda: name not in screens(), f"{name} is gone")


def until(true: Callable[[], bool], what: str) -> None:
    """While the windows live."""
    patience = QDeadlineTimer(PATIENCE_MS)
    while not true():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
        if patience.hasExpired():
            raise SystemExit(f"never so: {what}; screens: {screens()}")


def screens() -> list[str]:
    """Names of what is plugged in."""
    return sorted(screen.name() for screen in QApplication.screens())


def where(window: QWidget) -> tuple[str, int, int, int, int] | None:
    """Where a window is seen, on which screen; None: nowhere."""
    room = window.geometry()
    return (window.screen().name(), room.x(), room.y(), room.width(), room.height()) if window.isVisible() else None


def say(station: Station, what: str) -> None:
    """What is seen now."""
    QApplication.processEvents()
    seen = station.seen
    told = {
        "after": what,
        "cashier": where(station.cashier),
        "customer": where(station.customer),
        "screen": seen.status.customer_screen.value,
        "asks": seen.dialogue.state.value,
        "typed": seen.dialogue.secret_length,
        "notice": seen.notice.code if seen.notice is not None else "",
    }
    sys.stdout.write(f"{json.dumps(told)}\n")


def is_on(station: Station, *rect: int) -> Callable[[], bool]:
    """Whether the customer's window fills that room."""
    return lambda: station.customer.isVisible() and station.customer.geometry().getRect() == rect


def main() -> None:
    app = create_application([], RESOURCES, "day")
    app.setQuitOnLastWindowClosed(False)
    plug("CASHIER", 1366, 768, 0, ROOT[0])
    until(lambda: screens() == ["CASHIER"], "one screen")
    with open_station(preview=False) as station:
        say(station, "one screen")
        plug("CUSTOMER", 1024, 600, 1366)
        until(is_on(station, 1366, 0, 1024, 600), "the customer's window on its screen")
        say(station, "plugged")
        _secret(station)
        pull("CUSTOMER")
        until(lambda: not station.customer.isVisible(), "hidden")
        station.keypad("7")
        say(station, "pulled while a code was typed")
        plug("CUSTOMER", 600, 1024, 1366)
        until(is_on(station, 1366, 0, 600, 1024), "the window in portrait")
        say(station, "back, on its side")
        station.keypad(station.rig.code(), OK)
        say(station, "typed anew")
        plug("CUSTOMER", 800, 480, 1366)
        until(is_on(station, 1366, 0, 800, 480), "the window at another resolution")
        say(station, "another resolution")
        plug("CASHIER", 1366, 768, 800, ROOT[0])
        plug("CUSTOMER", 800, 480, 0)
        until(is_on(station, 0, 0, 800, 480), "sides swapped")
        say(station, "swapped")
        plug("CUSTOMER", 1366, 768, 800)
        until(lambda: not station.customer.isVisible(), "a mirror is the cashier's")
        say(station, "mirrored")
    app.quit()


def _secret(station: Station) -> None:
    """A sale, a customer, points, and three digits of his code."""
    station.fuel()
    station.so(m.SelectPoint(station.seen.points[0].point), m.Identify(PHONE))
    station.so(m.StartRedemption(50_000))
    if station.seen.dialogue.state is not DialogueState.SECRET:
        raise SystemExit(f"no code asked for: {station.seen.dialogue.state}")
    station.keypad("123")


if __name__ == "__main__":
    main()
