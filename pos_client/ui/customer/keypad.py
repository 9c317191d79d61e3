"""The on-screen keypad on the customer's side. A key press becomes one message and leaves nothing behind here.

The legends are painted and never change; there is no field, no echo, no property, no accessible value. While a secret
is typed no key lights up either: eyes behind the customer learn only how many. A station may have the digits shuffled
for each code, so that a finger's path tells nothing either; the order is drawn when the code is asked for, is known to
this widget alone, and is forgotten with the code. The keyboard of the cashier cannot feed it, for it listens to touch
and mouse alone.
"""

from __future__ import annotations

from collections.abc import Callable
from secrets import SystemRandom

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_client.services.messages import KeypadKey, KeypadPressed
from pos_client.ui import figures
from pos_client.ui.parts.painted import box
from pos_client.ui.style import SEMIBOLD, Style

KeyName = int | KeypadKey
Press = Callable[[KeypadPressed], None]
Shuffle = Callable[[list[int]], None]
"""Puts digits into another order, which nobody can foresee."""

ROWS: tuple[tuple[KeyName, ...], ...] = (
    (1, 2, 3),
    (4, 5, 6),
    (7, 8, 9),
    (KeypadKey.CLEAR, 0, KeypadKey.OK),
    (KeypadKey.CANCEL,),
)
CANCEL_HEIGHT_PERCENT = 62
"""The cancel key is a low bar under the others, so that nobody hits it for a digit."""
LOW_CANCEL_PERCENT = 85
"""On a screen that stands upright the pad lies below the page, and all its keys are low."""


class Keypad(QWidget):
    """Ten digits, clear, OK, cancel. Keys are at least 64 px at the base scale (9 mm and more on a customer screen)."""

    def __init__(
        self,
        style: Style,
        press: Press,
        legends: dict[KeypadKey, str],
        parent: QWidget | None = None,
        shuffle: Shuffle | None = None,
    ) -> None:
        super().__init__(parent)
        self.look = style
        self._press = press
        self._legends = dict(legends)
        self._down: KeyName | None = None
        self._discreet = False
        self._shuffle = shuffle
        self._digits = list(range(10))
        self.setObjectName("keypad")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        """Fills the right side."""
        return QSize(self.look.px(420), self.look.px(500))

    def set_discreet(self, discreet: bool) -> None:
        """While a secret is typed: no key lights up, and the digits stand in an order of this time, if so set."""
        if self._shuffle is not None and discreet is not self._discreet:
            self._digits = list(range(10))
            if discreet:
                self._shuffle(self._digits)
            self.update()
        self._discreet = discreet

    def set_legends(self, legends: dict[KeypadKey, str]) -> None:
        """Words of another language; digits are the same in all."""
        if legends != self._legends:
            self._legends = dict(legends)
            self.update()

    def press(self, key: KeyName) -> None:
        """A key was pressed: one message goes out, nothing is kept."""
        self._press(KeypadPressed(key))

    def key_rect(self, key: KeyName) -> QRectF:
        """Where a key is. Raises `KeyError` for a key the pad does not have."""
        if not isinstance(key, KeypadKey) and key not in self._digits:
            raise KeyError(key)
        place = key if isinstance(key, KeypadKey) else self._digits.index(key)
        row_number, row = next((number, row) for number, row in enumerate(ROWS) if place in row)
        return QRectF(self._rect(row_number, row.index(place), len(row)))

    def _rect(self, row: int, column: int, columns: int) -> QRect:
        low = self.width() > self.height()
        pad, gap = (self.look.px(16), self.look.px(10)) if low else (self.look.px(26), self.look.px(12))
        cancel = LOW_CANCEL_PERCENT if low else CANCEL_HEIGHT_PERCENT
        width, height = self.width() - 2 * pad, self.height() - 2 * pad
        full = (height - gap * (len(ROWS) - 1)) * 100 // ((len(ROWS) - 1) * 100 + cancel)
        high = full if row < len(ROWS) - 1 else full * cancel // 100
        wide = (width - gap * (columns - 1)) // columns
        return QRect(pad + column * (wide + gap), pad + row * (full + gap), wide, high)

    def _key_at(self, event: QMouseEvent) -> KeyName | None:
        point = event.position()
        return next((key for row in ROWS for key in row if self.key_rect(key).contains(point)), None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Finger down: the key acts now, for a customer expects that of a keypad."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        key = self._key_at(event)
        if key is None:
            return
        if not (self._discreet and isinstance(key, int)):
            self._down = key
            self.update()
        self.press(key)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Two quick presses are two presses."""
        self.mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Finger up."""
        del event
        if self._down is not None:
            self._down = None
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fixed legends on their keys."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for row in ROWS:
            for key in row:
                self._paint_key(painter, key)

    def _paint_key(self, painter: QPainter, key: KeyName) -> None:
        look, rect = self.look, self.key_rect(key)
        primary, down = key is KeypadKey.OK, key == self._down and type(key) is type(self._down)
        pressed = "accent_down" if primary else "line"
        ground = look.colour(pressed if down else "accent" if primary else "panel")
        box(painter, rect, ground, None if primary else look.colour("edge"), look.px(14))
        if isinstance(key, KeypadKey):
            legend, size = self._legends[key], look.px(26)
            ink = look.colour("on_accent") if primary else look.colour("ink")
        else:
            legend, size, ink = "0123456789"[key], look.px(42), look.colour("ink")
        while size > look.px(18) and figures.width(legend, look.font_px(size, SEMIBOLD)) > rect.width() * 0.68:
            size -= 1
        figures.draw(painter, rect, legend, look.font_px(size, SEMIBOLD), ink, Qt.AlignmentFlag.AlignHCenter)


def unforeseen() -> Shuffle:
    """The operating system's own randomness."""
    return SystemRandom().shuffle
