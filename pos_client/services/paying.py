"""Points as a tender of the open sale: what they may buy, and how they pay."""

from __future__ import annotations

from pos_client.domain import facts as f
from pos_client.domain.errors import RuleViolation
from pos_client.domain.price_mark import PriceMark
from pos_client.domain.redemption import Redemption
from pos_client.domain.sale import Sale
from pos_client.ports import central as c
from pos_client.services import outgoing
from pos_client.services.checkout import Checkout
from pos_client.services.desk import Desk
from pos_client.services.prices import Prices


def check_prices(desk: Desk, prices: Prices, sale: Sale | None) -> None:
    """Raises `RuleViolation`: points buy fuel at the list's price alone (I17); money is taken all the same."""
    if sale is not None and sale.fuelling.price_mark is PriceMark.MISMATCH:
        fuelling = sale.fuelling
        raise RuleViolation(
            "points_price_differs",
            point=fuelling.point,
            pump_price=fuelling.unit_price,
            list_price=fuelling.listed_price,
        )
    if sale is None and all(prices.obstacle(p.point) for p in desk.forecourt.points):
        raise RuleViolation("no_pump_for_gift")


def pay(
    desk: Desk, checkout: Checkout, redemption: Redemption, consent: f.ConsentGiven | f.OfflineSpendIntended
) -> None:
    """Consent (or the taking of a voucher), tender and statement in one transaction: none is lost alone."""
    assert redemption.sale_id is not None
    sale = desk.state.sales[redemption.sale_id]
    fuelling = sale.fuelling
    facts, items = checkout.points_tender(sale, redemption)
    spent = next(fact.amount_vnd for fact in facts if isinstance(fact, f.TenderTaken))
    capture = outgoing.state_fuel(
        desk,
        redemption,
        c.Capture(
            redemption_id=redemption.redemption_id,
            point=fuelling.point,
            nozzle=fuelling.nozzle,
            grade_code=fuelling.grade_code,
            volume_ml=fuelling.volume_ml,
            amount_vnd=spent,
            start_totalizer_ml=None,
            end_totalizer_ml=fuelling.end_odometer_ml,
            fuelled_at=fuelling.finished_at,
            derived=fuelling.recovered,
        ),
    )
    finished = f.DispenseFinished(redemption.redemption_id, fuelling.fuelling_id, fuelling.volume_ml, spent)
    paid = any(isinstance(fact, f.SalePaid) for fact in facts)
    closed = (sale.sale_id, fuelling.fuelling_id) if paid else ()
    desk.record(consent, finished, *facts, items=(*items, capture), closed=closed)
    checkout.after_points(sale.sale_id)
