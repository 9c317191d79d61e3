"""Spending, asked for by goods: may these points be used, which lots give them, what they become, and why.

`redeem` checks everything a programme says about spending and plans it; nothing is taken. Points lie in lots; what is
credited later than the moment asked about, or has died before it, is not there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import cast

from pos_client.domain.errors import RuleViolation
from pos_client.domain.formatting import day, grouped, money
from pos_client.domain.moment import business_day
from pos_client.domain.programme import conduct as c
from pos_client.domain.programme import policies as p
from pos_client.domain.programme.accrual import check_station
from pos_client.domain.programme.inputs import Fact, FactValue, Shape, read_facts
from pos_client.domain.programme.lots import Lot, available, spend
from pos_client.domain.programme.profile import Profile
from pos_client.domain.programme.words import Sentence
from pos_client.domain.quantities import Points, Vnd, divide_half_up
from pos_client.value import dataclass

_UNIT_VI = {p.Unit.MB: "MB", p.Unit.MINUTE: "phút", p.Unit.SMS: "SMS"}
_UNIT_EN = {p.Unit.MB: "MB", p.Unit.MINUTE: "minutes", p.Unit.SMS: "SMS"}
_GOODS = (p.Value, p.Denominations, p.Catalogue, p.ServiceUnits, p.PartPayment)


@dataclass(frozen=True, slots=True)
class TakenFrom:
    """What one lot gives."""

    entry_id: int
    points: Points
    credited_at: datetime
    expires_on: date


@dataclass(frozen=True, slots=True)
class Redemption:
    """An answer: which lots give the points, what the customer gets, what is left."""

    points: Points
    lots: tuple[TakenFrom, ...]
    formula: Sentence
    rules: tuple[str, ...]
    value_vnd: Vnd
    left: Points
    units: int = 0
    good_until: date | None = None
    """units of a service and their last day (B34-B36)"""
    due_vnd: Vnd = 0
    """what remains to be paid with money (B37, or fuel above the points)"""


@dataclass(frozen=True, slots=True)
class _Became:
    """What points turned into."""

    words: Sentence
    value_vnd: Vnd = 0
    units: int = 0
    good_until: date | None = None
    due_vnd: Vnd = 0


def redeem_facts(profile: Profile, row: str | None) -> tuple[Fact, ...]:
    """What may be said of a redemption besides the points."""
    facts = [Fact("price_vnd", Shape.WHOLE, "giá hàng", "price of the goods", required=False, least=1)]
    if found := profile.find(p.Goods):
        facts.append(
            Fact("product", Shape.WORD, "loại hàng", "kind of goods", False, _known_products(profile, found[1]))
        )
    if stations := profile.find(p.Stations):
        choices = (*stations[1].serve, *stations[1].refuse)
        facts.append(Fact("station", Shape.WORD, "loại cửa hàng", "kind of station", False, choices))
    if there := profile.find(p.Available):
        choices = (*there[1].accounts, *there[1].other_accounts)
        facts.append(Fact("account", Shape.WORD, "trạng thái tài khoản", "state of the account", False, choices))
    threshold = profile.find(p.Threshold)
    if threshold is not None and threshold[1].basis is p.Basis.LIFETIME:
        vi, en = "tổng điểm đã tích từ trước đến nay", "points accumulated since the beginning"
        facts.append(Fact("lifetime_points", Shape.WHOLE, vi, en))
    terms = None if row is None else profile.rule(row).terms
    if isinstance(terms, p.ServiceUnits):
        names = tuple(option.name for option in terms.options)
        facts.append(Fact("option", Shape.WORD, "lựa chọn", "which offer", len(names) > 1, names))
    if isinstance(terms, p.Catalogue):
        facts.append(Fact("item", Shape.WORD, "loại voucher", "which voucher", True, terms.items))
    return tuple(facts)


def redeem(
    profile: Profile,
    lots: Sequence[Lot],
    points: Points,
    at: datetime,
    given: Mapping[str, str] | None = None,
    row: str | None = None,
) -> Redemption:
    """Plan spending `points` at this time on the goods of `row` (None: the programme's usual value, A22 or B11).

    Raises `RuleViolation`: `unknown_rule`, `not_goods`, `before_redemptions` (A05), `station_not_served` (A04),
    `account_may_not_spend` (A06), `not_for_points` (A03), `below_minimum`, `not_a_step` (A37, B02),
    `insufficient_points`, `threshold_not_reached` (B28), `not_a_denomination` (B30), `not_a_multiple` (B34-B36),
    `more_than_price` (A03, B37), and what the facts are refused for.
    """
    rule, terms = _goods(profile, row)
    facts = read_facts(redeem_facts(profile, rule), given or {})
    on = business_day(at)
    _check_circumstances(profile, facts, on)
    there = [lot for lot in lots if lot.credited_at <= at]
    rows = [rule, *_check_points(profile, there, points, on, facts)]
    plan = spend(there, points, on, profile.minimum_points)
    by_entry = {lot.entry_id: lot for lot in there}
    taken = tuple(
        TakenFrom(entry, part, by_entry[entry].credited_at, by_entry[entry].expires_on) for entry, part in plan.parts
    )
    if order := profile.find(p.SpendingOrder):
        rows.append(order[0].row)
    price = cast(Vnd, facts.get("price_vnd", 0))
    left = available(there, on) - points
    became = _become(terms, points, on, price, facts)
    return Redemption(
        points,
        taken,
        became.words + _from_lots(taken),
        tuple(dict.fromkeys(rows)),
        became.value_vnd,
        left,
        became.units,
        became.good_until,
        became.due_vnd,
    )


def known_goods(profile: Profile) -> tuple[str, ...]:
    """Rows points can be spent on."""
    return tuple(rule.row for rule in profile.rules if isinstance(rule.terms, _GOODS))


def value_of(profile: Profile, points: Points) -> Vnd:
    """What points are worth in fuel or money, rounded down (A22, B11)."""
    found = profile.find(p.Value)
    assert found is not None  # both programmes have one
    return points * found[1].vnd // found[1].points


def points_for(profile: Profile, by: str, amount: int, available_points: Points, unit_price: Vnd = 0) -> Points:
    """How many points a wish takes (A07): `money` in đồng, `litres` in millilitres at a price, or `most`.

    Raises `RuleViolation` (`unknown_choice`).
    """
    found = profile.find(c.Choice)
    if found is None or by not in found[1].by:
        raise RuleViolation("unknown_choice", choice=by[:40])
    match by:
        case "money":
            return amount
        case "litres":
            return divide_half_up(amount * unit_price, 1000)
        case _:
            return available_points


def _goods(profile: Profile, row: str | None) -> tuple[str, object]:
    if row is None:
        found = profile.find(p.Value)
        assert found is not None  # both programmes have one
        return found[0].row, found[1]
    try:
        rule = profile.rule(row)
    except KeyError:
        raise RuleViolation("unknown_rule", rule=row[:40], programme=profile.name) from None
    if not isinstance(rule.terms, _GOODS):
        raise RuleViolation("not_goods", rule=row, known=", ".join(known_goods(profile)))
    return row, rule.terms


def _known_products(profile: Profile, goods: p.Goods) -> tuple[str, ...]:
    products = profile.find(p.Products)
    return tuple(dict.fromkeys((*goods.products, *(products[1].earn_not if products else ()))))


def _check_circumstances(profile: Profile, facts: Mapping[str, FactValue], on: date) -> None:
    start = profile.find(p.RedemptionStart)
    if start is not None and on < start[1].redeems_from:
        raise RuleViolation("before_redemptions", rule=start[0].row, since=day(start[1].redeems_from))
    check_station(profile, facts)
    there = profile.find(p.Available)
    if there is not None and facts.get("account") in there[1].other_accounts:
        raise RuleViolation("account_may_not_spend", rule=there[0].row, account=str(facts["account"]))
    goods = profile.find(p.Goods)
    product = facts.get("product")
    if goods is not None and product is not None and product not in goods[1].products:
        raise RuleViolation("not_for_points", rule=goods[0].row, product=str(product))


def _check_points(
    profile: Profile, lots: Sequence[Lot], points: Points, on: date, facts: Mapping[str, FactValue]
) -> Iterable[str]:
    """Minimum, step, threshold; returns the rows that were asked."""
    found = profile.find(p.Limits)
    assert found is not None  # the loader asks for one
    limits, row = found[1], found[0].row
    if points < limits.minimum:
        raise RuleViolation("below_minimum", rule=row, minimum=limits.minimum)
    if points % limits.step:
        raise RuleViolation("not_a_step", rule=row, step=limits.step)
    yield row
    there = available(lots, on)
    threshold = profile.find(p.Threshold)
    if threshold is not None:
        rule, terms = threshold
        lifetime = terms.basis is p.Basis.LIFETIME
        reached = cast(int, facts["lifetime_points"]) if lifetime else there
        if reached < terms.accumulated:
            raise RuleViolation(
                "threshold_not_reached", rule=rule.row, accumulated=terms.accumulated, available=reached
            )
        yield rule.row


def _become(terms: object, points: Points, on: date, price: Vnd, facts: Mapping[str, FactValue]) -> _Became:
    shown = f"{grouped(points)}"
    match terms:
        case p.ServiceUnits():
            return _units(terms, points, on, facts)
        case p.Denominations() if points not in terms.vnd:
            known = ", ".join(grouped(value) for value in terms.vnd)
            raise RuleViolation("not_a_denomination", points=points, known=known)
        case p.Value() | p.PartPayment():
            worth = points * terms.vnd // terms.points
        case _:
            worth = points
    if price and worth > price:
        raise RuleViolation("more_than_price", value=worth, price=price)
    due = price - worth if price else 0
    words = Sentence(f"{shown} điểm = {money(worth)}", f"{shown} points = {money(worth)}")
    if isinstance(terms, p.Catalogue):
        words += Sentence(f" voucher {facts['item']}", f" {facts['item']} voucher")
    if due:
        words += Sentence(f"; trả thêm {money(due)}", f"; {money(due)} still to pay")
    return _Became(words, value_vnd=worth, due_vnd=due)


def _units(terms: p.ServiceUnits, points: Points, on: date, facts: Mapping[str, FactValue]) -> _Became:
    if points % terms.points:
        raise RuleViolation("not_a_multiple", points=points, step=terms.points)
    name = facts.get("option", terms.options[0].name)
    option = next(option for option in terms.options if option.name == name)
    times, until = points // terms.points, option.life.last_day(on)
    units = times * option.gives
    sum_of = f"{grouped(times)} × {option.gives}"
    return _Became(
        Sentence(
            f"{grouped(points)} điểm: {sum_of} = {grouped(units)} {_UNIT_VI[terms.unit]}, dùng đến {day(until)}",
            f"{grouped(points)} points: {sum_of} = {grouped(units)} {_UNIT_EN[terms.unit]}, usable until {day(until)}",
        ),
        units=units,
        good_until=until,
    )


def _from_lots(taken: Sequence[TakenFrom]) -> Sentence:
    """'; 200 (hết hạn 31/03/2027) + 100 (hết hạn 31/03/2028)': what dies together is said together."""
    by_day: dict[date, Points] = {}
    for part in taken:
        by_day[part.expires_on] = by_day.get(part.expires_on, 0) + part.points
    vi = " + ".join(f"{grouped(points)} (hết hạn {day(on)})" for on, points in by_day.items())
    en = " + ".join(f"{grouped(points)} (usable until {day(on)})" for on, points in by_day.items())
    return Sentence(f"; trừ {vi}", f"; takes {en}")
