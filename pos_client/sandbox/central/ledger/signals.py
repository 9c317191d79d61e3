"""Signs of fraud in a week of the ledger (reliability 4.3): a list for people, never a refusal.

Each sign has a limit above which it is told. A sign accuses nobody: a lorry fuels twice a day, a till loses its net.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt
from typing import Any

from sqlalchemy import Row, select

from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.ledger.fuelled import fuelled_ms
from pos_client.sandbox.central.ledger.moment import day_of
from pos_client.sandbox.central.ledger.redemption_states import State
from pos_client.sandbox.central.storage.portal_tables import station_places
from pos_client.sandbox.central.storage.tables import accruals, idempotency, redemptions

WEEK_MS = 7 * 86_400_000
MOST_ROWS = 100_000


class Sign(StrEnum):
    """What was seen."""

    OFTEN = "often"
    MUCH = "much"
    SOON_AGAIN = "soon_again"
    FAR = "far"
    CLAIMED_LATE = "claimed_late"
    ALREADY_ACCRUED = "already_accrued"
    VOIDED = "voided"
    CODE_REUSED = "code_reused"


LIMITS: Mapping[Sign, int] = {
    Sign.OFTEN: 4,  # accruals of one ID at one station in a day
    Sign.MUCH: 10_000_000,  # đồng of fuel of one ID in a day: about 370 litres
    Sign.SOON_AGAIN: 300,  # seconds between two sales of one ID at one station
    Sign.FAR: 120,  # kilometres an hour between two stations
    Sign.CLAIMED_LATE: 3,  # sales of a till claimed minutes after they ended, while it was on line
    Sign.ALREADY_ACCRUED: 2,  # refusals of a till in the week
    Sign.VOIDED: 30,  # holds of a till given back, in a hundred; from ten holds on
    Sign.CODE_REUSED: 1,  # codes of a till that had been used before
}
CLAIM_WITHIN_MS = 180_000
HOLDS_AT_LEAST = 10


@dataclass(frozen=True, slots=True)
class Signal:
    """Something above its limit: an ID or a till, where, how much of it, and the limit."""

    sign: Sign
    who: str
    place: str
    value: int
    limit: int


def of_week(book: Book, begins_ms: int) -> list[Signal]:
    """All signs of the week that begins then, the gravest of each kind first."""
    sales = book.db.execute(
        select(accruals)
        .where(accruals.c.at_ms >= begins_ms, accruals.c.at_ms < begins_ms + WEEK_MS)
        .order_by(accruals.c.at_ms)
        .limit(MOST_ROWS)
    ).all()
    stored = book.db.execute(
        select(idempotency.c.terminal, idempotency.c.status, idempotency.c.body, idempotency.c.at_ms)
        .where(idempotency.c.at_ms >= begins_ms, idempotency.c.at_ms < begins_ms + WEEK_MS)
        .order_by(idempotency.c.at_ms)
        .limit(MOST_ROWS)
    ).all()
    found = [
        *_often(sales),
        *_much(sales),
        *_soon_again(sales),
        *_far(sales, _places(book)),
        *_claimed_late(sales, stored),
        *_refused(stored, Sign.ALREADY_ACCRUED, b'"sale-already-accrued"'),
        *_refused(stored, Sign.CODE_REUSED, b'"challenge-consumed"'),
        *_voided(book, begins_ms),
    ]
    order = list(Sign)
    return sorted(found, key=lambda signal: (order.index(signal.sign), -signal.value, signal.who))


def _often(sales: Sequence[Row[Any]]) -> Iterator[Signal]:
    times = Counter((sale.account, sale.station, _day(sale)) for sale in sales)
    for (account, station, _), count in times.items():
        if count > LIMITS[Sign.OFTEN]:
            yield Signal(Sign.OFTEN, account, station, count, LIMITS[Sign.OFTEN])


def _much(sales: Sequence[Row[Any]]) -> Iterator[Signal]:
    sums: Counter[tuple[str, object]] = Counter()
    for sale in sales:
        sums[sale.account, _day(sale)] += sale.amount_vnd
    for (account, _), amount in sums.items():
        if amount > LIMITS[Sign.MUCH]:
            yield Signal(Sign.MUCH, account, "", amount, LIMITS[Sign.MUCH])


def _soon_again(sales: Sequence[Row[Any]]) -> Iterator[Signal]:
    """The cashier's friend earns on the sale of whoever came next."""
    for before, after in _pairs(sales):
        apart = (_fuelled(after) - _fuelled(before)) // 1000
        if before.station == after.station and apart < LIMITS[Sign.SOON_AGAIN]:
            yield Signal(Sign.SOON_AGAIN, after.account, after.station, apart, LIMITS[Sign.SOON_AGAIN])


