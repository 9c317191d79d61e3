"""Every state of help that a person should have looked at, by name: how to bring the cashier's window there."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from pos_client.ui.help.topics import Topic
from pos_client.ui.more.steps import Ask, Step
from pos_client.ui.shell.main_window import CashierWindow
from pos_client.ui.shift.keys import Tab
from tests.ui import sample as x

Scene = Callable[[CashierWindow], None]


def _help(window: CashierWindow, typed: str = "") -> None:
    QTest.keyClick(window, Qt.Key.Key_F1)
    for char in typed:
        window.help.character(char, x.NOW)
        window.help.waited(x.NOW + 10_000)


def _home(window: CashierWindow) -> None:
    window.show_snapshot(x.terminal())
    _help(window)


def _points(window: CashierWindow) -> None:
    window.show_snapshot(x.selling(points_panel=x.PANELS["waiting"]))
    _help(window)


def _more(window: CashierWindow) -> None:
    window.show_snapshot(x.terminal())
    window.ask(Step(Ask.MENU))
    _help(window)


def _shift(window: CashierWindow) -> None:
    window.show_snapshot(x.terminal())
    window.open_shift(Tab.QUEUE)
    _help(window)


def _found(window: CashierWindow) -> None:
    window.show_snapshot(x.terminal())
    _help(window, "may in")


def _guide(window: CashierWindow) -> None:
    window.show_snapshot(x.terminal())
    _help(window)
    window.help.page.chosen.emit(Topic.GUIDE_DRIVER)


def _nothing(window: CashierWindow) -> None:
    window.show_snapshot(x.terminal())
    _help(window, "xyzzy")


def _technician(window: CashierWindow) -> None:
    window.show_snapshot(x.terminal())
    window.toggle_technician()
    _help(window)


HELP: dict[str, Scene] = {
    "home": _home,
    "points": _points,
    "more": _more,
    "queue": _shift,
    "found": _found,
    "guide": _guide,
    "nothing": _nothing,
    "technician": _technician,
}
