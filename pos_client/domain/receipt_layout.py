"""A receipt as lines of paper, in the order of its template. Pure: the same receipt in the same words gives the same
lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from pos_client.domain import formatting
from pos_client.domain.catalogue import Catalogue
from pos_client.domain.paper import GAP, RULE, Line, Style, centred, fitted
from pos_client.domain.price_mark import PriceMark
from pos_client.domain.receipt import PointsLine, Receipt, SpentLine
from pos_client.domain.receipt_template import STANDARD, PartName, ReceiptTemplate


def layout(
    receipt: Receipt, catalogue: Catalogue, columns: int, template: ReceiptTemplate = STANDARD
) -> tuple[Line, ...]:
    """The lines of a receipt, each at the most `columns` (24 or more) characters wide."""
    return fitted(_lines(receipt, catalogue, template), columns)


def _lines(receipt: Receipt, words: Catalogue, template: ReceiptTemplate) -> Iterator[Line]:
    for part in template.parts:
        if part.name is None:
            yield part.line
        else:
            yield from _PARTS[part.name](receipt, words)


def _station(receipt: Receipt, words: Catalogue) -> Iterator[Line]:
    yield from centred(receipt.station_name or receipt.station, Style.STRONG)
    if receipt.station_name:
        yield from centred(receipt.station)


def _title(receipt: Receipt, words: Catalogue) -> Iterator[Line]:
    paid = receipt.paid_at is not None
    yield from centred(words.say("receipt.title" if paid else "receipt.title_bill"), Style.LARGE)
    if receipt.copy:
        yield from centred(words.say("receipt.copy"), Style.STRONG)
    if receipt.recovered:
        yield from centred(words.say("receipt.recovered"), Style.STRONG)


def _numbers(receipt: Receipt, words: Catalogue) -> Iterator[Line]:
    yield Line(words.say("receipt.number"), receipt.receipt_number)
    yield Line(words.say("receipt.time"), _timestamp(receipt.paid_at or receipt.finished_at))
    if receipt.cashier:
        yield Line(words.say("receipt.cashier"), receipt.cashier)


def _qr(receipt: Receipt, words: Catalogue) -> Iterator[Line]:
    if receipt.pay_code:
        yield from centred(words.say("receipt.pay_code"), Style.STRONG)
    if receipt.claim_code:
        yield from centred(words.say("receipt.claim", code=receipt.claim_code))
    yield Line(receipt.pay_code or receipt.claim_code or receipt.receipt_number, style=Style.QR)


def _sale(receipt: Receipt, words: Catalogue) -> Iterator[Line]:
    place = words.say("receipt.place", point=receipt.point, nozzle=receipt.nozzle)
    yield Line(receipt.grade_name, place, style=Style.STRONG)
    yield Line(words.say("receipt.volume"), words.say("receipt.litres", litres=formatting.litres(receipt.volume_ml)))
    yield Line(words.say("receipt.price"), words.say("receipt.per_litre", price=formatting.money(receipt.unit_price)))
    yield from _price_mark(receipt, words)
    yield Line(words.say("receipt.total"), formatting.money(receipt.amount_vnd), style=Style.LARGE)


def _price_mark(receipt: Receipt, words: Catalogue) -> Iterator[Line]:
    match receipt.price_mark:
        case PriceMark.CROSSED if receipt.recovered:
            yield Line(words.say("receipt.price_crossed_unseen"))
        case PriceMark.CROSSED:
            yield Line(words.say("receipt.price_crossed"))
        case PriceMark.MISMATCH if receipt.listed_price:
            yield Line(words.say("receipt.price_mismatch", price=formatting.money(receipt.listed_price)))
        case PriceMark.MISMATCH:
            yield Line(words.say("receipt.price_unlisted"))
        case PriceMark.NONE:
            return


def _tenders(receipt: Receipt, words: Catalogue) -> Iterator[Line]:
    for tender in receipt.tenders:
        yield Line(words.say(f"receipt.tender.{tender.kind.value}"), formatting.money(tender.amount_vnd))
    due = receipt.amount_vnd - sum(tender.amount_vnd for tender in receipt.tenders)
    if due or receipt.paid_at is None:
        yield Line(words.say("receipt.unpaid"), formatting.money(due), style=Style.STRONG)


def _points(receipt: Receipt, words: Catalogue) -> Iterator[Line]:
    if not (receipt.masked_name or receipt.masked_identifier or receipt.earned or receipt.spent):
        return
    yield RULE
    if receipt.masked_name:
        yield Line(words.say("receipt.customer"), receipt.masked_name)
    if receipt.masked_identifier:
        yield Line(words.say("receipt.identifier"), receipt.masked_identifier)
    if receipt.spent is not None:
        yield from _spent(receipt.spent, words)
    if receipt.earned is not None:
        yield from _earned(receipt.earned, words)
    before, after = _balances(receipt)
    if before is not None:
        yield Line(words.say("receipt.balance_before"), _count(before, words))
    if after is not None:
        yield Line(words.say("receipt.balance_after"), _count(after, words), style=Style.STRONG)
    if any(line is not None and not line.confirmed for line in (receipt.earned, receipt.spent)):
        yield from centred(words.say("receipt.waiting"))


def _spent(spent: SpentLine, words: Catalogue) -> Iterator[Line]:
    key = "receipt.spent" if spent.confirmed else "receipt.spent_waiting"
    yield Line(words.say(key), f"-{_count(spent.points, words)}", style=Style.STRONG)
    if spent.offline and not spent.confirmed:
        yield from centred(words.say("receipt.spent_offline"))


def _earned(earned: PointsLine, words: Catalogue) -> Iterator[Line]:
    key = "receipt.earned" if earned.confirmed else "receipt.earned_waiting"
    yield Line(words.say(key), f"+{_count(earned.points, words)}", style=Style.STRONG)
    formula = earned.formula_en if words.language == "en" else earned.formula_vi
    if formula:
        yield Line(formula)


def _balances(receipt: Receipt) -> tuple[int | None, int | None]:
    """Before and after the whole sale, or None where central has not told it so that it fits together.

    A balance that something unconfirmed will still change is not printed: it would be wrong by tomorrow. Spending and
    earning may reach central in either order, with other sales of the same account in between.
    """
    earned, spent = receipt.earned, receipt.spent
    if any(line is not None and not line.confirmed for line in (earned, spent)):
        return None, None
    if spent is None:
        return (None, None) if earned is None else (earned.balance_before, earned.balance_after)
    if spent.balance_after is None:
        return None, None
    before_spending = spent.balance_after + spent.points
    if earned is None:
        return before_spending, spent.balance_after
    if earned.balance_before == spent.balance_after:
        return before_spending, earned.balance_after
    if earned.balance_after == before_spending:
        return earned.balance_before, spent.balance_after
    return None, None


def _count(points: int, words: Catalogue) -> str:
    return words.say("receipt.points", points=formatting.points(points))


def _timestamp(iso: str) -> str:
    return formatting.timestamp(datetime.fromisoformat(iso))


_PARTS: dict[PartName, Callable[[Receipt, Catalogue], Iterable[Line]]] = {
    PartName.STATION: _station,
    PartName.TITLE: _title,
    PartName.NUMBERS: _numbers,
    PartName.SALE: _sale,
    PartName.TENDERS: _tenders,
    PartName.POINTS: _points,
    PartName.QR: _qr,
    PartName.HOTLINE: lambda receipt, words: centred(words.say("receipt.hotline", hotline=receipt.hotline)),
    PartName.THANKS: lambda receipt, words: centred(words.say("receipt.thanks")),
    PartName.RULE: lambda receipt, words: (RULE,),
    PartName.GAP: lambda receipt, words: (GAP,),
}
