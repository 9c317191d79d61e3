"""The books read for the list of sales, on a thread that is neither the windows' nor the terminal's, beside the one
writer: a search of any length costs nobody a moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from pos_client.adapters.sqlite.reader import open_reader
from pos_client.adapters.sqlite.sales import SalesReader
from pos_client.bootstrap.errands import Errands
from pos_client.bootstrap.lifecycle import Lifecycle
from pos_client.bootstrap.paths import Site
from pos_client.domain.sale_search import Cursor, SaleQuery, SalesFound
from pos_client.ports.errors import Unavailable
from pos_client.ui.records.desk import Unreadable
from pos_client.ui.records.search import ROWS


@dataclass(slots=True)
class SalesList:
    """`ui.records.desk.RecordsDesk` of one site. `start` and `stop` with the windows."""

    site: Site
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
        with self._lock:
            self._newest += 1
            number = self._newest

        def errand() -> None:
            if number == self._newest:
                tell(self._page(query, after))

        self._errands.post(errand)

    def _page(self, query: SaleQuery, after: Cursor | None) -> SalesFound | Unreadable:
        try:
            with open_reader(self.site.journal) as reader:
                return SalesReader(reader).page(query, after, ROWS)
        except Unavailable as trouble:
            return Unreadable(trouble.code)
