"""Fuellings whose price was not the one of the list: what each till wrote into its journal, beside the list of its zone
at that moment (reliability 4.3, wrong price).

Around the hour of a new price both are right: pumps take it when their nozzle hangs, and a delivery that has begun
keeps what it began with.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.ledger.moment import ms_of_text
from pos_client.sandbox.central.ledger.told import Told
from pos_client.sandbox.central.storage.offline_tables import zone_prices
from pos_client.sandbox.central.storage.portal_tables import station_places
from pos_client.value import dataclass

AROUND_MS = 900_000
"""So long before and after a new price either is right."""

Prices = Mapping[tuple[str, str], list[tuple[int, int]]]
"""(station, grade) -> since when which price, in order."""


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One fuelling: what was asked and what the list says, đồng a litre; `difference_vnd` for its litres."""

    at: str
    terminal: str
    cashier: str
    point: int
    grade: str
    volume_ml: int
    asked: int
    listed: int

    @property
    def difference_vnd(self) -> int:
        """More than it should have been, or less."""
        return (self.asked - self.listed) * self.volume_ml // 1000


def price_lists(book: Book) -> Prices:
    """What every station's list has said, and says for later."""
    rows = book.db.execute(
        select(station_places.c.station, station_places.c.zone, zone_prices)
        .join(zone_prices, zone_prices.c.zone == station_places.c.zone.cast(zone_prices.c.zone.type))
        .order_by(zone_prices.c.from_ms)
    )
    found: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for row in rows:
        found[row.station, row.grade].append((int(row.from_ms), int(row.unit_price)))
    return found


def mismatch(prices: Prices, told: Told) -> Mismatch | None:
    """What is wrong with a `FuellingCompleted`; None where nothing is, or no list says anything."""
    body: Mapping[str, Any] = told.body
    at_ms, asked, grade = ms_of_text(str(body.get("finished_at", ""))), body.get("unit_price"), body.get("grade_code")
    station = told.terminal.rpartition("-")[0]
    steps = prices.get((station, str(grade)), [])
    if at_ms is None or not isinstance(asked, int) or not steps or asked == 0 or body.get("sale_type") == "pump_test":
        return None
    right = {_in_force(steps, at_ms + apart) for apart in (-AROUND_MS, 0, AROUND_MS)} - {None}
    if not right or asked in right:
        return None
    listed = _in_force(steps, at_ms) or next(iter(right))
    if listed is None:
        return None
    return Mismatch(
        str(body.get("finished_at", "")),
        told.terminal,
        told.cashier,
        _whole(body.get("point")),
        str(grade),
        _whole(body.get("volume_ml")),
        asked,
        listed,
    )


def _in_force(steps: list[tuple[int, int]], at_ms: int) -> int | None:
    """The price of that moment; steps stand in the order of time."""
    at = bisect_right(steps, at_ms, key=lambda step: step[0])
    return steps[at - 1][1] if at else None


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0
