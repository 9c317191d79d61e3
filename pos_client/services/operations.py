"""The newest uses and credits of points, as the journal tells them. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field, replace
from datetime import datetime

from pos_client.domain import facts as f
from pos_client.domain.journal import JournalEntry
from pos_client.ports.central import Undone
from pos_client.services.operation_snapshots import OperationRow, OperationState
from pos_client.value import dataclass

_S = OperationState


def told(newest_first: Iterable[JournalEntry]) -> tuple[OperationRow, ...]:
    """The operations of a stretch of the journal, newest first. What lies before the stretch is left open in a row."""
    teller = _Teller()
    for entry in reversed(tuple(newest_first)):
        teller.hear(entry.fact, entry.at)
    return tuple(teller.row(each) for each in reversed(teller.rows.values()))


@dataclass(slots=True)
class _Teller:
    rows: dict[str, OperationRow] = field(default_factory=dict)
    receipts: dict[str, str] = field(default_factory=dict)
    """sale -> its number"""
    customers: dict[str, str] = field(default_factory=dict)
    """sale or redemption -> whose"""
    sales: dict[str, str] = field(default_factory=dict)
    """operation -> its sale"""
    reversals: dict[str, str] = field(default_factory=dict)
    """reversal -> what it undoes"""
    expected: dict[str, int] = field(default_factory=dict)
    """sale -> points our own engine expects of it"""

    def hear(self, fact: f.Fact, at: datetime) -> None:
        """One more fact."""
        match fact:
            case f.SaleOpened():
                self.receipts[fact.sale_id] = fact.receipt_number
            case f.CustomerAttached():
                self.customers[fact.sale_id] = fact.masked_name or fact.masked_identifier
            case f.SalePaid():
                self.expected[fact.sale_id] = fact.points_expected
            case f.TenderTaken(redemption_id=str() as redemption_id):
                self.sales[redemption_id] = fact.sale_id
            case f.HoldIntended() | f.OfflineSpendIntended():
                self.customers[fact.redemption_id] = fact.masked_name
            case f.ClaimUsed():
                self.customers[fact.accrual_id] = fact.masked_name or fact.masked_identifier
                self._amend(fact.accrual_id, points=fact.points_expected)
            case f.AccrualStated():
                self.sales[fact.accrual_id] = fact.sale_id
                points = self.expected.get(fact.sale_id, 0)
                self.rows[fact.accrual_id] = OperationRow(Undone.ACCRUAL, fact.accrual_id, at, points, _S.WAITING)
            case f.AccrualPosted():
                self._amend(fact.accrual_id, state=_S.DONE, points=fact.points)
            case f.AccrualRefused():
                self._amend(fact.accrual_id, state=_S.REFUSED, problem=fact.code)
            case f.Captured():
                row = OperationRow(Undone.REDEMPTION, fact.redemption_id, at, -fact.points_debited, _S.DONE)
                self.rows[fact.redemption_id] = row
            case f.ReversalIntended():
                self.reversals[fact.reversal_id] = fact.operation_id
                self._amend(fact.operation_id, state=_S.REVERSING)
            case f.ReversalPosted():
                self._amend(self.reversals.get(fact.reversal_id, ""), state=_S.REVERSED)
            case f.ReversalRefused():
                self._amend(self.reversals.get(fact.reversal_id, ""), state=_S.DONE, problem=fact.code)
            case _:
                pass

    def _amend(self, operation_id: str, **values: object) -> None:
        if operation_id in self.rows:
            self.rows[operation_id] = replace(self.rows[operation_id], **values)  # type: ignore[arg-type]  # by name

    def row(self, row: OperationRow) -> OperationRow:
        """With its sale's number and its customer, as far as they were told."""
        sale = self.sales.get(row.operation_id, "")
        customer = self.customers.get(row.operation_id) or self.customers.get(sale, "")
        return replace(row, receipt_number=self.receipts.get(sale, ""), masked_customer=customer)
