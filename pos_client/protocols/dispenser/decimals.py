"""Whole numbers whose decimal point stands somewhere else."""

from __future__ import annotations


def scaled(value: int, power: int) -> int:
    """`value` x 10^`power`, half up."""
    if power >= 0:
        return value * int(10**power)
    divisor = int(10**-power)
    return (2 * value + divisor) // (2 * divisor)
