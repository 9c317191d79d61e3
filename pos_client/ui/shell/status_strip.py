"""The dark strip on top: who sells where, what is alive, what waits to be sent, what time it is. Always in sight."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_client.ui import figures
from pos_client.ui.parts.painted import Painted
from pos_client.ui.shell.view_model import Light, StripView
from pos_client.ui.style import MEDIUM, SEMIBOLD, Style
from pos_client.ui.tone import Tone

RIGHT = Qt.AlignmentFlag.AlignRight
QUIET = frozenset({Tone.DONE, Tone.NEUTRAL})


class StatusStrip(Painted[StripView]):
    """Drawn from the right: clock, queue, lights; the place takes what is left, as many of its parts as fit whole."""

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(style, StripView("", (), Light("", Tone.NEUTRAL), ""), parent)
        self.setObjectName("status-strip")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Full width, 44 px."""
        return QSize(400, self.look.px(44))

    def show_view(self, view: StripView) -> bool:
        """Take a view and say it aloud for screen readers."""
        changed = super().show_view(view)
        if changed:
            lights = (*view.lights, view.queue)
            self.setAccessibleName(" · ".join(light.text for light in lights if light.text))
            self.setToolTip(view.place)
        return changed

    def paintEvent(self, event: QPaintEvent) -> None:
        """Right to left, so that what matters never falls off."""
        del event
        look, view, painter = self.look, self.view, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), look.colour("strip"))
        edge, gap, step = look.space("wide"), look.space("far"), "body"
        row = QRectF(self.rect()).adjusted(edge, 0, -edge, 0)
        said = [view.clock, view.queue.text, *(light.text for light in view.lights)]
        widest = sum(figures.width(text, look.font(step, SEMIBOLD)) + gap + look.px(17) for text in said)
        if widest > row.width():
            gap, step = look.space("apart"), "small"
        strong, body = look.font(step, SEMIBOLD), look.font(step, MEDIUM)
        if view.clock:
            row.setRight(row.right() - figures.draw(painter, row, view.clock, strong, self._ink(), RIGHT) - gap)
        if view.queue.text:
            font = strong if view.queue.tone not in QUIET else body
            ink = look.colour("strip_soft") if view.queue.tone in QUIET else look.colour(f"strip_{view.queue.tone}")
            row.setRight(row.right() - figures.draw(painter, row, view.queue.text, font, ink, RIGHT) - gap)
        for light in reversed(view.lights):
            row.setRight(row.right() - self._light(painter, row, light, step) - gap)
        figures.line(painter, row, figures.whole_parts(view.place, strong, row.width()), strong, self._ink())

    def _ink(self) -> QColor:
        return self.look.colour("strip_ink")

    def _light(self, painter: QPainter, row: QRectF, light: Light, step: str) -> float:
        look, dot = self.look, self.look.px(9)
        colour = look.colour(f"strip_{light.tone.value}")
        calm = light.tone in QUIET
        ink = self._ink() if calm else colour
        used = figures.draw(painter, row, light.text, look.font(step, MEDIUM if calm else SEMIBOLD), ink, RIGHT)
        mark = QRectF(row.right() - used - dot - look.px(8), row.center().y() - dot / 2, dot, dot)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        if calm:
            painter.drawEllipse(mark)
        else:
            painter.drawRect(mark)
        return used + dot + look.px(8)
