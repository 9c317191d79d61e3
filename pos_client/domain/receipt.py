"""A receipt is a view of journal facts: what was sold, how it was paid, what it brought. It decides nothing."""

from __future__ import annotations

from pos_client.domain.price_mark import PriceMark
from pos_client.domain.quantities import Millilitres, Points, Vnd, VndPerLitre
from pos_client.domain.tender import Tender
from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class PointsLine:
    """Points earned or expected. `confirmed`: central has posted them; otherwise they wait for it.

    Balances are central's, and None when it has not told them.
    """

    points: Points
    formula_vi: str
    formula_en: str
    confirmed: bool
    balance_before: Points | None = None
    balance_after: Points | None = None


@dataclass(frozen=True, slots=True)
class SpentLine:
    """Points spent. `confirmed`: captured by central; otherwise the capture is on its way."""

    points: Points
    confirmed: bool
    balance_after: Points | None = None
    offline: bool = False
    """with a signed voucher, while central was away"""


@dataclass(frozen=True, slots=True)
class Receipt:
    """All a receipt says. `receipt_number` is also its QR. Not paid, it is a bill. Times are UTC+7, ISO 8601."""

    receipt_number: str
    station: str
    station_name: str
    cashier: str
    point: int
    nozzle: int
    grade_name: str
    unit_price: VndPerLitre
    volume_ml: Millilitres
    amount_vnd: Vnd
    finished_at: str
    paid_at: str | None
    tenders: tuple[Tender, ...]
    masked_name: str | None = None
    masked_identifier: str | None = None
    earned: PointsLine | None = None
    spent: SpentLine | None = None
    recovered: bool = False
    price_mark: PriceMark = PriceMark.NONE
    listed_price: VndPerLitre = 0
    """the list's price at nozzle lift, where `price_mark` says that it matters"""
    claim_code: str = ""
    """of an anonymous sale: with it its points can be claimed later; on the first print alone"""
    copy: bool = False
    pay_code: str = ""
    """the VietQR of what is due; empty: nothing, or it cannot be paid that way"""
    hotline: str = "1900 2828"
