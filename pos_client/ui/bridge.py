"""The one crossing between the terminal and the screens: commands go to the inbox, snapshots come as a signal.

The terminal's thread publishes after every message, at times hundreds a second; a screen needs only the newest. So a
snapshot is put in a slot of one, and the GUI thread is woken once, however many were published meanwhile.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal

from pos_client.services.snapshots import TerminalSnapshot


class Bridge(QObject):
    """`snapshot_changed(TerminalSnapshot)` is emitted in the thread the bridge was made in: the GUI's."""

    snapshot_changed = Signal(object)
    _wake = Signal()

    def __init__(self, post: Callable[[object], None]) -> None:
        super().__init__()
        self._post = post
        self._lock = threading.Lock()
        self._newest: TerminalSnapshot | None = None
        self._woken = False
        self._wake.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def publish(self, snapshot: TerminalSnapshot) -> None:
        """Take a newer snapshot; callable from any thread, never blocks on the screens."""
        with self._lock:
            self._newest = snapshot
            if self._woken:
                return
            self._woken = True
        self._wake.emit()

    def send(self, command: object) -> None:
        """Hand a person's command to the terminal. Nothing is answered here: a snapshot follows."""
        self._post(command)

    def _deliver(self) -> None:
        with self._lock:
            snapshot, self._newest, self._woken = self._newest, None, False
        if snapshot is not None:
            self.snapshot_changed.emit(snapshot)
