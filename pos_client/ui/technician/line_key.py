"""A line in the technician's list: name, live light in a word and a shape, touchable."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from pos_client.ui import figures
from pos_client.ui.parts import shapes
from pos_client.ui.parts.painted import box, key_ground
from pos_client.ui.style import REGULAR, SEMIBOLD, Style
from pos_client.ui.technician.view_model import LineLight
from pos_client.ui.tone import Shape, Tone

_SHAPES = {
    Tone.DONE: Shape.TICK,
    Tone.PROGRESS: Shape.DOTS,
    Tone.UNKNOWN: Shape.QUESTION,
    Tone.DANGER: Shape.CROSS,
    Tone.NEUTRAL: Shape.RING,
    Tone.ATTENTION: Shape.BELL,
}


class LineKey(QAbstractButton):
    """One line."""

    def __init__(self, style: Style, light: LineLight, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look, self.light = style, light
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_light(light)

    def sizeHint(self) -> QSize:
        """Two lines."""
        return QSize(self.look.px(200), self.look.px(60))

    def show_light(self, light: LineLight) -> None:
        """Take a light."""
        self.setAccessibleName(f"{light.name}: {light.state}")
        self.setToolTip(light.state)
        if light != self.light:
            self.light = light
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Sign, name, state."""
        del event
        look, light, painter = self.look, self.light, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        held = self.isDown() or self.underMouse()
        ground = look.tone(Tone.PROGRESS, "fill") if self.isChecked() and not held else key_ground(self, look, "panel")
        edge = look.colour("accent" if self.isChecked() else "line")
        box(painter, QRectF(self.rect()), ground, edge, look.key_corner, 2.0 if self.isChecked() else 1.0)
        if self.hasFocus():
            inside = look.space("tight")
            ring = QRectF(self.rect()).adjusted(inside, inside, -inside, -inside)
            box(painter, ring, None, look.colour("accent"), look.key_corner, 2.0)
        ink = look.tone(light.tone, "ink")
        sign = look.px(18)
        shapes.draw(painter, QRectF(look.px(12), (self.height() - sign) / 2, sign, sign), _SHAPES[light.tone], ink)
        text = QRectF(look.px(42), look.px(8), self.width() - look.px(52), look.px(22))
        figures.line(painter, text, light.name, look.font("body", SEMIBOLD), look.colour("ink"))
        text.translate(0, look.px(22))
        figures.line(painter, text, light.state, look.font("small", REGULAR), ink)
