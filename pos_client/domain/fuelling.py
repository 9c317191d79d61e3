"""A fuelling transaction: one delivery, its proof in totalizers, and who has the right to sell it.

    tested ◄──marked a test──┐   ┌──drove off──► driven off
                             │   │ ◄──returned──────┘
                           completed ──claim──► claimed ──sale paid──► settled
                             │   ▲ ▲──────release──┘
                             │   └──lapsed──┐
                             └──handed over─► handed over ──sold there──► taken over

The money is the pump's; litres x price is only a check. `recovered` transactions are the ones nobody saw end.
States are stored by name; a rename is a migration.
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from pos_client.domain import facts as f
from pos_client.domain.errors import IllegalTransition
from pos_client.domain.identifiers import FuellingId, NozzleId, PointId, RedemptionId, TerminalId
from pos_client.domain.price_mark import PriceMark
from pos_client.domain.quantities import Millilitres, Vnd, VndPerLitre
from pos_client.domain.sale_type import SaleType
from pos_client.value import dataclass


class FuellingState(StrEnum):
    """Who may sell this fuelling, if anybody."""

    COMPLETED = "completed"
    CLAIMED = "claimed"
    SETTLED = "settled"
    HANDED_OVER = "handed_over"
    """another till may sell it, for as long as its claim lives"""
    DRIVEN_OFF = "driven_off"
    TESTED = "tested"
    """back in the tank: never sold"""
    TAKEN_OVER = "taken_over"
    """another till has made its claim firm: it sells it"""


_S = FuellingState

TRANSITIONS: dict[tuple[FuellingState, type[f.Fact]], FuellingState] = {
    (_S.COMPLETED, f.SaleOpened): _S.CLAIMED,
    (_S.CLAIMED, f.SaleReleased): _S.COMPLETED,
    (_S.CLAIMED, f.SalePaid): _S.SETTLED,
    (_S.COMPLETED, f.FuellingHandedOver): _S.HANDED_OVER,
    (_S.HANDED_OVER, f.HandOverLapsed): _S.COMPLETED,
    (_S.HANDED_OVER, f.FuellingTakenOver): _S.TAKEN_OVER,
    (_S.COMPLETED, f.FuellingTakenOver): _S.TAKEN_OVER,
    (_S.COMPLETED, f.DroveOff): _S.DRIVEN_OFF,
    (_S.DRIVEN_OFF, f.DriveOffReturned): _S.COMPLETED,
    (_S.COMPLETED, f.PumpTestMarked): _S.TESTED,
    (_S.COMPLETED, f.FuellingPriced): _S.COMPLETED,
}
"""What is absent is illegal: no two sales of the same litres (I7), and nothing paid is ever a drive-off or a test."""

WAITING_TO_BE_SOLD = frozenset({_S.COMPLETED, _S.HANDED_OVER})
"""Nobody has paid for it, and no sale of this till is open for it."""

NEVER_SOLD_HERE = frozenset({_S.TESTED, _S.TAKEN_OVER})

FateOfFuelling = (
    f.FuellingPriced
    | f.FuellingHandedOver
    | f.HandOverLapsed
    | f.FuellingTakenOver
    | f.PumpTestMarked
    | f.DroveOff
    | f.DriveOffReturned
)
"""What becomes of a fuelling beside its sale."""


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
    end_odometer_ml: Millilitres
    """the nozzle's totalizer at its end, as head office is told it: it never shows that again"""
    finished_at: str
    recovered: bool = False
    redemption_id: RedemptionId | None = None
    sale_type: SaleType = SaleType.SALE
    handed_to: TerminalId | None = None
    """the till that may sell it instead"""
    listed_price: VndPerLitre = 0
    price_mark: PriceMark = PriceMark.NONE
    time_quality: str = ""
    """how sure `finished_at` is; empty: nobody said"""
    state: FuellingState = FuellingState.COMPLETED

    @property
    def has_price(self) -> bool:
        """Whether it can be sold at all: litres recovered at a nozzle nobody configured have no price yet."""
        return self.amount_vnd > 0

    def apply(self, fact: f.Fact) -> FuellingTransaction:
        """The transaction after one more fact. Raises `IllegalTransition` for a fact the table does not hold."""
        after = TRANSITIONS.get((self.state, type(fact)))
        if after is None:
            raise IllegalTransition("fuelling", self.state, type(fact).__name__)
        match fact:
            case f.FuellingPriced():
                return replace(
                    self,
                    grade_code=fact.grade_code,
                    grade_name=fact.grade_name,
                    unit_price=fact.unit_price,
                    amount_vnd=fact.amount_vnd,
                )
            case f.FuellingHandedOver():
                return replace(self, state=after, handed_to=fact.till)
            case _:
                return replace(self, state=after, handed_to=None)


def from_fact(fact: f.FuellingCompleted) -> FuellingTransaction:
    """The transaction a completed fuelling opens. One that was dispensed as a pump test is over at once."""
    sale_type = SaleType(fact.sale_type)
    return FuellingTransaction(
        fuelling_id=fact.fuelling_id,
        point=fact.point,
        nozzle=fact.nozzle,
        grade_code=fact.grade_code,
        grade_name=fact.grade_name,
        unit_price=fact.unit_price,
        volume_ml=fact.volume_ml,
        amount_vnd=fact.amount_vnd,
        end_odometer_ml=fact.end_odometer_ml,
        finished_at=fact.finished_at,
        recovered=fact.recovered,
        redemption_id=fact.redemption_id,
        sale_type=sale_type,
        state=_S.COMPLETED if sale_type is SaleType.SALE else _S.TESTED,
        listed_price=fact.listed_price,
        price_mark=PriceMark(fact.price_mark),
        time_quality=fact.time_quality,
    )
