"""Earning, asked for by rule: is it in force, what does it give, rounded, capped, credited when, dead when, and why.

`accrue_sale` is fuel by tenders, `accrue` every other way. Both refuse what they cannot read (`RuleViolation`, named),
and answer 0 with a reason where a customer is not entitled. Nothing here knows of earlier answers: what a rule needs
of the past (points already earned this month, events already rewarded) is a fact like any other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import cast

from pos_client.domain.errors import RuleViolation
from pos_client.domain.formatting import day, grouped
from pos_client.domain.moment import business_day
from pos_client.domain.programme import policies as p
from pos_client.domain.programme.calendar import start_of
from pos_client.domain.programme.earning import earn
from pos_client.domain.programme.expiry import FixedDay, FixedDayException
from pos_client.domain.programme.inputs import Fact, FactValue, Shape, read_facts
from pos_client.domain.programme.lots import expiry_of
from pos_client.domain.programme.profile import Profile
from pos_client.domain.programme.rule import Rule
from pos_client.domain.programme.words import Sentence
from pos_client.domain.quantities import Points, Vnd, divide_half_up
from pos_client.value import dataclass

ROUNDING_ROW = "B01"


@dataclass(frozen=True, slots=True)
class NewLot:
    """Points as they will be credited."""

    points: Points
    credited_at: datetime
    expires_on: date
    rule: str
    """the row that gives the last day"""


@dataclass(frozen=True, slots=True)
class Accrual:
    """An answer: points, the lots they become, the sum in words, the rows it rests on (the deciding one first)."""

    points: Points
    lots: tuple[NewLot, ...]
    formula: Sentence
    rules: tuple[str, ...]
    for_head_office: bool = False
    """a tender nobody has classified was among the parts (A23)"""


def sale_facts(profile: Profile) -> tuple[Fact, ...]:
    """What may be said of a sale besides its tenders; left out, it is the usual case."""
    facts: list[Fact] = []
    if found := profile.find(p.Products):
        choices = (*found[1].earn, *found[1].earn_not)
        facts.append(Fact("product", Shape.WORD, "loại hàng", "kind of goods", False, choices))
    if stations := profile.find(p.Stations):
        choices = (*stations[1].serve, *stations[1].refuse)
        facts.append(Fact("station", Shape.WORD, "loại cửa hàng", "kind of station", False, choices))
    if account := profile.find(p.Verification):
        terms = account[1]
        choices = (*terms.earns, *terms.confirms, *terms.earns_not)
        facts.append(Fact("account", Shape.WORD, "trạng thái tài khoản", "state of the account", False, choices))
    return tuple(facts)


def accrue_sale(
    profile: Profile, tenders: Sequence[tuple[str, Vnd]], at: datetime, given: Mapping[str, str]
) -> Accrual:
    """Points for a sale of fuel paid with these parts, fuelled at this time (A28).

    Raises `RuleViolation`: `no_fuel_rule`, `unknown_tender`, `before_start` (A01), `station_not_served` (A04),
    `account_earns_not` (A19), and what `read_facts` refuses.
    """
    start = profile.find(p.Start)
    if start is None or not profile.rates:
        raise RuleViolation("no_fuel_rule", programme=profile.name)
    classes = [(profile.tender_class(name), amount) for name, amount in tenders]
    facts = read_facts(sale_facts(profile), given)
    on = business_day(at)
    if on < start[1].earns_from:
        raise RuleViolation("before_start", rule=start[0].row, since=day(start[1].earns_from))
    check_station(profile, facts)
    extra = _check_account(profile, facts)
    products = profile.find(p.Products)
    earned = earn(
        profile, classes, on, products is None or facts.get("product", products[1].earn[0]) in products[1].earn
    )
    flagged = any(name in terms.flagged for _, terms in profile.each(p.TenderNames) for name, _ in tenders)
    lots = (NewLot(earned.points, at, expiry_of(profile, on), _year_row(profile, on)),) if earned.points else ()
    return Accrual(
        earned.points, lots, Sentence(earned.formula_vi, earned.formula_en), (*earned.rules, *extra), flagged
    )


def check_station(profile: Profile, facts: Mapping[str, FactValue]) -> None:
    """Raises `RuleViolation` (`station_not_served`) for a kind of station that takes no part (A04)."""
    found = profile.find(p.Stations)
    if found is not None and facts.get("station") in found[1].refuse:
        raise RuleViolation("station_not_served", rule=found[0].row, station=str(facts["station"]))


def way_facts(profile: Profile, rule: Rule) -> tuple[Fact, ...]:
    """Everything a way may be told: its own facts, and those of the rows it refers to."""
    if rule.way is None:
        return ()
    facts = list(rule.way.facts())
    if "cap" in rule.references:
        vi, en = "điểm đã tích trong tháng của nhóm có trần", "points of the capped group earned this month"
        facts.append(Fact("earned_this_month", Shape.WHOLE, vi, en, required=False))
    if "excluded_by" in rule.references:
        facts.append(Fact("service", Shape.WORD, "dịch vụ", "service", required=False))
    if "credit_day" in rule.references:
        for name in profile.terms(rule.references["credit_day"], p.CreditDay).first_of:
            facts.append(Fact(name, Shape.DATE, "ngày ghi điểm", "day of credit", required=False))
    return tuple(facts)


def accrue(profile: Profile, row: str, at: datetime, given: Mapping[str, str]) -> Accrual:
    """Points of one way to earn for something that happened at this time.

    Raises `RuleViolation`: `unknown_rule`, `no_way_to_earn`, `rule_inactive` (with its reason), `before_rule`,
    `after_rule`, and what the facts are refused for.
    """
    rule = _rule_of(profile, row)
    way = rule.way
    assert way is not None  # `_rule_of` refuses a rule without one
    facts = read_facts(way_facts(profile, rule), given)
    on = business_day(at)
    if on < rule.starts:
        raise RuleViolation("before_rule", rule=row, since=day(rule.starts))
    if on > rule.ends:
        raise RuleViolation("after_rule", rule=row, until=day(rule.ends))
    rows = [row]
    exclusions = _exclusions(profile, rule)
    if exclusions is not None and facts.get("service") in exclusions[1].services:
        words = Sentence(f"dịch vụ {facts['service']} bị loại trừ: 0 điểm", f"{facts['service']} is excluded: 0 points")
        return Accrual(0, (), words, (row, exclusions[0]))
    total = way.sum(facts, on)
    points = divide_half_up(total.exact.numerator, total.exact.denominator)
    formula = total.words
    if points != total.exact:
        formula += Sentence(f" → {grouped(points)} điểm", f" → {grouped(points)} points")
        rows.append(ROUNDING_ROW)
    points, formula = _capped(profile, rule, facts, points, formula, rows)
    credited_at = _credited_at(profile, rule, facts, at, rows)
    assert rule.life is not None  # the loader asks every way for one
    last = rule.life.last_day(business_day(credited_at))
    lots = (NewLot(points, credited_at, last, rule.life_row or row),) if points else ()
    return Accrual(points, lots, formula, tuple(rows))


def cut_by_cap(points: Points, earned_this_month: Points, cap: Points) -> Points:
    """What of these points still fits under a monthly cap: the last credit is cut, not refused (B18)."""
    return min(points, max(cap - earned_this_month, 0))


def _rule_of(profile: Profile, row: str) -> Rule:
    try:
        rule = profile.rule(row)
    except KeyError:
        raise RuleViolation("unknown_rule", rule=row[:40], programme=profile.name) from None
    if not rule.active:
        raise RuleViolation("rule_inactive", rule=row, absent_vi=rule.missing.vi, absent_en=rule.missing.en)
    if rule.way is None:
        raise RuleViolation("no_way_to_earn", rule=row, kind=rule.kind)
    return rule


def _check_account(profile: Profile, facts: Mapping[str, FactValue]) -> tuple[str, ...]:
    """The row that let an account earn for the first time; a refusal when its state earns nothing (A19)."""
    found = profile.find(p.Verification)
    state = facts.get("account")
    if found is None or state is None:
        return ()
    if state in found[1].earns_not:
        raise RuleViolation("account_earns_not", rule=found[0].row, account=str(state))
    return (found[0].row,) if state in found[1].confirms else ()


def _year_row(profile: Profile, on: date) -> str:
    exception = next((rule for rule, terms in profile.each(FixedDayException) if terms.year == on.year), None)
    usual = profile.find(FixedDay)
    assert usual is not None  # a programme with rates has one
    return exception.row if exception else usual[0].row


def _exclusions(profile: Profile, rule: Rule) -> tuple[str, p.Exclusions] | None:
    row = rule.references.get("excluded_by")
    return None if row is None else (row, profile.terms(row, p.Exclusions))


def _capped(
    profile: Profile, rule: Rule, facts: Mapping[str, FactValue], points: Points, formula: Sentence, rows: list[str]
) -> tuple[Points, Sentence]:
    row = rule.references.get("cap")
    if row is None:
        return points, formula
    cap, before = profile.terms(row, p.Cap).points, cast(int, facts.get("earned_this_month", 0))
    left = cut_by_cap(points, before, cap)
    if left == points:
        return points, formula
    rows.append(row)
    return left, formula + Sentence(
        f"; trần {grouped(cap)} điểm/tháng, đã tích {grouped(before)} → {grouped(left)} điểm",
        f"; at most {grouped(cap)} points a month, {grouped(before)} earned → {grouped(left)} points",
    )


def _credited_at(
    profile: Profile, rule: Rule, facts: Mapping[str, FactValue], at: datetime, rows: list[str]
) -> datetime:
    """When the points are credited: N days on (B08), or on the first given date (B10), else at once."""
    if (row := rule.references.get("pending")) is not None:
        rows.append(row)
        days = profile.terms(row, p.Pending).days
        return start_of(business_day(at) + timedelta(days=days)) if days else at
    if (row := rule.references.get("credit_day")) is not None:
        for name in profile.terms(row, p.CreditDay).first_of:
            if isinstance(given := facts.get(name), date):
                rows.append(row)
                return start_of(given)
    return at
