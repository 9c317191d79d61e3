"""One finding of the port doctor: what speaks there, how sure that is, and the key that takes it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from pos_client.ui import figures
from pos_client.ui.parts.painted import Painted, box
from pos_client.ui.style import MEDIUM, REGULAR, SEMIBOLD, Style
from pos_client.ui.technician.ports_view import FindingView
from pos_client.ui.tone import Tone


class Gauge(Painted[tuple[int, Tone]]):
    """A share of a hundred as a bar; never without its figure beside it."""

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(style, (0, Tone.PROGRESS), parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """A thin bar."""
        return QSize(120, self.look.px(12))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, and the part that is done."""
        del event
        look, (percent, tone), painter = self.look, self.view, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = QRectF(self.rect())
        box(painter, whole, look.colour("sunken"), look.colour("edge"), whole.height() / 2)
        if percent > 0:
            done = QRectF(whole)
            done.setWidth(max(whole.height(), whole.width() * min(100, percent) / 100))
            box(painter, done, look.tone(tone, "line"), None, whole.height() / 2)


class FindingText(Painted[FindingView]):
    """Three lines of words."""

    def __init__(self, style: Style, view: FindingView, parent: QWidget | None = None) -> None:
        super().__init__(style, view, parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip(view.frames)

    def sizeHint(self) -> QSize:
        """Title, addresses, how sure."""
        return QSize(260, self.look.px(74))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Title large, then where, then how sure with its frames."""
        del event
        look, view, painter = self.look, self.view, QPainter(self)
        room = QRectF(0, 0, self.width(), look.px(26))
        figures.line(painter, room, view.title, look.font("strong", SEMIBOLD), look.colour("ink"))
        room.translate(0, look.px(26))
        figures.line(painter, room, view.addresses, look.font("body", MEDIUM), look.colour("ink"))
        room.translate(0, look.px(24))
        used = figures.line(painter, room, view.sure, look.font("small", SEMIBOLD), look.tone(view.tone, "ink"))
        room.setLeft(used + look.px(14))
        figures.line(painter, room, view.frames, look.font("small", REGULAR), look.colour("soft"))


class FindingCard(QFrame):
    """`accepted` when its key is touched."""

    accepted = Signal()

    def __init__(self, style: Style, view: FindingView, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", True)
        self.setAccessibleName(f"{view.title}, {view.addresses}, {view.sure}")
        gauge = Gauge(style, self)
        gauge.show_view((view.percent, view.tone))
        words = QVBoxLayout()
        style.lay(words, "near")
        words.addWidget(FindingText(style, view, self))
        words.addWidget(gauge)
        row = QHBoxLayout(self)
        style.lay(row, "wide", ("wide", "apart"))
        row.addLayout(words, 1)
        if view.accept:
            key = QPushButton(view.accept, self)
            key.setObjectName(f"accept-{number}")
            if number == 0:
                key.setProperty("kind", "primary")
            key.clicked.connect(self.accepted)
            row.addWidget(key)
