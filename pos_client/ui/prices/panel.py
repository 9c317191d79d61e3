"""The price list left, what the pumps show right."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.forecourt import Forecourt
from pos_client.services.snapshots import TerminalSnapshot
from pos_client.ui.parts.table import Table
from pos_client.ui.parts.table_card import TableCard
from pos_client.ui.prices.view_model import at_pumps, listed, verdict
from pos_client.ui.style import Style
from pos_client.ui.tone import Tone


class PricesPanel(QWidget):
    """Two tables; keys move in that of the pumps, the longer one."""

    def __init__(
        self, style: Style, words: Catalogue, forecourt: Forecourt | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._words, self._forecourt = words, forecourt
        self._list = TableCard(style, "prices-list", self, chooses=False)
        self._pumps = TableCard(style, "prices-pumps", self)
        row = QHBoxLayout(self)
        style.lay(row, "apart", "none")
        for card, share in ((self._list, 46), (self._pumps, 54)):
            card.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
            row.addWidget(card, share)

    @property
    def table(self) -> Table:
        """The table the keys move in."""
        return self._pumps.table

    def show_snapshot(self, snapshot: TerminalSnapshot) -> None:
        """Draw a snapshot."""
        words = self._words
        note = words.say("prices.per_litre")
        self._list.show_table(words.say("prices.list"), note, Tone.NEUTRAL, listed(words, snapshot))
        said, tone = verdict(words, snapshot)
        self._pumps.show_table(words.say("prices.pumps"), said, tone, at_pumps(words, snapshot, self._forecourt))
