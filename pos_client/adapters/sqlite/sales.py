"""Sales looked for in a journal of any length: a page at a time, newest first, each step bounded.

What is looked for chooses the index: the end of a bill number, an amount, a customer, else time. The rest of the query
is held against each sale found there, so one that nothing fits is still no long reading: a step looks at `LOOKED_MOST`
sales at the most, says where it stands, and is asked again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field

from pos_client.adapters.sqlite.reader import JournalReader
from pos_client.domain.identifiers import SaleId
from pos_client.domain.sale_search import BILL_TAIL, Cursor, SaleQuery, SaleRow, SalesFound, fits, fuelling_of, row_of
from pos_client.value import dataclass

LOOKED_MOST = 1500
BATCH = 60
_BEHIND_ALL = (1 << 62, "\uffff")


@dataclass(slots=True)
class SalesReader:
    """Over an open journal."""

    reader: JournalReader
    _seen: set[SaleId] = field(default_factory=set)

    def page(self, query: SaleQuery, after: Cursor | None, rows: int) -> SalesFound:
        """So many sales that fit, behind a place. Raises `Unavailable`."""
        found: list[SaleRow] = []
        looked, cursor = 0, after
        for cursor, sale_id in self._candidates(query, after):
            looked += 1
            if sale_id not in self._seen and (row := self.sale(sale_id)) is not None and fits(query, row):
                self._seen.add(sale_id)
                found.append(row)
            if len(found) == rows or looked == LOOKED_MOST:
                return SalesFound(tuple(found), cursor, looked)
        return SalesFound(tuple(found), None, looked)

    def newest(self, query: SaleQuery, most: int) -> tuple[list[SaleRow], bool]:
        """The newest sales that fit, at the most so many; whether there are more. Raises `Unavailable`."""
        found: list[SaleRow] = []
        for _, sale_id in self._candidates(query, None):
            if sale_id in self._seen or (row := self.sale(sale_id)) is None or not fits(query, row):
                continue
            self._seen.add(sale_id)
            if len(found) == most:
                return found, True
            found.append(row)
        return found, False

    def sale(self, sale_id: SaleId) -> SaleRow | None:
        """One sale; None: it was not paid."""
        entries = self.reader.entries_of(sale_id)
        fuelling = fuelling_of(entries)
        return None if fuelling is None else row_of(entries, self.reader.entries_of(fuelling))

    def _candidates(self, query: SaleQuery, after: Cursor | None) -> Iterator[tuple[Cursor, SaleId]]:
        """Sales one index offers, behind a place; each with its own place."""
        sources = _sources(query)
        first = after.source if after is not None else 0
        for number, (name, values) in enumerate(sources):
            if number < first:
                continue
            seq, at = (after.seq, after.at) if after is not None and number == first else _BEHIND_ALL
            if name == "sales_paid" and query.until is not None:
                at = min(at, query.until.isoformat())
            while batch := self.reader.found(name, **values, **_place(name, at, seq), limit=BATCH):
                for at, seq, subject in batch:
                    yield Cursor(number, str(at), int(seq)), SaleId(subject)


def _place(name: str, at: str, seq: int) -> dict[str, int | str]:
    return {"at": at, "seq": seq} if name == "sales_paid" else {"seq": seq}


def _sources(query: SaleQuery) -> list[tuple[str, dict[str, int | str]]]:
    """The narrowest index there is for a query; of digits that may be two things, both."""
    if query.bill is not None:
        return [("sales_by_bill", {"bill": _tail(query.bill)})]
    if query.number is not None:
        return [("sales_by_bill", {"bill": _tail(query.number)}), ("sales_by_amount", {"amount_vnd": query.number})]
    if query.customer and not query.customer.startswith("*"):
        return [("sales_by_customer", {"customer": query.customer})]
    if query.amount_vnd is not None:
        return [("sales_by_amount", {"amount_vnd": query.amount_vnd})]
    return [("sales_paid", {"since": query.since.isoformat() if query.since is not None else ""})]


def _tail(number: int) -> str:
    return f"{number:0{BILL_TAIL}d}"[-BILL_TAIL:]
