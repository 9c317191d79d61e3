"""The page of the week's signs. Draws; what keys do here is the table in `keys`."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from pos_client.domain.catalogue import Catalogue
from pos_client.services.radar_snapshots import RadarPage as Signs
from pos_client.services.snapshots import TerminalSnapshot
from pos_client.ui.exports.document import ExportDesk
from pos_client.ui.exports.exporter import Exporter
from pos_client.ui.formats import Format
from pos_client.ui.keys import BarKey
from pos_client.ui.parts.list_page import ListPage
from pos_client.ui.radar import keys, sheets, view_model
from pos_client.ui.shift.keys import Place, Tab
from pos_client.ui.style import Style


class RadarPage(ListPage):
    """Object name "radar-page"; the table is "radar"."""

    def __init__(
        self, style: Style, words: Catalogue, desk: ExportDesk | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(style, "radar", words.say("radar.title"), parent)
        self._words = words
        self._snapshot: TerminalSnapshot | None = None
        self._shown: Signs | None = None
        self.exporter = Exporter(words, desk, self)
        self.put_above(self.exporter)

    @property
    def place(self) -> Place:
        """Where the page stands, for the table of keys."""
        return Place(Tab.SHIFT, self.table.chosen, self.table.page())

    def show_snapshot(self, snapshot: TerminalSnapshot | None) -> None:
        """Draw a snapshot, unless it holds the very list that is shown."""
        self._snapshot = snapshot
        page = snapshot.radar if snapshot is not None else None
        if page is None or page is not self._shown:
            self._shown = page
            self.card.show_table(*view_model.caption(self._words, page), view_model.table(self._words, page))

    def export(self, form: Format) -> None:
        """The list as a file."""
        snapshot = self._snapshot
        if snapshot is not None and (page := snapshot.radar) is not None:
            place = snapshot.status.station_name or snapshot.status.station
            self.exporter.export(lambda: sheets.document(self._words, page, place), form)

    def bar(self) -> tuple[BarKey, ...]:
        """The bottom bar while this page is in front."""
        return keys.bar(self._words, self.table.chosen)
