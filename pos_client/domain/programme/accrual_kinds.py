"""The ways to earn, apart from fuel: each a frozen value that knows its parameters, the facts it asks for, its sum.

A way answers with an exact sum and its words. It knows nothing of dates of validity, caps, rounding or expiry: these
are the same for all ways and stand in `accrual.py`. "Earns nothing" (not entitled) is an answer of 0 with its reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Annotated, Protocol, cast

from pos_client.domain.errors import RuleViolation
from pos_client.domain.formatting import grouped, money
from pos_client.domain.programme.calendar import add_months, whole_years
from pos_client.domain.programme.inputs import Fact, FactValue, Shape
from pos_client.domain.programme.reading import SourceMayLeaveOut, Within
from pos_client.domain.programme.words import Sentence, decimal, percent

Contradictions = Iterator[tuple[str, str]]
Points = Annotated[int, Within(1, unit="points")]
Facts = Mapping[str, FactValue]

_RATES_LEFT_OUT = SourceMayLeaveOut(Sentence("tỷ lệ của từng loại", "the rates of the categories"))
_TIERS_LEFT_OUT = SourceMayLeaveOut(Sentence("bảng điểm theo số năm sử dụng", "the table of points by years of use"))
_EXCHANGE_LEFT_OUT = SourceMayLeaveOut(Sentence("tỷ lệ quy đổi", "the rate of exchange"))
_AMOUNT_LEFT_OUT = SourceMayLeaveOut(Sentence("số điểm thưởng sinh nhật", "the amount of birthday points"))

AMOUNT = Fact("amount_vnd", Shape.WHOLE, "số tiền", "amount in đồng", least=1)


@dataclass(frozen=True, slots=True)
class Sum:
    """Exact points before rounding, and how they came about."""

    exact: Fraction
    words: Sentence


class Way(Protocol):
    """One way to earn."""

    def facts(self) -> tuple[Fact, ...]:
        """What it asks for."""
        ...

    def sum(self, facts: Facts, on: date) -> Sum:
        """What these facts earn on a business day. Raises `RuleViolation` for facts that contradict each other."""
        ...


@dataclass(frozen=True, slots=True)
class Percent:
    """A share of an amount (B07, B19, B22). `deducted`: what is taken off first; `needs`: yes/no conditions."""

    rate: Fraction
    deducted: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()

    def facts(self) -> tuple[Fact, ...]:
        """The amount, what is deducted from it, the conditions."""
        return (
            AMOUNT,
            *(Fact(name, Shape.WHOLE, "khoản trừ ra", "deducted first", required=False) for name in self.deducted),
            *_conditions(self.needs),
        )

    def sum(self, facts: Facts, on: date) -> Sum:
        """Net amount times rate."""
        if (failed := _unmet(self.needs, facts)) is not None:
            return failed
        gross = _whole(facts, "amount_vnd")
        off = [(name, _whole(facts, name)) for name in self.deducted if facts.get(name)]
        net = gross - sum(amount for _, amount in off)
        if net < 0:
            raise RuleViolation("deductions_above_amount", amount=gross, deducted=gross - net)
        shown = " - ".join([grouped(gross), *(grouped(amount) for _, amount in off)])
        return share(net, self.rate, f"({shown}) đ" if off else money(gross))


@dataclass(frozen=True, slots=True)
class PercentByCategory:
    """A rate for each category (B12, B24, B27). The range, where the source gives one, bounds every rate."""

    rates: Annotated[Mapping[str, Fraction], _RATES_LEFT_OUT]
    fact: str = "category"
    needs: tuple[str, ...] = ()
    minimum: Fraction | None = None
    maximum: Fraction | None = None

    def contradictions(self) -> Contradictions:
        """A range upside down, or a rate outside it."""
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            yield "minimum", "minimum above maximum"
        for name, rate in self.rates.items():
            if (self.minimum is not None and rate < self.minimum) or (self.maximum is not None and rate > self.maximum):
                yield f"rates.{name}", "outside the range the source gives"

    def facts(self) -> tuple[Fact, ...]:
        """The category and the amount."""
        kind = Fact(self.fact, Shape.WORD, "loại", "which kind", choices=tuple(self.rates))
        return (kind, AMOUNT, *_conditions(self.needs))

    def sum(self, facts: Facts, on: date) -> Sum:
        """Amount times the rate of its category."""
        if (failed := _unmet(self.needs, facts)) is not None:
            return failed
        category = str(facts[self.fact])
        amount = _whole(facts, "amount_vnd")
        return share(amount, self.rates[category], f"{category}: {money(amount)}")


@dataclass(frozen=True, slots=True)
class PercentByClass:
    """A rate by customer class (B13): classes that are known but have no rate earn nothing."""

    rates: Mapping[str, Fraction]
    classes: tuple[str, ...]

    def contradictions(self) -> Contradictions:
        """A rate for a class nobody can be in."""
        for name in self.rates:
            if name not in self.classes:
                yield f"rates.{name}", f"unknown customer class; known are {', '.join(self.classes)}"

    def facts(self) -> tuple[Fact, ...]:
        """The class and the amount."""
        return (Fact("class", Shape.WORD, "hạng khách hàng", "customer class", choices=self.classes), AMOUNT)

    def sum(self, facts: Facts, on: date) -> Sum:
        """Amount times the rate of the class."""
        customer, amount = str(facts["class"]), _whole(facts, "amount_vnd")
        rate = self.rates.get(customer)
        if rate is None:
            return nothing(f"hạng {customer} không được tích", f"class {customer} earns nothing here")
        return share(amount, rate, f"{customer}: {money(amount)}")


@dataclass(frozen=True, slots=True)
class TenureTier:
    """Points for a length of use, from (inclusive) to (exclusive) so many years."""

    from_years: Annotated[int, Within(0, 200, "years")]
    points: Points
    to_years: Annotated[int, Within(1, 200, "years")] | None = None


@dataclass(frozen=True, slots=True)
class Tenure:
    """Points for years of use (B09, B21). The length is `years`, or is counted from `since`."""

    tiers: Annotated[
        tuple[TenureTier, ...],
        _TIERS_LEFT_OUT,
    ]

    def contradictions(self) -> Contradictions:
        """A tier upside down, two that overlap."""
        end = 0
        for number, tier in enumerate(self.tiers):
            if tier.to_years is not None and tier.from_years >= tier.to_years:
                yield f"tiers[{number}]", "minimum above maximum"
            if tier.from_years < end:
                yield f"tiers[{number}]", "overlaps the tier before it"
            end = tier.to_years if tier.to_years is not None else 10**9

    def facts(self) -> tuple[Fact, ...]:
        """Either of two."""
        return (
            Fact("since", Shape.DATE, "ngày bắt đầu sử dụng", "first day of use", required=False),
            Fact("years", Shape.NUMBER, "số năm sử dụng", "years of use", required=False),
        )

    def sum(self, facts: Facts, on: date) -> Sum:
        """The tier's points."""
        years = self._years(facts, on)
        for tier in self.tiers:
            if tier.from_years <= years and (tier.to_years is None or years < tier.to_years):
                points = grouped(tier.points)
                return Sum(
                    Fraction(tier.points),
                    Sentence(f"sử dụng {_years(years)} năm: {points} điểm", f"{_years(years)} years: {points} points"),
                )
        return nothing(f"sử dụng {_years(years)} năm, chưa đủ bậc nào", f"{_years(years)} years reach no tier")

    @staticmethod
    def _years(facts: Facts, on: date) -> Fraction:
        since, years = facts.get("since"), facts.get("years")
        if (since is None) == (years is None):
            raise RuleViolation("one_of_two", facts="since, years")
        if isinstance(since, date):
            whole = whole_years(since, on)
            if whole < 0:
                raise RuleViolation("time_runs_backwards", fact="since", value=since.isoformat())
            return Fraction(whole)
        return cast(Fraction, years)


