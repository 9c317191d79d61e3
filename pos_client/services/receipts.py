"""Receipts out of the books: they grow more certain as central answers, and say so."""

from __future__ import annotations

from pos_client.domain.receipt import PointsLine, Receipt, SpentLine
from pos_client.domain.redemption import RedemptionState
from pos_client.domain.sale import Sale
from pos_client.services.bank_code import pay_code
from pos_client.services.desk import Desk


def last(desk: Desk, copy: bool = False) -> Receipt | None:
    """The receipt of the sale finished last, as far as it is known now."""
    sale = desk.state.sales.get(desk.state.last_sale) if desk.state.last_sale else None
    return None if sale is None else of_sale(desk, sale, copy)


def of_sale(desk: Desk, sale: Sale, copy: bool = False) -> Receipt:
    """The receipt of a sale."""
    station, fuelling, customer = desk.settings.station, sale.fuelling, sale.customer
    return Receipt(
        receipt_number=sale.receipt_number,
        station=station.station,
        station_name=station.name,
        hotline=station.hotline,
        cashier=desk.cashier(),
        point=fuelling.point,
        nozzle=fuelling.nozzle,
        grade_name=fuelling.grade_name,
        unit_price=fuelling.unit_price,
        volume_ml=fuelling.volume_ml,
        amount_vnd=fuelling.amount_vnd,
        finished_at=fuelling.finished_at,
        paid_at=sale.paid_at,
        tenders=sale.tenders,
        masked_name=customer.masked_name or None if customer else _redeemer(desk, sale),
        masked_identifier=customer.masked_identifier if customer else None,
        earned=_earned(desk, sale),
        spent=_spent(desk, sale),
        recovered=fuelling.recovered,
        price_mark=fuelling.price_mark,
        listed_price=fuelling.listed_price,
        copy=copy,
        pay_code=pay_code(desk, sale),
    )


def _redeemer(desk: Desk, sale: Sale) -> str | None:
    redemptions = [desk.state.redemptions[i] for i in sale.redemptions if i in desk.state.redemptions]
    return redemptions[0].masked_name if redemptions else None


def _earned(desk: Desk, sale: Sale) -> PointsLine | None:
    accrual = next((a for a in desk.state.accruals.values() if a.sale_id == sale.sale_id), None)
    if accrual is None:
        return None
    if accrual.posted is not None:
        return accrual.posted
    return PointsLine(sale.points_expected, sale.formula_vi, sale.formula_en, confirmed=False)


def _spent(desk: Desk, sale: Sale) -> SpentLine | None:
    points = sale.paid_by_points
    if not points:
        return None
    redemptions = [desk.state.redemptions[i] for i in sale.redemptions if i in desk.state.redemptions]
    captured = all(r.state is RedemptionState.CAPTURED for r in redemptions)
    balance = next(
        (desk.state.balances[r.redemption_id] for r in redemptions if r.redemption_id in desk.state.balances), None
    )
    offline = any(r.voucher_id is not None for r in redemptions)
    return SpentLine(points, captured and bool(redemptions), balance, offline)
