"""What a paid sale earns, and why, in words both languages can print (A01, A20-A25, B01).

The same function decides at central and explains at the terminal, so that screen, receipt and ledger cannot say
different things. All arithmetic is on whole numbers; a fraction exists only between the parts of one proportional sum.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from pos_client.domain.formatting import day, grouped, money
from pos_client.domain.programme.policies import Rate, Rounding
from pos_client.domain.programme.profile import Profile
from pos_client.domain.programme.words import decimal
from pos_client.domain.quantities import Points, Vnd, divide_half_up
from pos_client.domain.tender import TenderClass
from pos_client.value import dataclass

_TENDER_VI = {
    TenderClass.ELECTRONIC: "điện tử",
    TenderClass.CASH: "tiền mặt",
    TenderClass.POINTS: "bằng điểm",
    TenderClass.OTHER: "khác",
}
_TENDER_EN = {
    TenderClass.ELECTRONIC: "electronic",
    TenderClass.CASH: "cash",
    TenderClass.POINTS: "by points",
    TenderClass.OTHER: "other",
}
_NO_RATE_ROWS = {TenderClass.POINTS: "A25"}


@dataclass(frozen=True, slots=True)
class Earned:
    """Points of one sale, the sum in words, and the rows it rests on."""

    points: Points
    formula_vi: str
    formula_en: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    exact: Fraction | int
    vi: str
    en: str
    row: str


def earn(profile: Profile, tenders: Sequence[tuple[TenderClass, Vnd]], fuelled_on: date, earns: bool = True) -> Earned:
    """Points for one sale paid with these parts.

    `fuelled_on` is the business day of the fuelling in Vietnam, not of the sending (A28). `earns` False: a product
    that earns nothing (A02). Each part counts by its own rate and its own blocks (A24); points and anything that is
    neither electronic nor cash earn nothing (A25, A23). Raises `ValueError` for a negative amount.
    """
    if any(amount < 0 for _, amount in tenders):
        raise ValueError("a tender is not negative")
    if fuelled_on < profile.earns_from:
        since = day(profile.earns_from)
        return Earned(0, f"Trước {since}: 0 điểm", f"Before {since}: 0 points", ("A01",))
    if not earns:
        return Earned(0, "Sản phẩm không tích điểm: 0 điểm", "This product earns no points: 0 points", ("A02",))
    parts = [_part(profile, tender, amount, fuelled_on) for tender, amount in tenders if amount > 0]
    if not parts:
        return Earned(0, "0 điểm", "0 points", ())
    total: Fraction | int = sum(part.exact for part in parts)
    points = divide_half_up(total.numerator, total.denominator)
    rounded = f" → {grouped(points)}" if total.denominator != 1 else ""
    rows = dict.fromkeys(part.row for part in parts)
    if len(parts) > 1:
        rows["A24"] = None
    if total.denominator != 1:
        rows["B01"] = None
    return Earned(
        points=points,
        formula_vi=" + ".join(part.vi for part in parts) + (f"{rounded} điểm" if rounded else ""),
        formula_en=" + ".join(part.en for part in parts) + (f"{rounded} points" if rounded else ""),
        rules=tuple(rows),
    )


def _part(profile: Profile, tender: TenderClass, amount: Vnd, on: date) -> _Part:
    """One tender: its exact points and its words."""
    dated = profile.rate_on(tender, on)
    vi, en = f"{money(amount)} {_TENDER_VI[tender]}", f"{money(amount)} {_TENDER_EN[tender]}"
    if dated is None:
        return _Part(0, f"{vi}: 0 điểm", f"{en}: 0 points", _NO_RATE_ROWS.get(tender, "A23"))
    rate = dated.rate
    if profile.rounding is Rounding.FULL_BLOCKS:
        blocks = amount // rate.block_vnd
        points = blocks * rate.points
        sum_of = f"{grouped(blocks)} × {grouped(rate.points)} = {grouped(points)}"
        return _Part(points, f"{vi}: {sum_of} điểm", f"{en}: {sum_of} points", dated.row)
    exact = Fraction(amount * rate.points, rate.block_vnd)
    sum_of = f"{_proportion(amount, rate)} = {decimal(exact)}"
    return _Part(exact, f"{vi}: {sum_of} điểm", f"{en}: {sum_of} points", dated.row)


def _proportion(amount: Vnd, rate: Rate) -> str:
    return f"{grouped(amount)} × {grouped(rate.points)} / {grouped(rate.block_vnd)}"
