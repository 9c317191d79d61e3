"""Messages of the window system, before Qt makes key events of them: some are a keypad's, and no window's to see."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray

Takes = Callable[[int], bool]
"""Given a message's address: whether nobody else is to see it."""


class NativeKeys(QAbstractNativeEventFilter):
    """Hands each to `takes`. Install it in the application, and keep it: Qt does not."""

    def __init__(self, takes: Takes) -> None:
        super().__init__()
        self._takes = takes

    def nativeEventFilter(self, kind: QByteArray | bytes | bytearray | memoryview, message: int) -> tuple[bool, int]:
        """Of Windows alone."""
        name = bytes(kind.data() if isinstance(kind, QByteArray) else kind)
        return name.startswith(b"windows_") and self._takes(int(message)), 0
