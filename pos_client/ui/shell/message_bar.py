"""The message bar: what happened, what it means for points and money, the key to press. Its room is always kept, so
nothing jumps when it speaks."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_client.ui import figures
from pos_client.ui.parts import prose, shapes
from pos_client.ui.parts.painted import Painted, box
from pos_client.ui.shell.view_model import MessageView
from pos_client.ui.style import MEDIUM, REGULAR, SEMIBOLD, Style
from pos_client.ui.tone import Shape, Tone


class MessageBar(Painted[MessageView]):
    """Touching it says "read", like Enter."""

    pressed = Signal()

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(style, MessageView(Tone.NEUTRAL, Shape.RING, ""), parent)
        self.setObjectName("message-bar")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Three lines."""
        return QSize(400, self.look.px(104))

    def show_view(self, view: MessageView) -> bool:
        """Take a view; its words are the accessible name."""
        changed = super().show_view(view)
        if changed:
            self.setAccessibleName(" ".join(part for part in (view.what, view.means, view.key) if part))
        return changed

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Read."""
        if self.rect().contains(event.position().toPoint()):
            self.pressed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Sign, the three parts; the key on the right where the eye ends."""
        del event
        look, view, painter = self.look, self.view, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        quiet = view.tone is Tone.NEUTRAL
        area = QRectF(self.rect())
        ground = look.colour("panel") if quiet else look.tone(view.tone, "fill")
        box(painter, area, ground, look.tone(view.tone, "line"), look.corner, 1.0 if quiet else 2.0)
        ink = look.colour("soft") if quiet else look.tone(view.tone, "ink")
        sign = look.px(20)
        pad, above = look.space("wide"), look.space("apart")
        mark = QRectF(area.left() + pad, area.top() + above + look.space("hair"), sign, sign)
        shapes.draw(painter, mark, view.shape, ink)
        text = area.adjusted(2 * pad + sign, above - look.space("hair"), -pad, -look.space("near"))
        title = QRectF(text.left(), text.top(), text.width(), look.px(26))
        title_ink = look.colour("ink") if quiet else ink
        what_font, key_font = look.font("strong", MEDIUM if quiet else SEMIBOLD), look.font("body", SEMIBOLD)
        key_wide, accent = figures.line_width(view.key, key_font) + 1, look.colour("accent")
        beside = key_wide + look.px(24) + figures.line_width(view.what, what_font) <= title.width()
        if view.key and beside:
            key = QRectF(text.right() - key_wide, title.top(), key_wide, title.height())
            figures.line(painter, key, view.key, key_font, accent, Qt.AlignmentFlag.AlignRight)
            title.setRight(key.left() - look.px(14))
        figures.draw(painter, title, view.what, what_font, title_ink)
        foot = text.bottom() if beside or not view.key else text.bottom() - look.px(21)
        room = QRectF(text.left(), title.bottom() + look.px(1), text.width(), foot - title.bottom())
        prose.draw(painter, room, view.means, look.font("body", REGULAR), look.colour("soft" if quiet else "ink"))
        if view.key and not beside:
            row = QRectF(text.left(), foot, text.width(), look.px(21))
            figures.line(painter, row, view.key, key_font, accent)