@dataclass(frozen=True, slots=True)
class Event:
    """Points for a first time (B17), once a type for each customer."""

    points: Points
    events: tuple[str, ...]

    def facts(self) -> tuple[Fact, ...]:
        """Which event, and which were rewarded before."""
        return (
            Fact("event", Shape.WORD, "sự kiện", "which event", choices=self.events),
            Fact("earlier", Shape.WORDS, "đã thưởng trước đây", "rewarded before", required=False, choices=self.events),
        )

    def sum(self, facts: Facts, on: date) -> Sum:
        """The points, unless this type was rewarded before."""
        event = str(facts["event"])
        if event in cast(tuple[str, ...], facts.get("earlier", ())):
            return nothing(f"{event} đã được thưởng, mỗi loại một lần", f"{event} was rewarded before, once a type")
        points = grouped(self.points)
        return Sum(
            Fraction(self.points), Sentence(f"{event} lần đầu: {points} điểm", f"first {event}: {points} points")
        )


@dataclass(frozen=True, slots=True)
class StreakTier:
    """What so many months in a row give: the source's range and our award within it."""

    months: Annotated[int, Within(1, 60, "months")]
    minimum: Points
    maximum: Points
    award: Points


@dataclass(frozen=True, slots=True)
class Streak:
    """A challenge (B16): at least so many transactions in each of the months up to now."""

    transactions: Annotated[int, Within(1, 1_000_000, "transactions a month")]
    tiers: tuple[StreakTier, ...]

    def contradictions(self) -> Contradictions:
        """A range upside down (as the source's 15000-3000 is), an award outside it, tiers out of order."""
        last = 0
        for number, tier in enumerate(self.tiers):
            if tier.minimum > tier.maximum:
                yield f"tiers[{number}]", "minimum above maximum"
            elif not tier.minimum <= tier.award <= tier.maximum:
                yield f"tiers[{number}].award", "outside the tier's range"
            if tier.months <= last:
                yield f"tiers[{number}].months", "overlaps the tier before it"
            last = tier.months

    def facts(self) -> tuple[Fact, ...]:
        """Transactions of the months up to now."""
        vi, en = "số giao dịch từng tháng, cũ trước", "transactions of each month, oldest first"
        return (Fact("transactions", Shape.WHOLES, vi, en),)

    def sum(self, facts: Facts, on: date) -> Sum:
        """The award of the longest tier the run of good months reaches."""
        run = 0
        for count in reversed(cast(tuple[int, ...], facts["transactions"])):
            if count < self.transactions:
                break
            run += 1
        reached = [tier for tier in self.tiers if tier.months <= run]
        if not reached:
            least = self.transactions
            return nothing(f"chưa đủ {least} giao dịch trong tháng", f"fewer than {least} transactions this month")
        tier, points = reached[-1], grouped(reached[-1].award)
        return Sum(
            Fraction(tier.award),
            Sentence(f"{run} tháng liên tục: {points} điểm", f"{run} months in a row: {points} points"),
        )


