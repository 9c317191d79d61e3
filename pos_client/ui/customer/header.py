"""The customer screen's head: which pump this is about, what time it is, and the language."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_client.ui import figures
from pos_client.ui.parts.painted import Painted, box
from pos_client.ui.style import BOLD, REGULAR, SEMIBOLD, Style
from pos_client.ui.tone import Tone

RIGHT = Qt.AlignmentFlag.AlignRight
HeaderView = tuple[str, str, str, str, str]
"""(place, detail, clock, chosen language, the offer of guides)"""


class Header(Painted[HeaderView]):
    """`language_chosen(code)` when a language is touched, `guides_wanted()` when the offer of guides is. Upright, the
    place has a line of its own below."""

    language_chosen = Signal(str)
    guides_wanted = Signal()

    def __init__(self, style: Style, languages: tuple[tuple[str, str], ...], parent: QWidget | None = None) -> None:
        super().__init__(style, ("", "", "", "", ""), parent)
        self._languages = languages
        self.setObjectName("customer-header")
        self._rects: list[tuple[QRectF, str]] = []
        self._offer = QRectF()
        self._upright = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Full width, 64 px; 112 px in two lines."""
        return QSize(400, self.look.px(112 if self._upright else 64))

    def set_upright(self, upright: bool) -> None:
        """One line, or two."""
        if upright != self._upright:
            self._upright = upright
            self.updateGeometry()
            self.update()

    @property
    def guides_rect(self) -> QRectF:
        """Where the offer of guides is touched; empty before the first paint and while there is none."""
        return self._offer

    def language_rect(self, code: str) -> QRectF:
        """Where a language is touched, full height. Raises `KeyError` before the first paint or for another one."""
        for rect, language in self._rects:
            if language == code:
                return rect
        raise KeyError(code)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A touched language, or the offer."""
        if self._offer.contains(event.position()):
            self.guides_wanted.emit()
        code = next((c for rect, c in self._rects if rect.contains(event.position())), None)
        if code is not None:
            self.language_chosen.emit(code)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Place left, or below; languages, offer and clock right."""
        del event
        look, painter = self.look, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        place, detail, clock, chosen, offer = self.view
        painter.fillRect(self.rect(), look.colour("panel"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, look.colour("line"))
        row = QRectF(self.rect()).adjusted(look.space("vast"), 0, -look.space("far"), 0)
        below = QRectF(row)
        if self._upright:
            row.setHeight(look.px(64))
            below.setTop(row.bottom() - look.px(8))
            below.setBottom(self.height() - look.px(10))
        self._right(painter, row, clock, chosen, offer)
        if not self._upright:
            below = row
        used = figures.line(painter, below, place, look.font("customer_body", BOLD), look.colour("ink"))
        below.setLeft(below.left() + used + look.px(14))
        figures.line(painter, below, detail, look.font("customer_body", REGULAR), look.colour("soft"))

    def _right(self, painter: QPainter, row: QRectF, clock: str, chosen: str, offer: str) -> None:
        """From the right edge; `row` loses what is used."""
        look, pad = self.look, self.look.space("apart")
        used = figures.draw(painter, row, clock, look.font("customer_body", SEMIBOLD), look.colour("ink"), RIGHT)
        row.setRight(row.right() - used - look.px(24))
        self._rects.clear()
        for code, name in reversed(self._languages):
            on = code == chosen
            font = look.font("customer_small", SEMIBOLD if on else REGULAR)
            used = figures.line(painter, row, name, font, look.colour("accent" if on else "soft"), RIGHT)
            self._rects.append((QRectF(row.right() - used - pad, 0, used + 2 * pad, row.height()), code))
            row.setRight(row.right() - used - look.px(24))
        self._offer = QRectF()
        if offer:
            font = look.font("customer_small", SEMIBOLD)
            wide = figures.line_width(offer, font) + 2 * pad + look.px(8)
            key = QRectF(row.right() - wide, look.px(10), wide, look.px(44))
            if self._upright:
                key.moveLeft(row.left())
            box(painter, key, look.tone(Tone.PROGRESS, "fill"), look.colour("accent"), look.corner)
            figures.line(painter, key, offer, font, look.colour("accent"), Qt.AlignmentFlag.AlignHCenter)
            self._offer = QRectF(key.left(), 0, wide, row.height())
            row.setRight(key.left() - look.px(24))
