"""Numbers inside a formula, as people here write them; the same digits in both languages."""

from __future__ import annotations

from fractions import Fraction

from pos_client.domain.formatting import grouped
from pos_client.value import dataclass

_PLACES = 4


@dataclass(frozen=True, slots=True)
class Sentence:
    """The same thing said in Vietnamese and in English."""

    vi: str
    en: str

    def __add__(self, other: Sentence) -> Sentence:
        return Sentence(self.vi + other.vi, self.en + other.en)


def decimal(value: Fraction, places: int = _PLACES) -> str:
    """A fraction as people here write it ("238,5"), cut after some places; for the explanation only."""
    whole, rest = divmod(value.numerator, value.denominator)
    digits = str(rest * 10**places // value.denominator).zfill(places).rstrip("0")
    return f"{grouped(whole)},{digits or '0'}" if rest else grouped(whole)


def percent(rate: Fraction) -> str:
    """1/4000 -> '0,025%'."""
    return f"{decimal(rate * 100, 12)}%"