@dataclass(frozen=True, slots=True)
class MonthlyBalance:
    """Points for last month's balance (B15): active, something debited, enough on average."""

    points: Points
    average_vnd: Annotated[int, Within(1, unit="đồng a day")]
    debits: Annotated[int, Within(1, 1_000_000, "transactions")]

    def facts(self) -> tuple[Fact, ...]:
        """The three conditions."""
        return (
            Fact("active", Shape.YES_NO, "tài khoản đang hoạt động", "account is active"),
            Fact("debits", Shape.WHOLE, "số giao dịch trừ tiền tháng trước", "debits last month"),
            Fact("average_balance_vnd", Shape.WHOLE, "số dư bình quân ngày tháng trước", "average balance last month"),
        )

    def sum(self, facts: Facts, on: date) -> Sum:
        """All or nothing."""
        average, debits = _whole(facts, "average_balance_vnd"), _whole(facts, "debits")
        if facts["active"] is not True:
            return nothing("tài khoản không hoạt động", "the account is not active")
        if debits < self.debits:
            return nothing(f"chưa có {self.debits} giao dịch trừ tiền", f"fewer than {self.debits} debits")
        if average < self.average_vnd:
            words = f"{money(average)} < {money(self.average_vnd)}"
            return nothing(f"số dư bình quân {words}", f"average balance {words}")
        words, points = f"{money(average)} ≥ {money(self.average_vnd)}", grouped(self.points)
        return Sum(
            Fraction(self.points),
            Sentence(f"số dư bình quân {words}: {points} điểm", f"average balance {words}: {points} points"),
        )


