"""A touchable key: the keyboard's cap and what it does. It never takes the focus: the shell owns the keyboard."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from pos_client.ui import figures
from pos_client.ui.parts.painted import box, key_ground
from pos_client.ui.style import MEDIUM, SEMIBOLD, Style


class KeyButton(QAbstractButton):
    """Cap and label side by side, at least 44 px high at the base scale."""

    def __init__(self, style: Style, cap: str = "", label: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = style
        self._cap, self._label, self._primary, self._stacks = cap, label, False, False
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._speak()

    def show_key(self, cap: str, label: str, *, enabled: bool, primary: bool = False) -> None:
        """Say and do something else; nothing is redrawn when nothing changed."""
        if self.isEnabled() != enabled:
            self.setEnabled(enabled)
        if (cap, label, primary) == (self._cap, self._label, self._primary):
            return
        self._cap, self._label, self._primary = cap, label, primary
        self._speak()
        self.updateGeometry()
        self.update()

    def stack(self, stacks: bool) -> None:
        """Stand the label under the cap even where one line would do: as its neighbours do."""
        if stacks != self._stacks:
            self._stacks = stacks
            self.update()

    def _speak(self) -> None:
        self.setAccessibleName(f"{self._cap} {self._label}".strip())

    def sizeHint(self) -> QSize:
        """Room for both words."""
        return QSize(max(ceil(self._one_line()), self.look.px(44)), self.look.touch())

    def _one_line(self) -> float:
        """Across, as `paintEvent` sets cap and label beside each other."""
        look = self.look
        words = [figures.line_width(self._cap, look.font("body", SEMIBOLD))] if self._cap else []
        words += [figures.line_width(self._label, look.font("body", MEDIUM))] if self._label else []
        return look.px(13) + sum(words) + look.px(8) * (len(words) - 1) + look.px(12)

    def minimumSizeHint(self) -> QSize:
        """A key shrinks by standing its label under its cap, and only then by eliding it."""
        look = self.look
        words = max(
            figures.line_width(self._cap, look.font("small", SEMIBOLD)),
            figures.line_width(self._label, look.font("small", MEDIUM)),
        )
        return QSize(max(int(words) + look.px(14), look.px(44)), self.sizeHint().height())

    def changeEvent(self, event: QEvent) -> None:
        """A new scale: ask for room anew."""
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Cap in the accent colour, label in ink; dimmed when it does nothing now."""
        del event
        look, painter = self.look, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect())
        live = self.isEnabled()
        ground = key_ground(self, look)
        ink, accent = look.colour("ink"), look.colour("accent")
        if self._primary and live:
            ground = look.colour("accent_down" if self.isDown() or self.underMouse() else "accent")
            ink = accent = look.colour("on_accent")
        elif not live:
            ink = accent = look.colour("soft")
        line = look.colour("edge" if live else "line")
        box(painter, area, ground, None if self._primary and live else line, look.key_corner)
        if self._cap and self._label and (self._stacks or self.width() < self.sizeHint().width()):
            self._stacked(painter, area, accent, ink)
            return
        left = area.left() + look.px(13)
        if self._cap:
            cap_font = look.font("body", SEMIBOLD)
            cap = QRectF(left, area.top(), area.width(), area.height())
            left += figures.line(painter, cap, self._cap, cap_font, accent) + look.px(8)
        label = QRectF(left, area.top(), area.right() - look.px(12) - left, area.height())
        figures.line(painter, label, self._label, look.font("body", MEDIUM), ink)

    def _stacked(self, painter: QPainter, area: QRectF, accent: QColor, ink: QColor) -> None:
        """Cap above label, both small, where one line has no room for both."""
        look = self.look
        row = QRectF(area.left() + look.px(7), area.top() + look.px(3), area.width() - look.px(13), look.px(19))
        centre = Qt.AlignmentFlag.AlignHCenter
        figures.line(painter, row, self._cap, look.font("small", SEMIBOLD), accent, centre)
        row.translate(0, look.px(18))
        figures.line(painter, row, self._label, look.font("small", MEDIUM), ink, centre)
