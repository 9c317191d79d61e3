"""A sale."""

from __future__ import annotations

from pos_client.domain.facts.base import Fact
from pos_client.domain.identifiers import FuellingId, RedemptionId, SaleId
from pos_client.domain.quantities import Points, Vnd
from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class SaleOpened(Fact):
    """This till claimed a fuelling and opened a sale for it."""

    sale_id: SaleId
    fuelling_id: FuellingId
    receipt_number: str


@dataclass(frozen=True, slots=True)
class CustomerAttached(Fact):
    """A customer was put on a sale. The identifier itself is sealed to central."""

    sale_id: SaleId
    sealed_identifier: str
    masked_identifier: str
    masked_name: str
    customer_kind: str
    verified: bool


@dataclass(frozen=True, slots=True)
class CustomerDetached(Fact):
    """The customer was taken off again. `by`: customer (key 0), cashier, central."""

    sale_id: SaleId
    by: str


@dataclass(frozen=True, slots=True)
class TenderTaken(Fact):
    """A part of the sale was paid. A points tender names its redemption."""

    sale_id: SaleId
    kind: str
    amount_vnd: Vnd
    redemption_id: RedemptionId | None = None


@dataclass(frozen=True, slots=True)
class SaleReleased(Fact):
    """The claim was given back; the fuelling waits for somebody again."""

    sale_id: SaleId
    reason: str


@dataclass(frozen=True, slots=True)
class SalePaid(Fact):
    """Nothing is due any more. `points_expected` is what our own engine says it earns; central decides."""

    sale_id: SaleId
    paid_at: str
    points_expected: Points
    formula_vi: str
    formula_en: str
