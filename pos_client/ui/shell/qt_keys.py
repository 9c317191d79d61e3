"""Qt's key codes as the cashier's keys."""

from __future__ import annotations

from PySide6.QtCore import Qt

from pos_client.ui.keys import Key

QT_KEYS: dict[int, Key] = {
    Qt.Key.Key_Space: Key.SPACE,
    Qt.Key.Key_Return: Key.ENTER,
    Qt.Key.Key_Enter: Key.ENTER,
    Qt.Key.Key_Escape: Key.ESCAPE,
    Qt.Key.Key_Delete: Key.DELETE,
    Qt.Key.Key_Backspace: Key.BACKSPACE,
    Qt.Key.Key_Pause: Key.PAUSE,
    Qt.Key.Key_Up: Key.UP,
    Qt.Key.Key_Down: Key.DOWN,
    Qt.Key.Key_PageUp: Key.PAGE_UP,
    Qt.Key.Key_PageDown: Key.PAGE_DOWN,
    Qt.Key.Key_Home: Key.HOME,
    Qt.Key.Key_End: Key.END,
    Qt.Key.Key_F1: Key.F1,
    Qt.Key.Key_F2: Key.F2,
    Qt.Key.Key_F3: Key.F3,
    Qt.Key.Key_F4: Key.F4,
    Qt.Key.Key_F5: Key.F5,
    Qt.Key.Key_F6: Key.F6,
    Qt.Key.Key_F7: Key.F7,
    Qt.Key.Key_F8: Key.F8,
    Qt.Key.Key_F9: Key.F9,
    Qt.Key.Key_F10: Key.F10,
    Qt.Key.Key_F11: Key.F11,
    Qt.Key.Key_F12: Key.F12,
}
REPEATING = frozenset({Key.UP, Key.DOWN, Key.PAGE_UP, Key.PAGE_DOWN})
"""Keys that go on while they are held; every other acts once."""
