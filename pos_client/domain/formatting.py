"""Numbers as people here read them: `350.000 đ`, `12,92 lít`, `31/03/2027`. Plain functions, two languages.

Vietnamese writes a dot between thousands and a comma before decimals; our English screens keep the same digits, so
that nobody reads one number in two ways at one counter.
"""

from __future__ import annotations

import re
from datetime import date, datetime

from pos_client.domain.moment import VIETNAM
from pos_client.domain.quantities import Millilitres, Points, Vnd, divide_half_up

_PLATE = re.compile(r"(\d{2}[A-ZĐ][A-Z0-9]??)(\d{4,5})")


def grouped(number: int) -> str:
    """1234567 -> '1.234.567'."""
    return f"{number:,}".replace(",", ".")


def money(amount_vnd: Vnd) -> str:
    """95400 -> '95.400 đ'."""
    return f"{grouped(amount_vnd)} đ"


def litres(volume_ml: Millilitres) -> str:
    """12925 -> '12,93' (two decimals, half up)."""
    hundredths = divide_half_up(volume_ml, 10)
    sign = "-" if hundredths < 0 else ""
    whole, rest = divmod(abs(hundredths), 100)
    return f"{sign}{grouped(whole)},{rest:02d}"


def points(count: Points) -> str:
    """186400 -> '186.400'."""
    return grouped(count)


def plate(packed: str) -> str:
    """29C12345 -> '29C-123.45', 30A1234 -> '30A-1234'; what is no plate stays as it is."""
    match = _PLATE.fullmatch(packed)
    if match is None:
        return packed
    series, number = match.groups()
    return f"{series}-{number[:3]}.{number[3:]}" if len(number) == 5 else f"{series}-{number}"


def day(value: date) -> str:
    """31/03/2027."""
    return value.strftime("%d/%m/%Y")


def clock(value: datetime) -> str:
    """14:32, in Vietnam."""
    return value.astimezone(VIETNAM).strftime("%H:%M")


def timestamp(value: datetime) -> str:
    """31/03/2027 14:32:07, in Vietnam."""
    return value.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M:%S")
