"""What each cashier did at each station in a stretch of time, by the tills' journals: a list for people (reliability
4.3, ranking per cashier). It accuses nobody: whoever works at night sees the same lorry every day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import field

from sqlalchemy import select

from pos_client.sandbox.central.ledger import price_report, told
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.ledger.price_report import Mismatch
from pos_client.sandbox.central.storage.tables import accruals
from pos_client.value import dataclass

STATED, HELD, VOIDED, NOTED = "AccrualStated", "HoldIntended", "VoidIntended", "SignNoted"
REPRINTED, COMPLETED = "ReceiptReprinted", "FuellingCompleted"
KINDS = (STATED, HELD, VOIDED, NOTED, REPRINTED, COMPLETED)
AT_LEAST = 10
"""Of fewer, no share says anything."""
AT_ONCE = 500


@dataclass(slots=True)
class CashierRow:
    """One cashier at one station. `ids`: how often each account earned at his till."""

    station: str
    name: str
    ids: Counter[str] = field(default_factory=Counter)
    accruals: set[str] = field(default_factory=set)
    holds: set[str] = field(default_factory=set)
    voids: set[str] = field(default_factory=set)
    signs: set[str] = field(default_factory=set)
    reprints: set[str] = field(default_factory=set)
    mismatches: int = 0

    @property
    def most_of_one(self) -> int:
        """How many of the accruals were one and the same account's."""
        return max(self.ids.values(), default=0)

    @property
    def one_id_percent(self) -> int | None:
        """The share of that account; None of too few."""
        return self.most_of_one * 100 // len(self.accruals) if len(self.accruals) >= AT_LEAST else None

    @property
    def voided_percent(self) -> int | None:
        """The share of holds that were given back; None of too few."""
        return len(self.voids) * 100 // len(self.holds) if len(self.holds) >= AT_LEAST else None


def of_period(book: Book, begins_ms: int, ends_ms: int) -> tuple[list[CashierRow], list[Mismatch]]:
    """Everybody who did something in that time, by station and name; and every fuelling at another price than the
    list's."""
    found: dict[tuple[str, str], CashierRow] = {}
    prices, wrong = price_report.price_lists(book), dict[str, Mismatch]()
    whose: dict[str, CashierRow] = {}
    for row in told.rows(book, begins_ms, ends_ms, KINDS):
        station = row.terminal.rpartition("-")[0]
        cashier = found.setdefault((station, row.cashier), CashierRow(station, row.cashier))
        match row.kind:
            case "AccrualStated":
                name = str(row.body.get("accrual_id", ""))
                cashier.accruals.add(name)
                whose[name] = cashier
            case "HoldIntended":
                cashier.holds.add(str(row.body.get("redemption_id", "")))
            case "VoidIntended":
                cashier.voids.add(str(row.body.get("redemption_id", "")))
            case "SignNoted":
                cashier.signs.add(str(row.body.get("sign_id", "")))
            case "ReceiptReprinted":
                cashier.reprints.add(str(row.body.get("reprint_id", "")))
            case _:
                fuelling, mismatch = str(row.body.get("fuelling_id", "")), price_report.mismatch(prices, row)
                if mismatch is not None and fuelling not in wrong:
                    wrong[fuelling] = mismatch
                    cashier.mismatches += 1
    for name, account in _accounts(book, list(whose)):
        whose[name].ids[account] += 1
    return sorted(found.values(), key=lambda each: (each.station, each.name)), list(wrong.values())


def _accounts(book: Book, names: list[str]) -> Iterable[tuple[str, str]]:
    """(accrual, account), of those central has taken."""
    for first in range(0, len(names), AT_ONCE):
        some = select(accruals.c.id, accruals.c.account).where(accruals.c.id.in_(names[first : first + AT_ONCE]))
        yield from ((row.id, row.account) for row in book.db.execute(some))
