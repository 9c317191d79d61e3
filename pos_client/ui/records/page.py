"""The list of sales: one line to type into, a page of what was found. It asks another thread and never waits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.fuelling_point import LinkState
from pos_client.domain.sale_search import MOST_TYPED, Cursor, SaleQuery, SaleRow, SalesFound
from pos_client.domain.sale_sums import SaleSums
from pos_client.services.snapshots import TerminalSnapshot
from pos_client.ui.exports.document import Document
from pos_client.ui.exports.exporter import Exporter
from pos_client.ui.formats import Format
from pos_client.ui.keys import FORMS, MOST, BarKey, Key
from pos_client.ui.parts.table_card import TableCard
from pos_client.ui.records import search as steps
from pos_client.ui.records import sheets, view_model
from pos_client.ui.records.desk import RecordsDesk, Unreadable
from pos_client.ui.records.search import Side
from pos_client.ui.records.sums_panel import PointsPanel, SumsPanel
from pos_client.ui.style import Style
from pos_client.ui.technician.crossing import Crossing

TYPING_MS = 150
"""So long after the last letter a search begins; Enter begins it at once."""


class RecordsPage(QWidget):
    """Object name "records". `left` when the cashier goes back."""

    left = Signal()

    def __init__(
        self,
        style: Style,
        words: Catalogue,
        desk: RecordsDesk,
        clock_ticks: Callable[[], int],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._words, self.desk, self._clock = words, desk, clock_ticks
        self._crossing = Crossing(self)
        self._snapshot: TerminalSnapshot | None = None
        self.search = steps.Search()
        self.side = Side.LIST
        self._sums: SaleSums | None = None
        self.setObjectName("records")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        title = QLabel(words.say("records.title"), self)
        title.setProperty("role", "title")
        self.field = QLineEdit(self)
        self.field.setObjectName("records-field")
        self.field.setMaxLength(MOST_TYPED)
        self.field.setPlaceholderText(words.say("records.placeholder"))
        self.field.setAccessibleName(words.say("records.title"))
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self._typing.timeout.connect(self.begin)
        self.field.textEdited.connect(lambda _: self._typing.start())
        self.card = TableCard(style, "records", self)
        head = QHBoxLayout()
        style.lay(head, "apart")
        head.addWidget(title)
        head.addWidget(self.field, 1)
        self.panels: dict[Side, SumsPanel | PointsPanel] = {
            Side.SUMS: SumsPanel(style, words, self),
            Side.POINTS: PointsPanel(style, words, self),
        }
        self._sides = QStackedWidget(self)
        for side in (self.card, *self.panels.values()):
            self._sides.addWidget(side)
        self.exporter = Exporter(words, desk, self)
        column = QVBoxLayout(self)
        style.lay(column, "near", ("wide", "apart"))
        column.addLayout(head)
        column.addWidget(self.exporter)
        column.addWidget(self._sides, 1)

    def open(self) -> None:
        """In front, with the newest sales and the cursor in the field."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.begin()

    def show_snapshot(self, snapshot: TerminalSnapshot | None) -> None:
        """The day, and whether there is a network."""
        self._snapshot = snapshot
        self.refresh()

    def refresh(self) -> None:
        """Draw the search as it stands now."""
        words, offline = self._words, False
        if self._snapshot is not None:
            offline = self._snapshot.status.central is LinkState.DOWN
        caption = view_model.caption(words, self.search, self._clock(), offline=offline)
        panel = self.panels.get(self.side)
        if panel is not None:
            panel.show_sums(self._sums, *caption)
        else:
            self.card.show_table(*caption, view_model.table(words, self.search))

    def bar(self) -> tuple[BarKey, ...]:
        """The bottom bar."""
        return view_model.bar(self._words, self.search, self.side)

    # ── searching ──────────────────────────────────────────────────────────────────────────────────────────────

    def begin(self) -> None:
        """Look for what is typed."""
        self._typing.stop()
        self._crossing.forget("page")
        self.exporter.forget()
        self._sums = None
        self.search = steps.typed(self.field.text(), self._today(), self._clock())
        if self.search.is_asked and self.side is not Side.LIST:
            self.desk.summarise(self._summed(), self._crossing.asks("page", self._heard_sums))
        elif self.search.is_asked:
            self._ask(None)
        self.refresh()

    def _today(self) -> date:
        return self._snapshot.wall.date() if self._snapshot is not None else date.min

    def _ask(self, after: Cursor | None) -> None:
        self.desk.search(self.search.query, after, self._crossing.asks("page", self._heard))

    def _heard(self, answer: SalesFound | Unreadable) -> None:
        self.search, further = steps.heard(self.search, answer)
        if further is not None:
            self._ask(further)
        self.refresh()

    def _summed(self) -> SaleQuery:
        """Sums are of a stretch of time, also where none was typed."""
        return steps.summed(self.search.query, self._today(), self.side)

    def _heard_sums(self, answer: SaleSums | Unreadable) -> None:
        trouble = answer.code if isinstance(answer, Unreadable) else ""
        self._sums = None if isinstance(answer, Unreadable) else answer
        self.search = replace(self.search, query=self._summed(), asked_ms=None, trouble=trouble)
        self.refresh()

    def export(self, form: Format) -> None:
        """The sales that were looked for, or their points, as a file."""
        if self.search.query.not_understood:
            return
        words, snapshot, side = self._words, self._snapshot, self.side
        shift = snapshot.shift if snapshot is not None else None
        place = (snapshot.status.station_name or snapshot.status.station) if snapshot is not None else ""
        query = self.search.query if side is Side.LIST else self._summed()

        def made(rows: tuple[SaleRow, ...], sums: SaleSums) -> Document:
            if side is Side.POINTS:
                return sheets.points(words, query, sums, place)
            return sheets.sales(words, query, rows, sums, shift, place)

        self.exporter.export_by(lambda tell: self.desk.export(query, made, form, tell))

    def turn_side(self, side: Side) -> None:
        """To what the sales come to or their points, and back to the list."""
        self.side = Side.LIST if self.side is side else side
        self._sides.setCurrentIndex(list(Side).index(self.side))
        self.begin()

    def turn(self, pages: int) -> None:
        """The page behind (1) or before (-1)."""
        turned = steps.turned(self.search, pages, self._clock())
        if turned is not None:
            self.search = turned
            self.card.table.move_by(-MOST)
            self._ask(turned.starts[-1])
            self.refresh()

    def press(self, key: Key) -> bool:
        """A key that is no character of the field; whether it meant something here."""
        moves = {Key.UP: -1, Key.DOWN: 1}
        match key:
            case Key.ENTER:
                self.begin()
            case Key.F3:
                self.turn_side(Side.SUMS)
            case Key.F4:
                self.turn_side(Side.POINTS)
            case _ if key in FORMS:
                self.export(FORMS[key])
            case Key.PAGE_DOWN:
                self.turn(1)
            case Key.PAGE_UP:
                self.turn(-1)
            case Key.ESCAPE if self.field.text():
                self.field.clear()
                self.begin()
            case Key.ESCAPE | Key.F12:
                self.left.emit()
            case _ if key in moves:
                self.card.table.move_by(moves[key])
            case _:
                return False
        return True
