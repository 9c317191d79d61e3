"""What the sales of a search come to: bars by hour, tables by hour and by grade."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.formatting import grouped
from pos_client.domain.sale_sums import SaleSums
from pos_client.ui import figures
from pos_client.ui.parts.painted import Painted, box
from pos_client.ui.parts.table_card import TableCard
from pos_client.ui.records import sums_view
from pos_client.ui.style import MEDIUM, REGULAR, Style
from pos_client.ui.tone import Tone

CENTRE = Qt.AlignmentFlag.AlignHCenter


class HourBars(Painted[tuple[str, tuple[int, ...]]]):
    """(unit, amounts): one bar an hour, its amount in thousands above it; an hour without sales is a gap."""

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(style, ("", ()), parent)
        self.setObjectName("hour-bars")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        """Wide and low."""
        return QSize(600, self.look.px(190))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, bars, hours."""
        del event
        look, painter = self.look, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box(painter, QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), look.colour("panel"), look.colour("line"), 10)
        unit, amounts = self.view
        most = max(amounts, default=0)
        if not most:
            return
        line, pad = look.px(18), look.px(10)
        area = QRectF(self.rect()).adjusted(pad, pad, -pad, -pad)
        corner = QRectF(area.left(), area.top(), area.width(), line)
        figures.line(painter, corner, unit, look.font("small", REGULAR), look.colour("soft"))
        wide, room = area.width() / len(amounts), area.height() - 3 * line
        for hour, amount in enumerate(amounts):
            left = area.left() + hour * wide
            high = room * amount / most
            base = area.bottom() - line
            bar = QRectF(left + wide * 0.14, base - high, wide * 0.72, high)
            if amount:
                painter.fillRect(bar, look.colour("accent"))
                above = QRectF(left, bar.top() - line, wide, line)
                figures.draw(
                    painter, above, grouped(amount // 1000), look.font("small", MEDIUM), look.colour("ink"), CENTRE
                )
            below = QRectF(left, base, wide, line)
            figures.draw(painter, below, f"{hour:02d}", look.font("small", REGULAR), look.colour("soft"), CENTRE)
        painter.fillRect(QRectF(area.left(), area.bottom() - line, area.width(), 1), look.colour("line"))


class SumsPanel(QWidget):
    """Draws sums; none yet: says that they are being made."""

    def __init__(self, style: Style, words: Catalogue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self.bars = HourBars(style, self)
        self.hours = TableCard(style, "sums-hours", self, chooses=False)
        self.grades = TableCard(style, "sums-grades", self, chooses=False)
        below = QHBoxLayout()
        below.setSpacing(10)
        below.addWidget(self.hours, 1)
        below.addWidget(self.grades, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.bars, 2)
        column.addLayout(below, 3)

    def show_sums(self, sums: SaleSums | None, title: str, note: str, tone: Tone) -> None:
        """Take sums, what they are of, and how the reading stands."""
        words, shown = self._words, sums or SaleSums()
        self.bars.show_view((words.say("records.thousands"), tuple(hour.amount_vnd for hour in shown.hours)))
        said = sums_view.caption(words, sums) if sums is not None else note
        self.bars.setAccessibleName(f"{title} {said}")
        cut = Tone.ATTENTION if shown.cut else tone
        self.hours.show_table(f"{words.say('records.by_hour')} · {title}", said, cut, sums_view.hours(words, sums))
        self.grades.show_table(words.say("records.by_grade"), "", Tone.NEUTRAL, sums_view.grades(words, sums))
