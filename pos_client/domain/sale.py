"""A sale: one claimed fuelling, who it is for, and how it was paid. A fold of its facts.

    open ──tender──► tendering ──nothing due──► paid
      └─release──► released

States are stored by name; a rename is a migration.
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from pos_client.domain import facts as f
from pos_client.domain.errors import IllegalTransition, RuleViolation
from pos_client.domain.fuelling import FuellingTransaction
from pos_client.domain.identifiers import RedemptionId, SaleId
from pos_client.domain.quantities import Points, Vnd
from pos_client.domain.tender import Tender, TenderKind
from pos_client.value import dataclass


class SaleState(StrEnum):
    """Where a sale stands."""

    OPEN = "open"
    TENDERING = "tendering"
    PAID = "paid"
    RELEASED = "released"


_S = SaleState

TRANSITIONS: dict[tuple[SaleState, type[f.Fact]], SaleState] = {
    (_S.OPEN, f.CustomerAttached): _S.OPEN,
    (_S.OPEN, f.CustomerDetached): _S.OPEN,
    (_S.OPEN, f.TenderTaken): _S.TENDERING,
    (_S.OPEN, f.SaleReleased): _S.RELEASED,
    (_S.TENDERING, f.CustomerAttached): _S.TENDERING,
    (_S.TENDERING, f.CustomerDetached): _S.TENDERING,
    (_S.TENDERING, f.TenderTaken): _S.TENDERING,
    (_S.TENDERING, f.SalePaid): _S.PAID,
}


@dataclass(frozen=True, slots=True)
class AttachedCustomer:
    """The customer on a sale, as far as the journal may know him."""

    sealed_identifier: str
    masked_identifier: str
    masked_name: str
    customer_kind: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Sale:
    """What is owed for one fuelling and what was given. Nothing is due exactly when `due_vnd` is 0."""

    sale_id: SaleId
    fuelling: FuellingTransaction
    receipt_number: str
    state: SaleState = SaleState.OPEN
    customer: AttachedCustomer | None = None
    tenders: tuple[Tender, ...] = ()
    redemptions: tuple[RedemptionId, ...] = ()
    points_expected: Points = 0
    formula_vi: str = ""
    formula_en: str = ""
    paid_at: str | None = None

    @property
    def due_vnd(self) -> Vnd:
        """What is still to be paid, đồng."""
        return self.fuelling.amount_vnd - sum(tender.amount_vnd for tender in self.tenders)

    @property
    def paid_by_points(self) -> Vnd:
        """The part paid with points, which earns nothing (A25)."""
        return sum(tender.amount_vnd for tender in self.tenders if tender.kind is TenderKind.POINTS)

    def check_tender(self, kind: TenderKind, amount_vnd: Vnd) -> None:
        """Raise `RuleViolation` unless this tender fits: positive, not above what is due, sale not finished."""
        if self.state not in (_S.OPEN, _S.TENDERING):
            raise RuleViolation("sale_finished", receipt=self.receipt_number)
        if not 0 < amount_vnd <= self.due_vnd:
            raise RuleViolation("tender_out_of_range", amount=amount_vnd, due=self.due_vnd)

    def apply(self, fact: f.Fact) -> Sale:
        """The sale after one more fact. Raises `IllegalTransition` for a fact the table does not hold."""
        after = TRANSITIONS.get((self.state, type(fact)))
        if after is None:
            raise IllegalTransition("sale", self.state, type(fact).__name__)
        sale = replace(self, state=after)
        match fact:
            case f.CustomerAttached():
                return replace(
                    sale,
                    customer=AttachedCustomer(
                        fact.sealed_identifier,
                        fact.masked_identifier,
                        fact.masked_name,
                        fact.customer_kind,
                        fact.verified,
                    ),
                )
            case f.CustomerDetached():
                return replace(sale, customer=None)
            case f.TenderTaken():
                tender = Tender(TenderKind(fact.kind), fact.amount_vnd)
                spent = (fact.redemption_id,) if fact.redemption_id else ()
                return replace(sale, tenders=(*sale.tenders, tender), redemptions=(*sale.redemptions, *spent))
            case f.SalePaid():
                return replace(
                    sale,
                    points_expected=fact.points_expected,
                    formula_vi=fact.formula_vi,
                    formula_en=fact.formula_en,
                    paid_at=fact.paid_at,
                )
            case _:
                return sale
