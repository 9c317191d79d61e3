"""What screens show of the radar."""

from __future__ import annotations

from datetime import date, datetime

from pos_client.domain.radar import Sign
from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class RadarRow:
    """One sign above its limit. `customer` is masked; empty: it is of no single one."""

    sign: Sign
    day: date
    customer: str
    cashier: str
    count: int
    most: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class RadarPage:
    """The week, newest day first. `reading`: the books are still being read, the list may grow."""

    rows: tuple[RadarRow, ...] = ()
    reading: bool = False
