"""A picture of the customer's screen beside a step of a guide."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_client.ui.parts.painted import Painted
from pos_client.ui.style import Style


class Picture(Painted[str]):
    """Draws `<folder>/<view>.png`, as large as there is room and never larger than it is sharp; "" or a missing file
    draws nothing. One picture is kept, the one that is shown."""

    def __init__(self, style: Style, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(style, "", parent)
        self._folder = folder
        self._kept = ("", QPixmap())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        """Fills the side."""
        return QSize(self.look.px(420), self.look.px(500))

    @property
    def pixmap(self) -> QPixmap:
        """The picture of the view; null where there is none."""
        if self._kept[0] != self.view:
            self._kept = (self.view, QPixmap(str(self._folder / f"{self.view}.png")))
        return self._kept[1]

    def paintEvent(self, event: QPaintEvent) -> None:
        """In the middle, with a frame."""
        del event
        if not self.view or self.pixmap.isNull():
            return
        pad = self.look.space("far")
        room = QSize(self.width() - 2 * pad, self.height() - 2 * pad)
        size = self.pixmap.size().scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
        frame = QRectF(
            (self.width() - size.width()) / 2, (self.height() - size.height()) / 2, size.width(), size.height()
        )
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(frame, self.pixmap, QRectF(self.pixmap.rect()))
        painter.setPen(self.look.colour("edge"))
        painter.drawRect(frame)
