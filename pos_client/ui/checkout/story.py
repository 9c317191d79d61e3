"""The rest of the sale's story: tenders taken, what is due, the points formula; or the last receipt, in columns."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_client.ui import figures
from pos_client.ui.checkout.view_model import Row
from pos_client.ui.parts import prose
from pos_client.ui.parts.painted import Painted
from pos_client.ui.style import BOLD, MEDIUM, REGULAR, SEMIBOLD, Style
from pos_client.ui.tone import Tone

RIGHT = Qt.AlignmentFlag.AlignRight


class Story(Painted[tuple[Row, ...]]):
    """As many rows as fit; strong rows go first when they do not all fit, for they are what is owed."""

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(style, (), parent)
        self.setObjectName("sale-story")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        """What must be seen; the rest is what the layout leaves."""
        return self.minimumSizeHint()

    def minimumSizeHint(self) -> QSize:
        """At least the strong row, if there is one."""
        return QSize(100, self.look.px(34) if any(row.strong for row in self.view) else 0)

    def show_view(self, view: tuple[Row, ...]) -> bool:
        """Take rows."""
        changed = super().show_view(view)
        if changed:
            self.setAccessibleName(" · ".join(f"{row.cap} {row.label} {row.figure}".strip() for row in view))
            self.updateGeometry()
        return changed

    def paintEvent(self, event: QPaintEvent) -> None:
        """Label left, figure right, a thin line between."""
        del event
        look, painter = self.look, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top = 0.0
        for row in self._fitting():
            high = self._height(row)
            area = QRectF(0, top, self.width(), high)
            if row.cap:
                self._cap_row(painter, area, row)
                top += high
                continue
            if top:
                painter.fillRect(QRectF(0, top, self.width(), 1), look.colour("line"))
            figure_font = look.font("figure", BOLD) if row.strong else look.font("strong", SEMIBOLD)
            ink = look.colour("ink") if row.tone is Tone.NEUTRAL else look.tone(row.tone, "ink")
            used = figures.draw(painter, area, row.figure, figure_font, ink, RIGHT)
            area.setRight(area.right() - used - look.px(14))
            label, lines = self._label_font(row), self._lines(row)
            if lines > 1:
                area.adjust(0, look.px(4), 0, 0)
                prose.draw(painter, area, row.label, label, look.colour("ink"))
            else:
                figures.line(painter, area, row.label, label, look.colour("ink"))
            top += high

    def _cap_row(self, painter: QPainter, area: QRectF, row: Row) -> None:
        """The key in the accent colour; what it does beside it, soft."""
        look, step = self.look, prose.line_height(self._label_font(row))
        area.adjust(0, (self._height(row) - self._lines(row) * step) / 2, 0, 0)
        first = QRectF(area.left(), area.top(), area.width(), step)
        figures.line(painter, first, row.cap, look.font("body", SEMIBOLD), look.colour("accent"))
        area.setLeft(area.left() + self._cap_column())
        prose.draw(painter, area, row.label, self._label_font(row), look.colour("soft"))

    def _cap_column(self) -> float:
        """As wide as the widest key, so that what they do begins in one place."""
        font = self.look.font("body", SEMIBOLD)
        widest = max((figures.line_width(row.cap, font) for row in self.view if row.cap), default=0.0)
        return widest + self.look.space("apart") if widest else 0.0

    def _label_font(self, row: Row) -> QFont:
        plain = row.tone is Tone.NEUTRAL
        return (
            self.look.font("strong", SEMIBOLD) if row.strong else self.look.font("body", MEDIUM if plain else REGULAR)
        )

    def _lines(self, row: Row) -> int:
        """One line, or two for a formula that is longer than the row."""
        font = self._label_font(row)
        if row.cap:
            return len(prose.lines_of(row.label, font, self.width() - self._cap_column()))
        room = self.width() - figures.width(row.figure, self.look.font("strong", SEMIBOLD)) - self.look.px(14)
        return 1 if row.strong or figures.line_width(row.label, font) <= room else 2

    def _height(self, row: Row) -> int:
        if row.strong:
            return self.look.px(38)
        if row.cap:
            return self.look.px(8) + round(self._lines(row) * prose.line_height(self._label_font(row)))
        return self.look.px(28 if self._lines(row) == 1 else 46)

    def _fitting(self) -> tuple[Row, ...]:
        rows, room = self.view, self.height()
        strong = [row for row in rows if row.strong]
        left = room - sum(self._height(row) for row in strong)
        kept: list[Row] = []
        for row in rows:
            if row.strong or left >= self._height(row):
                left -= 0 if row.strong else self._height(row)
                kept.append(row)
        return tuple(kept)