def _far(sales: Sequence[Row[Any]], places: Mapping[str, tuple[float, float]]) -> Iterator[Signal]:
    """One ID at two stations faster than anybody drives. A station nobody has put on the map tells nothing."""
    for before, after in _pairs(sales):
        if before.station == after.station or not {before.station, after.station} <= set(places):
            continue
        hours = max((_fuelled(after) - _fuelled(before)) / 3_600_000, 1 / 60)
        speed = int(_kilometres(places[before.station], places[after.station]) / hours)
        if speed > LIMITS[Sign.FAR]:
            yield Signal(Sign.FAR, after.account, f"{before.station} → {after.station}", speed, LIMITS[Sign.FAR])


def _claimed_late(sales: Sequence[Row[Any]], stored: Sequence[Any]) -> Iterator[Signal]:
    """Sales that had gone by without an ID and got one minutes later, from a till that was on line meanwhile."""
    heard = defaultdict(list)
    for row in stored:
        heard[row.terminal].append(row.at_ms)
    late: Counter[tuple[str, str]] = Counter()
    for sale in sales:
        due = _fuelled(sale) + CLAIM_WITHIN_MS
        if sale.at_ms > due and any(due < at_ms < sale.at_ms for at_ms in heard[sale.terminal]):
            late[sale.terminal, sale.station] += 1
    for (terminal, station), count in late.items():
        if count > LIMITS[Sign.CLAIMED_LATE]:
            yield Signal(Sign.CLAIMED_LATE, terminal, station, count, LIMITS[Sign.CLAIMED_LATE])


def _refused(stored: Sequence[Any], sign: Sign, code: bytes) -> Iterator[Signal]:
    times = Counter(row.terminal for row in stored if row.status == 409 and code in row.body)
    for terminal, count in times.items():
        if count >= LIMITS[sign]:
            yield Signal(sign, terminal, "", count, LIMITS[sign])


def _voided(book: Book, begins_ms: int) -> Iterator[Signal]:
    rows = book.db.execute(
        select(redemptions.c.terminal, redemptions.c.station, redemptions.c.state)
        .where(redemptions.c.created_ms >= begins_ms, redemptions.c.created_ms < begins_ms + WEEK_MS)
        .where(redemptions.c.points > 0)
        .limit(MOST_ROWS)
    )
    holds: Counter[tuple[str, str]] = Counter()
    voids: Counter[tuple[str, str]] = Counter()
    for row in rows:
        holds[row.terminal, row.station] += 1
        voids[row.terminal, row.station] += row.state == State.VOIDED
    for (terminal, station), count in holds.items():
        share = voids[terminal, station] * 100 // count
        if count >= HOLDS_AT_LEAST and share > LIMITS[Sign.VOIDED]:
            yield Signal(Sign.VOIDED, terminal, station, share, LIMITS[Sign.VOIDED])


def _pairs(sales: Sequence[Row[Any]]) -> Iterator[tuple[Row[Any], Row[Any]]]:
    """Each sale of an ID with its next one, in the order in which fuel flowed."""
    by_account = defaultdict(list)
    for sale in sales:
        by_account[sale.account].append(sale)
    for own in by_account.values():
        own.sort(key=_fuelled)
        yield from pairwise(own)


def _fuelled(sale: Row[Any]) -> int:
    found = fuelled_ms(sale.fuelled_at)
    return int(sale.at_ms) if found is None else found


def _day(sale: Row[Any]) -> object:
    return day_of(_fuelled(sale))


def _places(book: Book) -> dict[str, tuple[float, float]]:
    rows = book.db.execute(select(station_places).where(station_places.c.latitude_e6.is_not(None)))
    return {row.station: (row.latitude_e6 / 1e6, (row.longitude_e6 or 0) / 1e6) for row in rows}


def _kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Over the ground, as the crow flies."""
    (north, east), (north2, east2) = ((radians(a), radians(b)) for a, b in (one, other))
    chord = sin((north2 - north) / 2) ** 2 + cos(north) * cos(north2) * sin((east2 - east) / 2) ** 2
    return 2 * 6_371 * asin(sqrt(chord))
