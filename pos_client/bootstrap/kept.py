"""The program's side of its keeper: signs of life on standard output, and the end between shifts for a new version."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress

from PySide6.QtCore import QObject, QSocketNotifier, QTimer, Signal
from PySide6.QtWidgets import QApplication

from pos_client.bootstrap.ending import END, SIGNALS
from pos_client.bootstrap.windowed import Windowed
from pos_client.domain.keeping import EXIT_CLOSED, EXIT_EXCHANGE
from pos_client.services.snapshots import TerminalSnapshot
from pos_client.services.standstill import stands_still

SIGN = b"alive\n"
"""The first one says that the windows are painted and the books are open."""
BEAT_MS = 2000
STILL_BEATS = 3
"""So many beats in a row nothing must be under way before the program ends for its exchange."""


class SignsOfLife(QObject):
    """Beats on the windows' own thread, and only while pictures come from the terminal's: a program of which either
    stands still falls silent."""

    def __init__(
        self, app: QApplication, picture: Callable[[], TerminalSnapshot | None], exchange_waits: Callable[[], bool]
    ) -> None:
        super().__init__(app)
        self._app = app
        self._picture, self._exchange_waits = picture, exchange_waits
        self._seen_ms = -1
        self._still = 0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._beat)
        self._timer.start(BEAT_MS)

    def _beat(self) -> None:
        picture = self._picture()
        if picture is None or picture.ticks_ms == self._seen_ms:
            return
        self._seen_ms = picture.ticks_ms
        with suppress(OSError):  # the keeper is gone: the sale goes on without it
            os.write(sys.__stdout__.fileno() if sys.__stdout__ else 1, SIGN)
        self._still = self._still + 1 if stands_still(picture) and self._exchange_waits() else 0
        if self._still >= STILL_BEATS:
            self._app.exit(EXIT_EXCHANGE)


class EndsWhenTold(QObject):
    """A signal of `SIGNALS` ends the program, and nobody is asked: threads are joined, books closed; pumps are left as
    they are, and the next start reads what they delivered."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._ours, theirs = socket.socketpair()
        for end in (self._ours, theirs):
            end.setblocking(False)
        self._theirs = theirs
        self._before = signal.set_wakeup_fd(theirs.fileno())
        for number in SIGNALS:
            signal.signal(number, lambda *_: None)
        self._notifier = QSocketNotifier(self._ours.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._told)
        self._app = app

    def _told(self) -> None:
        with suppress(BlockingIOError):
            self._ours.recv(64)
        self._app.exit(EXIT_CLOSED)  # `quit` would ask the windows first


class HearsKeeper(QObject):
    """Listens on standard input for the keeper's word to end. That it falls silent (the keeper is gone) ends nothing:
    the sale goes on without it."""

    told = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self.told.connect(lambda: app.exit(EXIT_CLOSED))
        source = sys.__stdin__.fileno() if sys.__stdin__ else 0
        threading.Thread(target=self._read, args=(source,), name="keeper", daemon=True).start()

    def _read(self, source: int) -> None:
        """Unbuffered: a buffer's lock would be held when the interpreter ends."""
        with suppress(OSError, RuntimeError):  # no input there is; the program has ended meanwhile
            while heard := os.read(source, 64):
                if END in heard:
                    self.told.emit()


def watched(app: QApplication, windowed: Windowed, kept: str | None) -> None:
    """Ends in order, however the program is told to; `kept`: by a keeper, which is shown that it lives."""
    EndsWhenTold(app)
    app.aboutToQuit.connect(windowed.stop)  # Windows kills at the end of the session, before `exec` comes back
    if kept:
        HearsKeeper(app)
        waits = (lambda: False) if kept == "only" else windowed.exchange_waits
        SignsOfLife(app, lambda: windowed.snapshot, waits)
