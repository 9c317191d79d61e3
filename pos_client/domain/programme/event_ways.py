"""Earning a fixed number of points: by years of use, first events, challenges, balances, birthdays."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Annotated, cast

from pos_client.domain.errors import RuleViolation
from pos_client.domain.formatting import grouped, money
from pos_client.domain.programme.calendar import add_months, whole_years
from pos_client.domain.programme.inputs import Fact, Shape
from pos_client.domain.programme.reading import SourceMayLeaveOut, Within
from pos_client.domain.programme.ways import Contradictions, Facts, Points, Sum, nothing, whole_of
from pos_client.domain.programme.words import Sentence, decimal
from pos_client.value import dataclass

_TIERS_LEFT_OUT = SourceMayLeaveOut(Sentence("bảng điểm theo số năm sử dụng", "the table of points by years of use"))
_AMOUNT_LEFT_OUT = SourceMayLeaveOut(Sentence("số điểm thưởng sinh nhật", "the amount of birthday points"))


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
        shown = decimal(years)
        for tier in self.tiers:
            if tier.from_years <= years and (tier.to_years is None or years < tier.to_years):
                points = grouped(tier.points)
                return Sum(
                    Fraction(tier.points),
                    Sentence(f"sử dụng {shown} năm: {points} điểm", f"{shown} years: {points} points"),
                )
        return nothing(f"sử dụng {shown} năm, chưa đủ bậc nào", f"{shown} years reach no tier")

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
        average, debits = whole_of(facts, "average_balance_vnd"), whole_of(facts, "debits")
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
