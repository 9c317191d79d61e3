"""What the list of sales needs from outside. No call here waits: answers come through the callable that was given, in
another thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from pos_client.domain.sale_search import Cursor, SaleQuery, SalesFound
from pos_client.domain.sale_sums import SaleSums
from pos_client.services.shift_snapshots import ShiftSnapshot


class Format(StrEnum):
    """How a list leaves the program."""

    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"


@dataclass(frozen=True, slots=True)
class Exported:
    """A file that was written, with so many sales (`cut`: the newest of more), or why it was not."""

    file: str = ""
    sales: int = 0
    cut: bool = False
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The books could not be read now; `code` is that of the notice which says so."""

    code: str


class RecordsDesk(Protocol):
    """Somebody who reads the books beside the terminal."""

    def search(self, query: SaleQuery, after: Cursor | None, tell: Callable[[SalesFound | Unreadable], None]) -> None:
        """A page of sales, newest first, behind a place. Of searches that still wait only the newest is begun."""

    def summarise(self, query: SaleQuery, tell: Callable[[SaleSums | Unreadable], None]) -> None:
        """What the sales of a query come to, by hour, grade and tender."""

    def export(
        self, query: SaleQuery, shift: ShiftSnapshot | None, form: Format, tell: Callable[[Exported], None]
    ) -> None:
        """The sales of a query, their sums, and the shift's meters as a file."""
