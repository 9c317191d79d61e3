"""The customer screen's head: which pump this is about, what time it is, and the language."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_client.ui import figures
from pos_client.ui.parts.painted import Painted
from pos_client.ui.style import BOLD, REGULAR, SEMIBOLD, Style

RIGHT = Qt.AlignmentFlag.AlignRight
HeaderView = tuple[str, str, str, str]
"""(place, detail, clock, chosen language)"""


class Header(Painted[HeaderView]):
    """`language_chosen(code)` when a language is touched."""

    language_chosen = Signal(str)

    def __init__(self, style: Style, languages: tuple[tuple[str, str], ...], parent: QWidget | None = None) -> None:
        super().__init__(style, ("", "", "", ""), parent)
        self._languages = languages
        self.setObjectName("customer-header")
        self._rects: list[tuple[QRectF, str]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Full width, 64 px."""
        return QSize(400, self.look.px(64))

    def language_rect(self, code: str) -> QRectF:
        """Where a language is touched, full height. Raises `KeyError` before the first paint or for another one."""
        for rect, language in self._rects:
            if language == code:
                return rect
        raise KeyError(code)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A touched language."""
        code = next((c for rect, c in self._rects if rect.contains(event.position())), None)
        if code is not None:
            self.language_chosen.emit(code)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Place left; languages and clock right."""
        del event
        look, painter = self.look, QPainter(self)
        place, detail, clock, chosen = self.view
        painter.fillRect(self.rect(), look.colour("panel"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, look.colour("line"))
        row = QRectF(self.rect()).adjusted(look.px(36), 0, -look.px(26), 0)
        body = look.font("customer_small", REGULAR)
        used = figures.draw(painter, row, clock, look.font("customer_body", SEMIBOLD), look.colour("ink"), RIGHT)
        row.setRight(row.right() - used - look.px(24))
        self._rects.clear()
        for code, name in reversed(self._languages):
            on = code == chosen
            font = look.font("customer_small", SEMIBOLD) if on else body
            used = figures.line(painter, row, name, font, look.colour("accent" if on else "soft"), RIGHT)
            pad = look.px(10)
            self._rects.append((QRectF(row.right() - used - pad, 0, used + 2 * pad, self.height()), code))
            row.setRight(row.right() - used - look.px(24))
        used = figures.line(painter, row, place, look.font("customer_body", BOLD), look.colour("ink"))
        row.setLeft(row.left() + used + look.px(14))
        figures.line(painter, row, detail, look.font("customer_body", REGULAR), look.colour("soft"))
