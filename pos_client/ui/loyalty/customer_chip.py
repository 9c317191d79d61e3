"""The customer chip: who is at the counter, masked, and what his points are."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_client.ui import figures
from pos_client.ui.loyalty.chip_view import SEPARATOR, ChipView
from pos_client.ui.parts import prose
from pos_client.ui.parts.key_button import KeyButton
from pos_client.ui.parts.painted import Painted, box
from pos_client.ui.style import BOLD, MEDIUM, REGULAR, SEMIBOLD, Style
from pos_client.ui.tone import Tone

RIGHT = Qt.AlignmentFlag.AlignRight


class CustomerChip(Painted[ChipView]):
    """`key_pressed` for the key on it: F2 when empty, Del (not this customer) when not."""

    key_pressed = Signal()

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(style, ChipView(), parent)
        self.setObjectName("customer-chip")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.key = KeyButton(style, parent=self)
        self.key.hide()
        self.key.clicked.connect(self.key_pressed)

    def sizeHint(self) -> QSize:
        """Two lines and air."""
        return QSize(300, self.look.px(86))

    def show_view(self, view: ChipView) -> bool:
        """Take a view."""
        changed = super().show_view(view)
        if changed:
            self.key.setVisible(bool(view.key))
            self.key.show_key(view.key, "" if view.initials else view.key_label, enabled=bool(view.key))
            self.setAccessibleName(" ".join(p for p in (view.title, view.detail, view.figure) if p))
            self.setToolTip(" · ".join(p for p in (view.title, view.detail) if p))
            self._place_key()
        return changed

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the key on the right."""
        super().resizeEvent(event)
        self._place_key()

    def _place_key(self) -> None:
        size = self.key.sizeHint()
        pad = self.look.space("apart")
        self.key.setGeometry(
            self.width() - size.width() - pad, (self.height() - size.height()) // 2, size.width(), size.height()
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """Mark, name, points; each side elides for itself."""
        del event
        look, view, painter = self.look, self.view, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect())
        box(painter, area, look.colour("panel"), look.colour("line"), look.corner)
        pad = look.space("wide")
        right_edge = self.key.x() if not self.key.isHidden() else area.width()
        text = QRectF(pad, look.px(13), right_edge - look.px(14) - pad, area.height() - look.px(24))
        if view.initials and not look.compact:
            round_mark = QRectF(text.left(), area.center().y() - look.px(21), look.px(42), look.px(42))
            box(painter, round_mark, look.tone(view.tone, "solid"), None, round_mark.width() / 2)
            ink = look.tone(view.tone, "on_solid")
            figures.line(
                painter, round_mark, view.initials, look.font("strong", BOLD), ink, Qt.AlignmentFlag.AlignHCenter
            )
            text.setLeft(round_mark.right() + look.px(14))
        strong, title, small = look.font("strong", BOLD), look.font("strong", SEMIBOLD), look.font("small", REGULAR)
        note_font = look.font("small", MEDIUM)
        wide = max(figures.width(view.figure, strong), figures.width(view.figure_note, note_font))
        right = QRectF(text.right() - wide - 1, text.top(), wide + 1, text.height())
        upper, row = look.px(26), QRectF(right)
        row.setHeight(upper)
        figures.draw(painter, row, view.figure, strong, look.colour("ink"), RIGHT)
        row.translate(0, upper + look.px(1))
        row.setHeight(look.px(20))
        note_ink = look.colour("soft") if view.note_tone is Tone.NEUTRAL else look.tone(view.note_tone, "ink")
        figures.draw(painter, row, view.figure_note, note_font, note_ink, RIGHT)
        if view.figure:
            text.setRight(right.left() - look.px(14))
        row = QRectF(text.left(), text.top(), text.width(), upper)
        figures.line(painter, row, view.title, title, look.colour("ink"))
        room = QRectF(text.left(), row.bottom(), text.width(), look.px(38))
        said = view.detail.split(SEPARATOR)
        while len(said) > 1 and prose.height(SEPARATOR.join(said), small, room.width()) > room.height():
            said.pop()
        prose.draw(painter, room, SEPARATOR.join(said), small, look.colour("soft"))
