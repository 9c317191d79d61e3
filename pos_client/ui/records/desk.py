"""What the list of sales needs from outside. No call here waits: answers come through the callable that was given, in
another thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from pos_client.domain.sale_search import Cursor, SaleQuery, SaleRow, SalesFound
from pos_client.domain.sale_sums import SaleSums
from pos_client.ui.exports.document import Document, ExportDesk, Exported
from pos_client.ui.formats import Format
from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The books could not be read now; `code` is that of the notice which says so."""

    code: str


class RecordsDesk(ExportDesk, Protocol):
    """Somebody who reads the books beside the terminal."""

    def search(self, query: SaleQuery, after: Cursor | None, tell: Callable[[SalesFound | Unreadable], None]) -> None:
        """A page of sales, newest first, behind a place. Of searches that still wait only the newest is begun."""

    def summarise(self, query: SaleQuery, tell: Callable[[SaleSums | Unreadable], None]) -> None:
        """What the sales of a query come to, by day, hour, grade and tender."""

    def export(
        self,
        query: SaleQuery,
        make: Callable[[tuple[SaleRow, ...], SaleSums], Document],
        form: Format,
        tell: Callable[[Exported], None],
    ) -> None:
        """The sales of a query and what they come to, as the document that is made of them."""
