"""The list of sales: one line to type into, a page of what was found. It asks another thread and never waits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.fuelling_point import LinkState
from pos_client.domain.sale_search import MOST_TYPED, Cursor, SaleQuery, SalesFound
from pos_client.domain.sale_sums import SaleSums
from pos_client.services.snapshots import TerminalSnapshot
from pos_client.ui.keys import MOST, BarKey, Key
from pos_client.ui.parts.table_card import TableCard
from pos_client.ui.records import search as steps
from pos_client.ui.records import view_model
from pos_client.ui.records.desk import Exported, Format, RecordsDesk, Unreadable
from pos_client.ui.records.sums_panel import SumsPanel
from pos_client.ui.style import Style
from pos_client.ui.technician.crossing import Crossing
from pos_client.ui.technician.pieces import give_role
from pos_client.ui.tone import Tone

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
        self._words, self._desk, self._clock = words, desk, clock_ticks
        self._crossing = Crossing(self)
        self._snapshot: TerminalSnapshot | None = None
        self.search = steps.Search()
        self._summing = False
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
        head.setSpacing(14)
        head.addWidget(title)
        head.addWidget(self.field, 1)
        self.sums_panel = SumsPanel(style, words, self)
        self._sides = QStackedWidget(self)
        for side in (self.card, self.sums_panel):
            self._sides.addWidget(side)
        self._told = QLabel(self)
        self._told.setObjectName("records-told")
        self._told.setWordWrap(True)
        self._told.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 10, 16, 12)
        column.setSpacing(10)
        column.addLayout(head)
        column.addWidget(self._told)
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
        if self._summing:
            self.sums_panel.show_sums(self._sums, *caption)
        else:
            self.card.show_table(*caption, view_model.table(words, self.search))

    def bar(self) -> tuple[BarKey, ...]:
        """The bottom bar."""
        return view_model.bar(self._words, self.search, summing=self._summing)

    # ── searching ──────────────────────────────────────────────────────────────────────────────────────────────

    def begin(self) -> None:
        """Look for what is typed."""
        self._typing.stop()
        self._crossing.forget("page")
        self._told.hide()
        self._sums = None
        self.search = steps.typed(self.field.text(), self._today(), self._clock())
        if self.search.is_asked and self._summing:
            self._desk.summarise(self._summed(), self._crossing.asks("page", self._heard_sums))
        elif self.search.is_asked:
            self._ask(None)
        self.refresh()

    def _today(self) -> date:
        return self._snapshot.wall.date() if self._snapshot is not None else date.min

    def _ask(self, after: Cursor | None) -> None:
        self._desk.search(self.search.query, after, self._crossing.asks("page", self._heard))

    def _heard(self, answer: SalesFound | Unreadable) -> None:
        self.search, further = steps.heard(self.search, answer)
        if further is not None:
            self._ask(further)
        self.refresh()

    def _summed(self) -> SaleQuery:
        """Sums are of a stretch of time: of today where none was typed."""
        return steps.of_a_day(self.search.query, self._today())

    def _heard_sums(self, answer: SaleSums | Unreadable) -> None:
        trouble = answer.code if isinstance(answer, Unreadable) else ""
        self._sums = None if isinstance(answer, Unreadable) else answer
        self.search = replace(self.search, query=self._summed(), asked_ms=None, trouble=trouble)
        self.refresh()

    def export(self, form: Format) -> None:
        """The sales that were looked for, as a file."""
        if self.search.query.not_understood:
            return
        shift = self._snapshot.shift if self._snapshot is not None else None
        query = self._summed() if self._summing else self.search.query
        self._say(self._words.say("records.exporting"), Tone.PROGRESS)
        self._desk.export(query, shift, form, self._crossing.asks("export", self._exported))

    def _exported(self, exported: Exported) -> None:
        text, tone = view_model.exported(self._words, exported)
        self._say(text, tone)

    def _say(self, text: str, tone: Tone) -> None:
        self._told.setText(text)
        give_role(self._told, f"tone-{tone.value}")
        self._told.show()

    def turn_side(self) -> None:
        """Between the list and what it comes to."""
        self._summing = not self._summing
        self._sides.setCurrentIndex(int(self._summing))
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
        forms = {Key.F9: Format.CSV, Key.F10: Format.XLSX, Key.F11: Format.PDF}
        match key:
            case Key.ENTER:
                self.begin()
            case Key.F3:
                self.turn_side()
            case _ if key in forms:
                self.export(forms[key])
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
