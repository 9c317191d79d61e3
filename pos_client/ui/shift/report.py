"""The shift side of the page: nozzles (or the fuellings behind one) left, sums and the next task right."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from pos_client.domain.catalogue import Catalogue
from pos_client.services.shift_snapshots import ShiftPhase, ShiftSnapshot
from pos_client.services.snapshots import TerminalSnapshot
from pos_client.ui.checkout.story import Story
from pos_client.ui.parts.table import Table
from pos_client.ui.parts.table_card import TableCard
from pos_client.ui.shift import tables
from pos_client.ui.shift.head import ShiftHead
from pos_client.ui.shift.plots_panel import PlotsPanel
from pos_client.ui.shift.sheets import plots
from pos_client.ui.shift.task_box import TaskBox
from pos_client.ui.shift.view_model import difference, head_view, summary_rows, task_view
from pos_client.ui.style import Style
from pos_client.ui.tone import Tone

SIDE_PX = 336


class ShiftReport(QWidget):
    """`row_touched()` when a nozzle is touched."""

    row_touched = Signal()

    def __init__(self, style: Style, words: Catalogue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._words = style, words
        self._snapshot: TerminalSnapshot | None = None
        self._shown: ShiftSnapshot | None = None
        self._meters = TableCard(style, "shift-meters", self)
        self._fuellings = TableCard(style, "shift-fuellings", self)
        self._meters.table.touched.connect(lambda _: self.row_touched.emit())
        self._tables = QStackedWidget(self)
        self._tables.addWidget(self._meters)
        self._tables.addWidget(self._fuellings)
        self._plots = PlotsPanel(style, self)
        self._tables.addWidget(self._plots)
        self._plotting = False
        self._head, self._sums, self.task = ShiftHead(style, self), Story(style, self), TaskBox(style, self)
        self._sums.setObjectName("shift-sums")
        self.task.typed.connect(self._count)
        self._side = side = QFrame(self)
        side.setProperty("panel", True)
        column = QVBoxLayout(side)
        style.lay(column, "near", ("wide", "apart"))
        side.setFixedWidth(style.px(SIDE_PX))
        column.addWidget(self._head)
        column.addWidget(self._sums, 1)
        column.addWidget(self.task)
        row = QHBoxLayout(self)
        style.lay(row, "apart", "none")
        self._tables.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        row.addWidget(self._tables, 1)
        row.addWidget(side)

    def changeEvent(self, event: QEvent) -> None:
        """A new scale: the side keeps the width its figures need."""
        if event.type() == QEvent.Type.StyleChange:
            self._side.setFixedWidth(self._look.px(SIDE_PX))
        super().changeEvent(event)

    @property
    def table(self) -> Table:
        """The table at hand."""
        drilled = self._shown is not None and self._shown.drill is not None
        return (self._fuellings if drilled else self._meters).table

    def show_snapshot(self, snapshot: TerminalSnapshot, now: int) -> None:
        """Draw a snapshot as it reads now."""
        self._snapshot = snapshot
        words, shift = self._words, snapshot.shift
        self._show_rows(shift)
        self._head.show_view(head_view(words, snapshot, now))
        self._sums.show_view(summary_rows(words, shift, snapshot.stated_shift))
        self.task.show_view(task_view(words, snapshot, now), snapshot.status.cashier)
        self._count(self.task.cash.text())

    def _show_rows(self, shift: ShiftSnapshot | None) -> None:
        """The rows, unless they are the very ones that are shown: a day of fuellings is not put into words each time
        a clock ticks."""
        before, self._shown = self._shown, shift
        drilled = shift is not None and shift.drill is not None
        if (
            shift is not None
            and before is not None
            and shift.rows is before.rows
            and shift.drill_fuellings is before.drill_fuellings
            and shift.drill == before.drill
        ):
            return
        title, note = tables.rows_title(self._words, shift)
        if drilled:
            self._fuellings.show_table(title, note, Tone.NEUTRAL, tables.fuellings(self._words, shift))
        else:
            self._meters.show_table(title, note, Tone.NEUTRAL, tables.meters(self._words, shift))
        self._plots.show_plots(plots(self._words, shift))
        self._turn()

    def turn_plots(self) -> None:
        """Between the table and the same in pictures."""
        self._plotting = not self._plotting
        self._turn()

    def _turn(self) -> None:
        drilled = self._shown is not None and self._shown.drill is not None
        self._tables.setCurrentWidget(self._plots if self._plotting else self._fuellings if drilled else self._meters)

    def _count(self, text: str) -> None:
        shift = self._snapshot.shift if self._snapshot is not None else None
        if shift is not None and shift.phase is ShiftPhase.COUNTING:
            counted = int(text) if text.isascii() and text.isdigit() else None
            self.task.result.show_view(difference(self._words, shift, counted))
