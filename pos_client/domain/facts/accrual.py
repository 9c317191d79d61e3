"""Points earned."""

from __future__ import annotations

from pos_client.domain.facts.base import Fact
from pos_client.domain.identifiers import AccrualId, FuellingId, SaleId
from pos_client.domain.quantities import Points
from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class AccrualStated(Fact):
    """Points are claimed for a paid sale; its outbox item is in the same transaction."""

    accrual_id: AccrualId
    sale_id: SaleId
    fuelling_id: FuellingId


@dataclass(frozen=True, slots=True)
class AccrualPosted(Fact):
    """Central credited the points."""

    accrual_id: AccrualId
    points: Points
    balance_before: Points
    balance_after: Points
    formula_vi: str
    formula_en: str


@dataclass(frozen=True, slots=True)
class AccrualUnderReview(Fact):
    """Central has kept the statement; a person there decides whether it earns, and tells the customer. `code`: why."""

    accrual_id: AccrualId
    code: str


@dataclass(frozen=True, slots=True)
class AccrualRefused(Fact):
    """Central will never credit this statement; a person looks at it. Nothing is deleted (I18)."""

    accrual_id: AccrualId
    code: str
