"""A fuelling transaction: one delivery, its proof in totalizers, and who has the right to sell it.

    completed ──claim──► claimed ──sale paid──► settled
        ▲──────release──────┘

The money is the pump's; litres x price is only a check. `recovered` transactions are the ones nobody saw end.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from pos_client.domain import facts as f
from pos_client.domain.errors import IllegalTransition
from pos_client.domain.identifiers import FuellingId, NozzleId, PointId, RedemptionId
from pos_client.domain.quantities import Millilitres, Vnd, VndPerLitre


class FuellingState(StrEnum):
    """Who may sell this fuelling."""

    COMPLETED = "completed"
    CLAIMED = "claimed"
    SETTLED = "settled"


_S = FuellingState

TRANSITIONS: dict[tuple[FuellingState, type[f.Fact]], FuellingState] = {
    (_S.COMPLETED, f.SaleOpened): _S.CLAIMED,
    (_S.CLAIMED, f.SaleReleased): _S.COMPLETED,
    (_S.CLAIMED, f.SalePaid): _S.SETTLED,
}
"""What is absent is illegal: no two sales of the same litres (I7)."""


@dataclass(frozen=True, slots=True)
class FuellingTransaction:
    """One delivery at one nozzle."""

    fuelling_id: FuellingId
    point: PointId
    nozzle: NozzleId
    grade_code: str
    grade_name: str
    unit_price: VndPerLitre
    volume_ml: Millilitres
    amount_vnd: Vnd
    end_totalizer_ml: Millilitres
    finished_at: str
    recovered: bool = False
    redemption_id: RedemptionId | None = None
    state: FuellingState = FuellingState.COMPLETED

    def apply(self, fact: f.Fact) -> FuellingTransaction:
        """The transaction after one more fact. Raises `IllegalTransition` for a fact the table does not hold."""
        after = TRANSITIONS.get((self.state, type(fact)))
        if after is None:
            raise IllegalTransition("fuelling", self.state, type(fact).__name__)
        return replace(self, state=after)


def from_fact(fact: f.FuellingCompleted) -> FuellingTransaction:
    """The transaction a completed fuelling opens."""
    return FuellingTransaction(
        fuelling_id=fact.fuelling_id,
        point=fact.point,
        nozzle=fact.nozzle,
        grade_code=fact.grade_code,
        grade_name=fact.grade_name,
        unit_price=fact.unit_price,
        volume_ml=fact.volume_ml,
        amount_vnd=fact.amount_vnd,
        end_totalizer_ml=fact.end_totalizer_ml,
        finished_at=fact.finished_at,
        recovered=fact.recovered,
        redemption_id=fact.redemption_id,
    )
