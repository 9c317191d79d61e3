"""What the sales of a search come to: bars by hour, tables by hour and by grade; and the points of them by day, hour,
grade and tender."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.sale_sums import SaleSums
from pos_client.ui.parts.bar_plot import BarPlot
from pos_client.ui.parts.table_card import TableCard
from pos_client.ui.records import sums_view
from pos_client.ui.style import Style
from pos_client.ui.tone import Tone


class SumsPanel(QWidget):
    """Draws sums; none yet: says that they are being made."""

    def __init__(self, style: Style, words: Catalogue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self.bars = BarPlot(style, "hour-bars", self)
        self.hours = TableCard(style, "sums-hours", self, chooses=False)
        self.grades = TableCard(style, "sums-grades", self, chooses=False)
        below = QHBoxLayout()
        style.lay(below, "near")
        below.addWidget(self.hours, 1)
        below.addWidget(self.grades, 1)
        column = QVBoxLayout(self)
        style.lay(column, "near", "none")
        column.addWidget(self.bars, 2)
        column.addLayout(below, 3)

    def show_sums(self, sums: SaleSums | None, title: str, note: str, tone: Tone) -> None:
        """Take sums, what they are of, and how the reading stands."""
        words, shown = self._words, sums or SaleSums()
        self.bars.show_view(sums_view.money_plots(words, shown)[0])
        said = sums_view.caption(words, sums) if sums is not None else note
        self.bars.setAccessibleName(f"{title} {said}")
        cut = Tone.ATTENTION if shown.cut else tone
        self.hours.show_table(f"{words.say('records.by_hour')} · {title}", said, cut, sums_view.hours(words, sums))
        self.grades.show_table(words.say("records.by_grade"), "", Tone.NEUTRAL, sums_view.grades(words, sums))


class PointsPanel(QWidget):
    """Points earned (up) and spent (down), and the four tables they are in."""

    def __init__(self, style: Style, words: Catalogue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self.bars = (BarPlot(style, "points-days", self), BarPlot(style, "points-hours", self))
        names = ("days", "hours", "grades", "tenders")
        self.cards = {name: TableCard(style, f"points-of-{name}", self, chooses=False) for name in names}
        above = QHBoxLayout()
        style.lay(above, "near")
        for bars, share in zip(self.bars, (2, 3), strict=True):
            above.addWidget(bars, share)
        below = QGridLayout()
        style.lay(below, "near")
        for place, card in enumerate(self.cards.values()):
            below.addWidget(card, *divmod(place, 2))
        column = QVBoxLayout(self)
        style.lay(column, "near", "none")
        column.addLayout(above, 2)
        column.addLayout(below, 5)

    def show_sums(self, sums: SaleSums | None, title: str, note: str, tone: Tone) -> None:
        """Take sums, what they are of, and how the reading stands."""
        words, shown = self._words, sums or SaleSums()
        said = sums_view.points_caption(words, sums) if sums is not None else note
        for bars, plot in zip(self.bars, sums_view.points_plots(words, shown)[:2], strict=True):
            bars.show_view(plot)
            bars.setAccessibleName(f"{plot.title} {title} {said}")
        heads = {
            "days": (f"{words.say('records.by_day')} · {title}", said, Tone.ATTENTION if shown.cut else tone),
            "hours": (words.say("records.by_hour"), words.say("records.points_expected"), Tone.NEUTRAL),
            "grades": (words.say("records.by_grade"), "", Tone.NEUTRAL),
            "tenders": (words.say("records.by_tender"), "", Tone.NEUTRAL),
        }
        for name, card in self.cards.items():
            card.show_table(*heads[name], sums_view.of_points(words, sums, name))
