"""Nobody ends the till by accident: closing a window asks in the strip, and only its answer ends the program.

Closing a window (Alt+F4, its frame, the task bar) is a wish of whoever is at the desk. An end that comes from outside
(SIGTERM, the keeper, the system shutting down) never passes here: it leaves the event loop, no window is asked.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QWidget

from pos_client.services.snapshots import TerminalSnapshot
from pos_client.ui.bridge import Bridge
from pos_client.ui.more.steps import Ask, Step
from pos_client.ui.shell.main_window import CashierWindow

SILENT_MS = 10_000
"""A terminal that has sent no picture for so long does not answer: its windows close without it."""


class ClosingGuard(QObject):
    """Watches both windows. `ended` is emitted once, when somebody has closed the till and may.

    The customer's window stays where it is: who closes it alone is asked at the cashier's.
    """

    ended = Signal()

    def __init__(
        self, cashier: CashierWindow, customer: QWidget, bridge: Bridge, clock_ticks: Callable[[], int]
    ) -> None:
        super().__init__(cashier)
        self._cashier, self._windows, self._clock = cashier, (cashier, customer), clock_ticks
        self._heard_ms = clock_ticks()
        self._open = False
        bridge.snapshot_changed.connect(self._heard)
        for window in self._windows:
            window.installEventFilter(self)

    def open(self) -> None:
        """From now on windows close when they are told to. Who calls this ends the till himself: `ended` would leave an
        event loop that does not run, and Qt would run none after it in this process."""
        self._open = True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hold a window that is to close, and ask; a terminal that is silent is not asked."""
        if event.type() is not QEvent.Type.Close or self._open:
            return False
        if self._clock() - self._heard_ms > SILENT_MS:
            self._let_go()
            return False
        event.ignore()
        self._cashier.ask(Step(Ask.CLOSE_TILL))
        self._cashier.activateWindow()
        return True

    def _heard(self, snapshot: TerminalSnapshot) -> None:
        self._heard_ms = self._clock()
        if snapshot.let_out:
            self._let_go()

    def _let_go(self) -> None:
        if not self._open:
            self.open()
            self.ended.emit()
