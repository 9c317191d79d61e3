"""The two number formats (section 4.3): a pump is set to one, and nothing in its status tells which."""

from __future__ import annotations

from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class Format:
    """How many digits each field has. `name`: those of a sale's money."""

    name: str
    price: int
    sale: int
    """volume and money of a sale, and running money"""
    totals: int
    preset_money: int
    preset_volume: int
    transaction: int
    """words of a transaction answer"""

    def totals_words(self, grades: int) -> int:
        """Words of a totals answer: for each grade five control words, the grade, two totals, two prices."""
        return (6 + 2 * self.totals + 2 * self.price) * grades + 4


SIX = Format("6", price=4, sale=6, totals=8, preset_money=6, preset_volume=5, transaction=33)
EIGHT = Format("8", price=6, sale=8, totals=12, preset_money=8, preset_volume=8, transaction=39)
FORMATS = {each.name: each for each in (SIX, EIGHT)}
BY_TOTALS = {each.totals: each for each in (SIX, EIGHT)}
BY_SALE = {each.sale: each for each in (SIX, EIGHT)}