@dataclass(frozen=True, slots=True)
class LookBack:
    """A share of a price for whoever used little before (B23): each of the months before stays below a volume."""

    rate: Fraction
    months: Annotated[int, Within(1, 24, "months")]
    below_mb: Annotated[int, Within(1, unit="MB")]

    def facts(self) -> tuple[Fact, ...]:
        """The volumes of the months before, oldest first, and the price."""
        vi, en = "lưu lượng (MB) các tháng trước, cũ trước", "MB used in the months before, oldest first"
        return (Fact("used_mb", Shape.WHOLES, vi, en), AMOUNT)

    def sum(self, facts: Facts, on: date) -> Sum:
        """Amount times rate when every month before stays below."""
        used = cast(tuple[int, ...], facts["used_mb"])
        if len(used) != self.months:
            raise RuleViolation("wrong_count", fact="used_mb", count=len(used), wanted=self.months)
        if any(volume >= self.below_mb for volume in used):
            least = f"{self.below_mb} MB"
            return nothing(f"có tháng dùng từ {least} trở lên", f"{least} or more in a month before")
        amount = _whole(facts, "amount_vnd")
        return share(amount, self.rate, money(amount))


@dataclass(frozen=True, slots=True)
class Conversion:
    """A partner's points become ours (B26): `ours` for each full `theirs`."""

    theirs: Annotated[int, Within(1, unit="partner points"), _EXCHANGE_LEFT_OUT]
    ours: Annotated[int, Within(1, unit="points"), _EXCHANGE_LEFT_OUT]

    def facts(self) -> tuple[Fact, ...]:
        """How many are exchanged."""
        return (Fact("partner_points", Shape.WHOLE, "số điểm đối tác", "partner's points", least=1),)

    def sum(self, facts: Facts, on: date) -> Sum:
        """Full units only: what does not fill one stays with the partner."""
        given = _whole(facts, "partner_points")
        units = given // self.theirs
        points = units * self.ours
        words = f"{grouped(units)} × {grouped(self.ours)} = {grouped(points)}"
        return Sum(
            Fraction(points),
            Sentence(
                f"{grouped(given)} điểm đối tác: {words} điểm", f"{grouped(given)} partner points: {words} points"
            ),
        )


@dataclass(frozen=True, slots=True)
class Birthday:
    """Points on a birthday (B25); born on 29/2, in other years on 28/2."""

    points: Annotated[
        int,
        Within(1, unit="points"),
        _AMOUNT_LEFT_OUT,
    ]

    def facts(self) -> tuple[Fact, ...]:
        """When it is."""
        return (Fact("born", Shape.DATE, "ngày sinh", "date of birth"),)

    def sum(self, facts: Facts, on: date) -> Sum:
        """The points, on the day."""
        born = cast(date, facts["born"])
        if on <= born or add_months(born, 12 * (on.year - born.year)) != on:
            return nothing("không phải ngày sinh nhật", "not the birthday")
        points = grouped(self.points)
        return Sum(Fraction(self.points), Sentence(f"sinh nhật: {points} điểm", f"birthday: {points} points"))


def share(amount: int, rate: Fraction, shown: str) -> Sum:
    """A rate's share of an amount, with its words."""
    exact = amount * rate
    words = f"{shown} × {percent(rate)} = {decimal(exact)}"
    return Sum(exact, Sentence(f"{words} điểm", f"{words} points"))


def nothing(vi: str, en: str) -> Sum:
    """Not entitled, and why."""
    return Sum(Fraction(0), Sentence(f"{vi}: 0 điểm", f"{en}: 0 points"))


def _conditions(names: tuple[str, ...]) -> tuple[Fact, ...]:
    return tuple(Fact(name, Shape.YES_NO, "điều kiện", "condition") for name in names)


def _unmet(names: tuple[str, ...], facts: Facts) -> Sum | None:
    for name in names:
        if facts[name] is not True:
            return nothing(f"không đạt điều kiện {name}", f"condition {name} is not met")
    return None


def _whole(facts: Facts, name: str) -> int:
    return cast(int, facts.get(name, 0))


def _years(years: Fraction) -> str:
    return decimal(years)
