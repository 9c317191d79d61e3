"""The books read for the list of sales, on a thread that is neither the windows' nor the terminal's, beside the one
writer: a search of any length costs nobody a moment, and neither does a file of twenty thousand sales."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from pos_client.adapters.reports.workbook import as_xlsx
from pos_client.adapters.settings_file.whole_file import write_whole
from pos_client.adapters.sqlite.reader import open_reader
from pos_client.adapters.sqlite.sales import SalesReader
from pos_client.adapters.system_clock import SystemClock
from pos_client.bootstrap.errands import Errands
from pos_client.bootstrap.folders import folders
from pos_client.bootstrap.lifecycle import Lifecycle
from pos_client.bootstrap.paths import Site
from pos_client.domain.catalogue import Catalogue
from pos_client.domain.formatting import timestamp
from pos_client.domain.sale_search import Cursor, SaleQuery, SaleRow, SalesFound
from pos_client.domain.sale_sums import SaleSums, sums_of
from pos_client.domain.sheets import sheets_as_csv
from pos_client.ports.errors import Unavailable
from pos_client.services.shift_snapshots import ShiftSnapshot
from pos_client.settings.model import StationSettings
from pos_client.ui.records.desk import Exported, Format, Unreadable
from pos_client.ui.records.pdf import as_pdf
from pos_client.ui.records.search import ROWS
from pos_client.ui.records.sheets import sheets
from pos_client.ui.records.view_model import understood

SUMMED_MOST = 20_000
"""Sales that are summed or written at once: a week of the busiest station."""


@dataclass(slots=True)
class SalesList:
    """`ui.records.desk.RecordsDesk` of one site. `start` and `stop` with the windows."""

    site: Site
    station: StationSettings
    words: Catalogue
    clock: SystemClock = field(default_factory=SystemClock)
    folder: Path | None = None
    """where files go; None: where a person would look, memory sticks first"""
    _errands: Errands = field(default_factory=Errands)
    _lifecycle: Lifecycle = field(default_factory=lambda: Lifecycle(lambda fault: None))
    _newest: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def speak(self, words: Catalogue) -> None:
        """Files that are written from now on are in this language."""
        self.words = words

    def start(self) -> None:
        """Begin to listen."""
        self._lifecycle.start_again_and_again("sales-list", self._errands.run)

    def stop(self) -> None:
        """End the thread."""
        self._lifecycle.stop()

    def search(self, query: SaleQuery, after: Cursor | None, tell: Callable[[SalesFound | Unreadable], None]) -> None:
        """A page, unless something newer was asked before its turn came."""
        self._ask(lambda: tell(self._page(query, after)))

    def summarise(self, query: SaleQuery, tell: Callable[[SaleSums | Unreadable], None]) -> None:
        """The sums, unless something newer was asked before their turn came."""

        def errand() -> None:
            try:
                rows, cut = self._rows(query)
            except Unavailable as trouble:
                tell(Unreadable(trouble.code))
            else:
                tell(sums_of(rows, cut=cut))

        self._ask(errand)

    def export(
        self, query: SaleQuery, shift: ShiftSnapshot | None, form: Format, tell: Callable[[Exported], None]
    ) -> None:
        """A file named by the moment it was asked for."""
        self._errands.post(lambda: tell(self._write(query, shift, form)))

    # ── on the thread ──────────────────────────────────────────────────────────────────────────────────────────

    def _ask(self, work: Callable[[], None]) -> None:
        with self._lock:
            self._newest += 1
            number = self._newest

        def errand() -> None:
            if number == self._newest:
                work()

        self._errands.post(errand)

    def _page(self, query: SaleQuery, after: Cursor | None) -> SalesFound | Unreadable:
        try:
            with open_reader(self.site.journal) as reader:
                return SalesReader(reader).page(query, after, ROWS)
        except Unavailable as trouble:
            return Unreadable(trouble.code)

    def _rows(self, query: SaleQuery) -> tuple[list[SaleRow], bool]:
        with open_reader(self.site.journal) as reader:
            return SalesReader(reader).newest(query, SUMMED_MOST)

    def _write(self, query: SaleQuery, shift: ShiftSnapshot | None, form: Format) -> Exported:
        try:
            rows, cut = self._rows(query)
        except Unavailable as trouble:
            return Exported(trouble=trouble.code)
        sums, now = sums_of(rows, cut=cut), self.clock.now().wall
        made = sheets(self.words, tuple(rows), sums, shift)
        folder = self.folder or folders(self.site)[0]
        file = (
            folder / f"pos-client-sales-{self.station.station}-{self.station.terminal}-{now:%Y%m%d-%H%M%S}.{form.value}"
        )
        try:
            match form:
                case Format.CSV:
                    write_whole(file, sheets_as_csv(made))
                case Format.XLSX:
                    write_whole(file, as_xlsx(made))
                case Format.PDF:
                    place = self.station.name or self.station.station
                    note = f"{understood(self.words, query)} · {timestamp(now)}"
                    title = f"{self.words.say('records.title')} · {place}"
                    write_whole(file, as_pdf(title, note, made, sums))
        except OSError as error:
            return Exported(trouble=error.strerror or str(error))
        return Exported(str(file), len(rows), cut)
