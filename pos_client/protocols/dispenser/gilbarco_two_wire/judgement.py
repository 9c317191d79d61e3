"""Whether a sale is proved: what the pump says of it against what its totals moved (section 7, cross-check).

Pure: one table of cases in `judge`. A sale is told only when nothing speaks against it; else the totals speak alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto

from pos_client.protocols.dispenser.gilbarco_two_wire.blocks import Totals, Transaction
from pos_client.protocols.dispenser.interface import HeadSetup
from pos_client.value import dataclass

TOLERANCE = 2
"""Units of a total by which sale and totals may differ: both are cut off, not rounded."""


class Verdict(Enum):
    """What an ended sale came to."""

    SALE = auto()
    NOTHING = auto()
    """no litre flowed"""
    FORGOTTEN = auto()
    """litres flowed, and the pump still shows the sale before: it lost its memory"""
    UNPROVED = auto()
    """litres flowed, and what the pump shows cannot be their sale: the totals speak alone"""


@dataclass(frozen=True, slots=True)
class Evidence:
    """`before`: the totals told last, by nozzle. `remembered`: the sale the pump showed before this one."""

    sale: Transaction
    totals: Totals
    before: Mapping[int, int]
    remembered: Transaction | None
    ran: bool
    cross_check: bool


def judge(evidence: Evidence, setup: HeadSetup) -> Verdict:
    """What became of it."""
    sale, nozzle = evidence.sale, evidence.sale.grade + 1
    after = evidence.totals.of(nozzle)
    if after is None or not 1 <= nozzle <= len(setup.prices):
        return Verdict.UNPROVED
    risen = rises(evidence.before, evidence.totals)
    is_new = sale != evidence.remembered
    if not evidence.cross_check or nozzle not in evidence.before:
        if not evidence.ran:
            return Verdict.NOTHING if not any(risen.values()) else Verdict.FORGOTTEN
        return Verdict.SALE if sale.volume or sale.money else Verdict.NOTHING
    if not any(risen.values()) and not (is_new and 0 < _in_totals(sale.volume, setup) <= 1):
        return Verdict.NOTHING
    others = [rise for other, rise in risen.items() if other != nozzle and rise]
    excess = risen[nozzle] - _in_totals(sale.volume, setup)
    if abs(excess) <= TOLERANCE and not others:
        return Verdict.SALE
    if not is_new or evidence.remembered is None:
        return Verdict.FORGOTTEN
    return Verdict.SALE if 0 <= excess < _half(evidence.totals) else Verdict.UNPROVED


def is_explained(before: Mapping[int, int], totals: Totals, sale: Transaction | None, setup: HeadSetup) -> bool:
    """Whether totals stand where they are to stand: none has moved, or only that of the sale, by its volume."""
    moved = {nozzle: rise for nozzle, rise in rises(before, totals).items() if rise}
    if not moved:
        return bool(before)
    if sale is None or moved.keys() != {sale.grade + 1}:
        return False
    return abs(moved[sale.grade + 1] - _in_totals(sale.volume, setup)) <= TOLERANCE


def rises(before: Mapping[int, int], totals: Totals) -> dict[int, int]:
    """How far each total moved, by nozzle; over the top of the counter it begins again at 0."""
    wrap = 10**totals.format.totals
    found = {}
    for nozzle, stood in before.items():
        after = totals.of(nozzle)
        if after is not None:
            found[nozzle] = (after.volume - stood) % wrap
    return found


def _half(totals: Totals) -> int:
    """A rise above this is a fall."""
    return int(10**totals.format.totals) // 2


def _in_totals(volume: int, setup: HeadSetup) -> int:
    """A sale's volume in the units of a total; a part of a unit counts as one."""
    power = setup.total_decimals - setup.volume_decimals
    return volume * int(10**power) if power >= 0 else -(-volume // int(10**-power))
