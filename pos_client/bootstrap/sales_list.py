"""The books read for the list of sales, on a thread that is neither the windows' nor the terminal's, beside the one
writer: a search of any length costs nobody a moment, and neither does a file of twenty thousand sales."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import field

from pos_client.bootstrap.errands import Errands
from pos_client.bootstrap.files_out import FilesOut
from pos_client.bootstrap.lifecycle import Lifecycle
from pos_client.bootstrap.paths import Site
from pos_client.domain.sale_search import Cursor, SaleQuery, SaleRow, SalesFound
from pos_client.domain.sale_sums import SaleSums, sums_of
from pos_client.ports.errors import Unavailable
from pos_client.ui.exports.document import Document, Exported, Trouble
from pos_client.ui.formats import Format
from pos_client.ui.records.desk import Unreadable
from pos_client.ui.records.search import ROWS
from pos_client.value import dataclass

SUMMED_MOST = 20_000
"""Sales that are summed or written at once: a week of the busiest station."""


@dataclass(slots=True)
class SalesList:
    """`ui.records.desk.RecordsDesk` of one site. `start` and `stop` with the windows."""

    site: Site
    files: FilesOut
    _errands: Errands = field(default_factory=Errands)
    _lifecycle: Lifecycle = field(default_factory=lambda: Lifecycle(lambda fault: None))
    _newest: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

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
        self,
        query: SaleQuery,
        make: Callable[[tuple[SaleRow, ...], SaleSums], Document],
        form: Format,
        tell: Callable[[Exported], None],
    ) -> None:
        """The sales of a query as a file."""

        def errand() -> None:
            try:
                rows, cut = self._rows(query)
            except Unavailable:
                tell(Exported(trouble=Trouble.BOOKS))
            else:
                tell(self.files.write(make(tuple(rows), sums_of(rows, cut=cut)), form))

        self._errands.post(errand)

    def write(self, make: Callable[[], Document], form: Format, tell: Callable[[Exported], None]) -> None:
        """A document as a file."""
        self._errands.post(lambda: tell(self.files.write(make(), form)))

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
        from pos_client.adapters.sqlite.reader import open_reader
        from pos_client.adapters.sqlite.sales import SalesReader

        try:
            with open_reader(self.site.journal) as reader:
                return SalesReader(reader).page(query, after, ROWS)
        except Unavailable as trouble:
            return Unreadable(trouble.code)

    def _rows(self, query: SaleQuery) -> tuple[list[SaleRow], bool]:
        from pos_client.adapters.sqlite.reader import open_reader
        from pos_client.adapters.sqlite.sales import SalesReader

        with open_reader(self.site.journal) as reader:
            return SalesReader(reader).newest(query, SUMMED_MOST)
