"""Whole numbers of the smallest unit, and the one place where anything is rounded.

đồng, points and millilitres are `int`. The aliases say which; the suffix of a name says it again (`amount_vnd`,
`volume_ml`, `points`). Binary floating point appears nowhere near them.
"""

from __future__ import annotations

Vnd = int
"""đồng, including VAT."""
Points = int
"""1 point is worth 1 đồng of fuel (A22)."""
Millilitres = int
VndPerLitre = int


def divide_half_up(numerator: int, denominator: int) -> int:
    """`numerator / denominator` rounded half away from zero on exact integers (B01: 0.5 and above goes up)."""
    if denominator <= 0:
        raise ValueError("denominator must be positive")
    sign = -1 if numerator < 0 else 1
    return sign * ((2 * abs(numerator) + denominator) // (2 * denominator))


def amount_of(volume_ml: Millilitres, unit_price: VndPerLitre) -> Vnd:
    """Money for a volume, half up. Only for litres the pump gave no amount for; its own amount is authoritative."""
    return divide_half_up(volume_ml * unit_price, 1000)


def volume_for(amount_vnd: Vnd, unit_price: VndPerLitre) -> Millilitres:
    """About how much fuel an amount buys, rounded down; for display ("khoảng 16,40 lít")."""
    return amount_vnd * 1000 // unit_price if unit_price > 0 else 0
