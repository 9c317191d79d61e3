"""The page of the list of points. Draws; what keys do here is the table in `keys`."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from pos_client.domain.catalogue import Catalogue
from pos_client.services.snapshots import TerminalSnapshot
from pos_client.ui.keys import BarKey
from pos_client.ui.operations import keys, view_model
from pos_client.ui.parts.list_page import ListPage
from pos_client.ui.shift.keys import Place, Tab
from pos_client.ui.style import Style


class OperationsPage(ListPage):
    """Object name "operations-page"; the table is "operations"."""

    def __init__(self, style: Style, words: Catalogue, parent: QWidget | None = None) -> None:
        super().__init__(style, "operations", words.say("operations.title"), parent)
        self._words = words
        self._snapshot: TerminalSnapshot | None = None

    @property
    def place(self) -> Place:
        """Where the page stands, for the table of keys."""
        return Place(Tab.SHIFT, self.table.chosen, self.table.page())

    def show_snapshot(self, snapshot: TerminalSnapshot | None, now: int) -> None:
        """Draw a snapshot."""
        del now
        self._snapshot = snapshot
        rows = snapshot.operations if snapshot is not None else None
        self.card.show_table(*view_model.caption(self._words, rows), view_model.table(self._words, rows))

    def bar(self) -> tuple[BarKey, ...]:
        """The bottom bar while this page is in front."""
        return keys.bar(self._words, self.table.chosen, self._snapshot)
