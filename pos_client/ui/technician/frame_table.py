"""Frames in a table that never stalls: a bounded ring, rows worded only when they are painted, no widget a row."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.wire import WireFilter, WireFrame, filtered
from pos_client.ui.parts.columns import CellText, Column
from pos_client.ui.parts.table import Index, Table, TableModel
from pos_client.ui.style import Style
from pos_client.ui.technician.wire_view import UNSET, cells, columns

KEPT = 20_000
"""Frames on the screen at most; what is older is in the recording."""
SLACK = 1_000
"""The oldest are taken away so many at a time."""
ROW_PX = 30
_MOVES = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class FrameModel(TableModel):
    """The newest `KEPT` frames, and which of them pass the filter."""

    def __init__(self, words: Catalogue) -> None:
        super().__init__()
        self._words, self._columns = words, columns(words)
        self.clock = UNSET
        self.kept: list[WireFrame] = []
        self.shown: list[WireFrame] = []
        self.wanted = WireFilter()

    @property
    def columns(self) -> tuple[Column, ...]:
        """Always the same."""
        return self._columns

    def count(self) -> int:
        """Rows."""
        return len(self.shown)

    def name(self, row: int) -> Hashable:
        """A row is its frame."""
        return self.shown[row]

    def empty(self) -> str:
        """Why nothing is there."""
        return self._words.say("tech.wire.nothing_passes" if self.kept else "tech.wire.nothing")

    def cell(self, index: Index) -> CellText:
        """Worded now."""
        return cells(self._words, self.clock, self.shown[index.row()])[index.column()]

    def add(self, frames: Iterable[WireFrame]) -> int:
        """Newer frames; how many rows went away at the top."""
        fresh = list(frames)
        self.kept += fresh
        passed = list(filtered(fresh, self.wanted))
        if passed:
            self.beginInsertRows(QModelIndex(), len(self.shown), len(self.shown) + len(passed) - 1)
            self.shown += passed
            self.endInsertRows()
        return self._forget(len(self.kept) - KEPT) if len(self.kept) > KEPT + SLACK else 0

    def _forget(self, count: int) -> int:
        gone = len(filtered(self.kept[:count], self.wanted))
        del self.kept[:count]
        if gone:
            self.beginRemoveRows(QModelIndex(), 0, gone - 1)
            del self.shown[:gone]
            self.endRemoveRows()
        return gone

    def show_only(self, wanted: WireFilter) -> None:
        """Another filter."""
        self.beginResetModel()
        self.wanted = wanted
        self.shown = list(filtered(self.kept, wanted))
        self.endResetModel()


class FrameTable(Table):
    """Follows the newest frame as long as its end is in sight. `touched(frame)` also for the arrow keys."""

    def __init__(self, style: Style, words: Catalogue, parent: QWidget | None = None) -> None:
        self.frames = FrameModel(words)
        super().__init__(style, "frames", parent, rows=self.frames, row_px=ROW_PX, step="small")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._choose(-1)

    def _choose(self, row: int) -> None:
        """Nothing is chosen before somebody chooses."""
        if row < 0:
            self.chosen_row, self._chosen = -1, None
            self.viewport().update()
        else:
            super()._choose(row)

    def add(self, frames: Iterable[WireFrame]) -> None:
        """Newer frames below; the chosen one stays chosen."""
        bar = self.verticalScrollBar()
        follows, at = bar.value() >= bar.maximum(), bar.value()
        gone = self.frames.add(frames)
        if gone and self.chosen_row >= 0:
            self._choose(self.chosen_row - gone if self.chosen_row >= gone else -1)
        if follows:
            self.scrollToBottom()
        elif gone:
            bar.setValue(max(0, at - gone * self.look.px(self.row_px)))

    def show_only(self, wanted: WireFilter) -> None:
        """Another filter; the chosen frame stays chosen if it passes."""
        chosen = self._chosen
        self.frames.show_only(wanted)
        self._choose(self.frames.shown.index(chosen) if chosen in self.frames.shown else -1)
        self.scrollToBottom()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The end stays in sight."""
        bar = self.verticalScrollBar()
        follows = bar.value() >= bar.maximum()
        super().resizeEvent(event)
        if follows:
            self.scrollToBottom()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows and pages move the chosen row; every other key is the window's."""
        steps = {**_MOVES, Qt.Key.Key_PageUp: -self.page(), Qt.Key.Key_PageDown: self.page()}
        step = steps.get(Qt.Key(event.key()))
        if step is None or not self.frames.count():
            event.ignore()
            return
        if self.chosen_row < 0:
            self._choose(self.frames.count() - 1)
        self.move_by(step)
        self.touched.emit(self._chosen)
