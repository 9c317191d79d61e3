"""A QR code drawn by us from its matrix. The library that makes the matrix is imported when the first code is shown,
not at start."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_client.ui import figures, style
from pos_client.ui.parts.painted import Painted
from pos_client.ui.style import REGULAR, SEMIBOLD

QUIET_ZONE = 4
"""Modules of white around the code (ISO/IEC 18004)."""


@lru_cache(maxsize=4)
def matrix(text: str) -> tuple[tuple[bool, ...], ...]:
    """The modules of the QR code of `text`, error correction M, without the quiet zone."""
    import qrcode

    code = qrcode.QRCode(border=0, error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(text)
    code.make(fit=True)
    return tuple(tuple(bool(module) for module in row) for row in code.get_matrix())


class QrCode(Painted[tuple[str, str, str]]):
    """(text of the code, caption, note). Black on white in both themes, because scanners want it so."""

    def __init__(self, look: style.Style, parent: QWidget | None = None) -> None:
        super().__init__(look, ("", "", ""), parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        """Fills the right side."""
        return QSize(self.look.px(420), self.look.px(500))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Whole pixels a module, so that edges are sharp."""
        del event
        text, caption, note = self.view
        if not text:
            return
        look, painter = self.look, QPainter(self)
        modules = matrix(text)
        count = len(modules) + 2 * QUIET_ZONE
        module = max(2, min(look.px(360), self.width() - look.px(60), self.height() - look.px(130)) // count)
        side = module * count
        left, top = (self.width() - side) // 2, (self.height() - side - look.px(76)) // 2
        painter.fillRect(left, top, side, side, Qt.GlobalColor.white)
        for y, row in enumerate(modules):
            for x, dark in enumerate(row):
                if dark:
                    at = (left + (x + QUIET_ZONE) * module, top + (y + QUIET_ZONE) * module)
                    painter.fillRect(*at, module, module, Qt.GlobalColor.black)
        line = QRectF(0, top + side + look.px(16), self.width(), look.px(30))
        centre = Qt.AlignmentFlag.AlignHCenter
        figures.line(painter, line, caption, look.font("customer_body", SEMIBOLD), look.colour("ink"), centre)
        line.translate(0, look.px(31))
        figures.line(painter, line, note, look.font("customer_small", REGULAR), look.colour("soft"), centre)
