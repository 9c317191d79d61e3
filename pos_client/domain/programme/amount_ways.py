"""Earning a share of an amount: of everything, by category, by customer class, after a look back; or by exchange."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Annotated, cast

from pos_client.domain.errors import RuleViolation
from pos_client.domain.formatting import grouped, money
from pos_client.domain.programme.inputs import Fact, Shape
from pos_client.domain.programme.reading import SourceMayLeaveOut, Within
from pos_client.domain.programme.ways import AMOUNT, Contradictions, Facts, Sum, conditions, nothing, unmet, whole_of
from pos_client.domain.programme.words import Sentence, decimal, percent
from pos_client.value import dataclass

_RATES_LEFT_OUT = SourceMayLeaveOut(Sentence("tỷ lệ của từng loại", "the rates of the categories"))
_EXCHANGE_LEFT_OUT = SourceMayLeaveOut(Sentence("tỷ lệ quy đổi", "the rate of exchange"))


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
            *conditions(self.needs),
        )

    def sum(self, facts: Facts, on: date) -> Sum:
        """Net amount times rate."""
        if (failed := unmet(self.needs, facts)) is not None:
            return failed
        gross = whole_of(facts, "amount_vnd")
        off = [(name, whole_of(facts, name)) for name in self.deducted if facts.get(name)]
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
        return (kind, AMOUNT, *conditions(self.needs))

    def sum(self, facts: Facts, on: date) -> Sum:
        """Amount times the rate of its category."""
        if (failed := unmet(self.needs, facts)) is not None:
            return failed
        category = str(facts[self.fact])
        amount = whole_of(facts, "amount_vnd")
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
        customer, amount = str(facts["class"]), whole_of(facts, "amount_vnd")
        rate = self.rates.get(customer)
        if rate is None:
            return nothing(f"hạng {customer} không được tích", f"class {customer} earns nothing here")
        return share(amount, rate, f"{customer}: {money(amount)}")


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
        amount = whole_of(facts, "amount_vnd")
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
        given = whole_of(facts, "partner_points")
        units = given // self.theirs
        points = units * self.ours
        words = f"{grouped(units)} × {grouped(self.ours)} = {grouped(points)}"
        return Sum(
            Fraction(points),
            Sentence(
                f"{grouped(given)} điểm đối tác: {words} điểm", f"{grouped(given)} partner points: {words} points"
            ),
        )


def share(amount: int, rate: Fraction, shown: str) -> Sum:
    """A rate's share of an amount, with its words."""
    exact = amount * rate
    words = f"{shown} × {percent(rate)} = {decimal(exact)}"
    return Sum(exact, Sentence(f"{words} điểm", f"{words} points"))
