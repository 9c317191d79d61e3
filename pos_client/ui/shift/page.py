"""The shift's page of the cashier's window: five sides behind F2 to F6. It draws and says where it stands; what
keys do here is the table in `keys`, and the window sends what comes of it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.forecourt import Forecourt
from pos_client.domain.formatting import grouped
from pos_client.services.shift_snapshots import ShiftPhase
from pos_client.services.snapshots import TerminalSnapshot
from pos_client.ui.certificate import view_model as certificate
from pos_client.ui.exports.document import ExportDesk
from pos_client.ui.exports.exporter import Exporter
from pos_client.ui.formats import Format
from pos_client.ui.keys import BarKey, Key, MoveRow
from pos_client.ui.parts.key_button import KeyButton
from pos_client.ui.parts.table import Table
from pos_client.ui.parts.table_card import TableCard
from pos_client.ui.prices.panel import PricesPanel
from pos_client.ui.queue.panel import QueuePanel
from pos_client.ui.shift import keys, sheets, tables
from pos_client.ui.shift.keys import TABS, Place, Tab
from pos_client.ui.shift.notice_line import NoticeLine
from pos_client.ui.shift.report import ShiftReport
from pos_client.ui.shift.view_model import notice_view
from pos_client.ui.style import Style
from pos_client.ui.tone import Tone


class ShiftPage(QWidget):
    """Object name "shift". `key_pressed(Key)` for a touched key, `row_touched()` for a row that opens."""

    key_pressed = Signal(object)
    row_touched = Signal()

    def __init__(
        self,
        style: Style,
        words: Catalogue,
        forecourt: Forecourt | None,
        parent: QWidget | None = None,
        desk: ExportDesk | None = None,
    ) -> None:
        super().__init__(parent)
        self.look, self._words = style, words
        self._snapshot: TerminalSnapshot | None = None
        self.tab = Tab.SHIFT
        self.setObjectName("shift")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._title = QLabel(self)
        self._title.setProperty("role", "title")
        self.notice = NoticeLine(style, self)
        self._tabs = {tab: KeyButton(style, key.value.upper(), "", self) for key, (tab, _) in TABS.items()}
        self.report = ShiftReport(style, words, self)
        self._drive_offs = TableCard(style, "drive-offs", self)
        self._prices = PricesPanel(style, words, forecourt, self)
        self._sides = QStackedWidget(self)
        self._queue = QueuePanel(style, words, self)
        self._certificate = TableCard(style, "certificate", self)
        for side in (self.report, self._drive_offs, self._prices, self._queue, self._certificate):
            self._sides.addWidget(side)
        head = QHBoxLayout()
        style.lay(head, "near")
        head.addWidget(self._title)
        head.addWidget(self.notice, 1)
        for key, (tab, _) in TABS.items():
            self._tabs[tab].clicked.connect(lambda *_, key=key: self.key_pressed.emit(key))
            head.addWidget(self._tabs[tab])
        column = QVBoxLayout(self)
        style.lay(column, "near", ("wide", "apart"))
        self.exporter = Exporter(words, desk, self)
        column.addLayout(head)
        column.addWidget(self.exporter)
        column.addWidget(self._sides, 1)
        self.report.row_touched.connect(self.row_touched)
        self.notice.pressed.connect(lambda: self.key_pressed.emit(Key.DELETE))
        self.report.task.key_pressed.connect(self.key_pressed)
        self.show_tab(Tab.SHIFT)

    @property
    def fields(self) -> tuple[QLineEdit, ...]:
        """All fields of the page."""
        return self.report.task.fields

    @property
    def table(self) -> Table:
        """The table the keys move in."""
        return {
            Tab.SHIFT: self.report.table,
            Tab.DRIVE_OFFS: self._drive_offs.table,
            Tab.PRICES: self._prices.table,
            Tab.QUEUE: self._queue.table,
            Tab.CERTIFICATE: self._certificate.table,
        }[self.tab]

    @property
    def place(self) -> Place:
        """Where the page stands, for the table of keys."""
        return Place(self.tab, self.table.chosen, self.table.page())

    def show_tab(self, tab: Tab) -> None:
        """Turn to a side of the page."""
        self.tab = tab
        self.exporter.forget()
        self._title.setText(self._words.say(f"shift.title.{tab.value}"))
        self._sides.setCurrentIndex(list(Tab).index(tab))
        self._show_tabs()

    def _show_tabs(self) -> None:
        for tab, button in self._tabs.items():
            label = self._words.say(f"shift.tab.{tab.value}")
            if tab is Tab.DRIVE_OFFS and self._snapshot is not None and self._snapshot.drive_offs:
                label = f"{label} {len(self._snapshot.drive_offs)}"
            if tab is Tab.QUEUE and self._snapshot is not None and (waits := _waits(self._snapshot)):
                label = f"{label} {waits}"
            key = next(key for key, (each, _) in TABS.items() if each is tab)
            button.show_key(key.value.upper(), label, enabled=True, primary=tab is self.tab)

    def show_snapshot(self, snapshot: TerminalSnapshot | None, now: int) -> None:
        """Draw a snapshot as it reads now; only the side that is seen."""
        if snapshot is None:
            return
        self._snapshot = snapshot
        self._show_tabs()
        self.notice.show_view(notice_view(self._words, snapshot))
        match self.tab:
            case Tab.SHIFT:
                self.report.show_snapshot(snapshot, now)
            case Tab.DRIVE_OFFS:
                words = self._words
                note = words.say("shift.drive_offs_hint") if snapshot.drive_offs else ""
                self._drive_offs.show_table(
                    words.say("shift.drive_offs"), note, Tone.NEUTRAL, tables.drive_offs(words, snapshot)
                )
            case Tab.PRICES:
                self._prices.show_snapshot(snapshot)
            case Tab.QUEUE:
                self._queue.show_snapshot(snapshot, now)
            case Tab.CERTIFICATE:
                page = snapshot.certificate_page
                self._certificate.show_table(
                    *certificate.caption(self._words, page), certificate.table(self._words, page)
                )

    def export(self, form: Format) -> None:
        """The shift as a file."""
        snapshot = self._snapshot
        if snapshot is not None and (shift := snapshot.shift) is not None:
            place = snapshot.status.station_name or snapshot.status.station
            self.exporter.export(lambda: sheets.document(self._words, shift, place), form)

    def bar(self) -> tuple[BarKey, ...]:
        """The bottom bar while this page is in front."""
        return keys.bar(self._words, self.place, self._snapshot)

    def focus_field(self, *, asked: bool = False) -> None:
        """Put the cursor where the next thing is typed: the cash while it is counted, the name when a shift is to be
        opened (`asked`)."""
        task = self.report.task
        shift = self._snapshot.shift if self._snapshot is not None else None
        counting = shift is not None and shift.phase is ShiftPhase.COUNTING
        field = task.cash if counting else task.cashier if asked else None
        if self.tab is Tab.SHIFT and field is not None and not field.isHidden():
            field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def move_rows(self, action: MoveRow) -> None:
        """Another row is chosen."""
        self.table.move_by(action.rows)


def _waits(snapshot: TerminalSnapshot) -> str:
    """How many records the queue desk has."""
    queue = snapshot.status.queue
    return grouped(queue.waiting + queue.parked) if queue.waiting + queue.parked else ""
