"""The one home of a cashier: forecourt and messages left, customer and sale right. Draws; decides nothing."""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtCore import Signal
from PySide6.QtGui import QIntValidator, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from pos_client.domain.catalogue import Catalogue
from pos_client.services.snapshots import TerminalSnapshot
from pos_client.ui.checkout.panel import SalePanel
from pos_client.ui.forecourt.arrangement import needs
from pos_client.ui.forecourt.grid import TileGrid
from pos_client.ui.forecourt.view_model import tile_views
from pos_client.ui.loyalty.chip_view import chip_view
from pos_client.ui.loyalty.customer_chip import CustomerChip
from pos_client.ui.loyalty.panel import LARGEST_AMOUNT
from pos_client.ui.loyalty.view_model import AMOUNT_PHASES
from pos_client.ui.more.strip import MoreStrip
from pos_client.ui.more.view_model import MoreView
from pos_client.ui.shell.entry import Entry
from pos_client.ui.shell.message_bar import MessageBar
from pos_client.ui.shell.view_model import message_view
from pos_client.ui.style import Style

ASIDE, BELOW, MORE_AROUND = "wide", "apart", "near"
"""Margins of the page, and how far the strip reaches beyond the message bar it covers."""


class Slot(IntEnum):
    """What stands in the chip's place."""

    CHIP = 0
    IDENTIFY = 1
    PART = 2


class SalesPage(QWidget):
    """Signals say what was touched; fields are opened and closed by the window that owns the keyboard."""

    point_touched = Signal(int)
    chip_key = Signal()
    message_read = Signal()
    tender_chosen = Signal(object)
    part_wanted = Signal()
    points_acted = Signal(object)

    def __init__(self, style: Style, words: Catalogue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words, self._look = words, style
        self._snapshot: TerminalSnapshot | None = None
        self.grid = TileGrid(style, self)
        self.message = MessageBar(style, self)
        self.chip = CustomerChip(style, self)
        self.identify = Entry(
            style, "identify-field", words.say("entry.identify"), words.say("entry.identify_hint"), parent=self
        )
        self.part = Entry(
            style,
            "part-field",
            words.say("entry.part"),
            words.say("entry.part_hint"),
            QIntValidator(1, LARGEST_AMOUNT, self),
            self,
        )
        self.slot = QStackedWidget(self)
        for widget in (self.chip, self.identify, self.part):
            self.slot.addWidget(widget)
        self.sale = SalePanel(style, words, self)
        self._lay_out()
        self.more = MoreStrip(style, self)
        self.grid.chosen.connect(self.point_touched)
        self.message.pressed.connect(self.message_read)
        self.chip.key_pressed.connect(self.chip_key)
        self.sale.tender_chosen.connect(self.tender_chosen)
        self.sale.part_wanted.connect(self.part_wanted)
        self.sale.points_acted.connect(self.points_acted)

    def _lay_out(self) -> None:
        look = self._look
        sides = QWidget(self), QWidget(self)
        for side in sides:
            side.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
            side.setMinimumWidth(1)  # the share of the room is ours to say, not the longest caption's
        left = QVBoxLayout(sides[0])
        look.lay(left, "near", "none")
        left.addWidget(self.grid, 1)
        left.addWidget(self.message)
        right = QVBoxLayout(sides[1])
        look.lay(right, "near", "none")
        right.addWidget(self.slot)
        right.addWidget(self.sale, 1)
        row = QHBoxLayout(self)
        look.lay(row, "apart", (ASIDE, BELOW))
        row.addWidget(sides[0], 59)
        row.addWidget(sides[1], 41)

    @property
    def fields(self) -> tuple[QLineEdit, ...]:
        """All fields of the page."""
        return (self.identify.field, self.part.field, self.sale.points.amount_field, *self.more.fields)

    @property
    def part_open(self) -> bool:
        """Whether a part payment is being typed."""
        return self.slot.currentIndex() == Slot.PART

    def part_amount(self) -> int | None:
        """What is typed in the open field for a part payment, đồng."""
        text = self.part.field.text()
        return int(text) if self.part_open and text.isdigit() else None

    def open_entry(self, slot: Slot) -> None:
        """Put a field in the chip's place."""
        self.slot.setCurrentIndex(int(slot))
        {Slot.IDENTIFY: self.identify, Slot.PART: self.part}[slot].open()

    def close_entries(self) -> bool:
        """Close whatever field is open; True if one was."""
        amount = self.sale.points
        was_open = self.slot.currentIndex() != Slot.CHIP or not amount.amount_field.isHidden()
        self.slot.setCurrentIndex(Slot.CHIP)
        amount.close_amount()
        return was_open

    def show_more(self, view: MoreView | None) -> None:
        """Open, change or close the strip over the foot of the page."""
        if self.more.show_view(view) and view is not None:
            self._place_more()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The strip keeps to the foot."""
        super().resizeEvent(event)
        self._place_more()

    def _place_more(self) -> None:
        """As high as the message bar and a little more: no tile is ever under it, unless the till is to be closed."""
        aside, below, around = (self._look.space(step) for step in (ASIDE, BELOW, MORE_AROUND))
        high = self.message.sizeHint().height() + 2 * around + self.more.lines_height()
        foot = self.height() - below + around
        self.more.setGeometry(aside - around, foot - high, self.width() - 2 * (aside - around), high)

    def show_snapshot(self, snapshot: TerminalSnapshot | None, now: int) -> None:
        """Draw a snapshot as it reads now."""
        self._snapshot = snapshot
        words = self._words
        self.message.show_view(message_view(words, snapshot, now))
        if snapshot is None:
            self.grid.show_views((), (), (words.say("empty.starting"), words.say("empty.starting_hint")))
            self.sale.show_snapshot(None, now)
            return
        tiles = tile_views(words, snapshot, now)
        empty = (
            ("empty.no_points", "empty.no_points_hint")
            if snapshot.ready
            else (
                "empty.starting",
                "empty.starting_hint",
            )
        )
        self.grid.show_views(tiles, needs(tiles, snapshot), (words.say(empty[0]), words.say(empty[1])))
        self.chip.show_view(chip_view(words, snapshot))
        self.sale.show_snapshot(snapshot, now)
        panel = snapshot.points_panel
        if not self.sale.points.amount_field.isHidden() and (panel is None or panel.phase not in AMOUNT_PHASES):
            self.sale.points.close_amount()
