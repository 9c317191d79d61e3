"""Signs of fraud in a week of the ledger (reliability 4.3): a list for people, never a refusal.

Each sign has a limit above which it is told. A sign accuses nobody: a lorry fuels twice a day, a till loses its net.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from enum import StrEnum
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt
from typing import Any

import msgspec
from sqlalchemy import Row, select

from pos_client.sandbox.central.ledger import cashiers, traps
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.ledger.moment import day_of, ms_of_text
from pos_client.sandbox.central.ledger.redemption_states import State
from pos_client.sandbox.central.storage.journal_tables import journal_rows, journal_watermarks
from pos_client.sandbox.central.storage.portal_tables import station_places
from pos_client.sandbox.central.storage.tables import accruals, idempotency, incidents, redemptions
from pos_client.value import dataclass

WEEK_MS = 7 * 86_400_000
MOST_ROWS = 100_000


class Sign(StrEnum):
    """What was seen."""

    OFTEN = "often"
    MUCH = "much"
    SOON_AGAIN = "soon_again"
    FAR = "far"
    AFTER_ANONYMOUS = "after_anonymous"
    ALREADY_ACCRUED = "already_accrued"
    VOIDED = "voided"
    CODE_REUSED = "code_reused"
    AT_THE_TILL = "at_the_till"
    EARNED = "earned"
    TRAP = "trap"
    CASHIER_ONE_ID = "cashier_one_id"
    CASHIER_VOIDED = "cashier_voided"
    PRICE = "price"


LIMITS: Mapping[Sign, int] = {
    Sign.OFTEN: 4,  # accruals of one ID at one station in a day
    Sign.MUCH: 10_000_000,  # đồng of fuel of one ID in a day: about 370 litres
    Sign.SOON_AGAIN: 300,  # seconds between two sales of one ID at one station
    Sign.FAR: 120,  # kilometres an hour between two stations
    Sign.AFTER_ANONYMOUS: 3,  # codes of anonymous sales of a till that were claimed at once
    Sign.ALREADY_ACCRUED: 2,  # refusals of a till in the week
    Sign.VOIDED: 30,  # holds of a till given back, in a hundred; from ten holds on
    Sign.CODE_REUSED: 1,  # codes of a till that had been used before
    Sign.AT_THE_TILL: 3,  # signs a till's own radar has shown and written into its journal
    Sign.EARNED: 20_000,  # points of one ID in a day, wherever: forty full tanks of a motorcycle
    Sign.TRAP: 0,  # times a customer was named whom nobody is
    Sign.CASHIER_ONE_ID: 30,  # accruals of a cashier that are one ID's, in a hundred; from ten accruals on
    Sign.CASHIER_VOIDED: 30,  # holds a cashier gave back, in a hundred; from ten holds on
    Sign.PRICE: 0,  # fuellings of a till at another price than the list's
}
AT_ONCE_MS = 300_000
"""The customer has hardly left the counter: whoever wanted the points would have named himself before he paid."""
HOLDS_AT_LEAST = 10
OFFERED, USED, NOTED = "ClaimOffered", "ClaimUsed", "SignNoted"
_WHEN = {OFFERED: "offered_at", USED: "used_at"}
"""Facts of a journal, and the field that says when."""


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
        *_after_anonymous(book, begins_ms),
        *_refused(stored, Sign.ALREADY_ACCRUED, b'"sale-already-accrued"'),
        *_refused(stored, Sign.CODE_REUSED, b'"challenge-consumed"'),
        *_voided(book, begins_ms),
        *_at_the_till(book, begins_ms),
        *_earned(sales),
        *_traps(book, begins_ms),
        *_by_cashier(book, begins_ms),
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


def _earned(sales: Sequence[Row[Any]]) -> Iterator[Signal]:
    sums: Counter[tuple[str, object]] = Counter()
    for sale in sales:
        sums[sale.account, _day(sale)] += sale.points
    for (account, _), points in sums.items():
        if points > LIMITS[Sign.EARNED]:
            yield Signal(Sign.EARNED, account, "", points, LIMITS[Sign.EARNED])


def _traps(book: Book, begins_ms: int) -> Iterator[Signal]:
    rows = book.db.execute(
        select(incidents.c.station, incidents.c.redemption_id)
        .where(incidents.c.kind.startswith(f"{traps.WORD}:"))
        .where(incidents.c.at_ms >= begins_ms, incidents.c.at_ms < begins_ms + WEEK_MS)
        .limit(MOST_ROWS)
    )
    for (who, station), count in Counter((row.redemption_id, row.station) for row in rows).items():
        yield Signal(Sign.TRAP, who, station, count, LIMITS[Sign.TRAP])


def _by_cashier(book: Book, begins_ms: int) -> Iterator[Signal]:
    """By the tills' journals: who was at work. A till of which no shift is known has nobody to name."""
    rows, wrong = cashiers.of_period(book, begins_ms, begins_ms + WEEK_MS)
    for row in rows:
        for sign, share in ((Sign.CASHIER_ONE_ID, row.one_id_percent), (Sign.CASHIER_VOIDED, row.voided_percent)):
            if row.name and share is not None and share > LIMITS[sign]:
                yield Signal(sign, row.name, row.station, share, LIMITS[sign])
    for terminal, count in Counter(each.terminal for each in wrong).items():
        yield Signal(Sign.PRICE, terminal, terminal.rpartition("-")[0], count, LIMITS[Sign.PRICE])


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


def _after_anonymous(book: Book, begins_ms: int) -> Iterator[Signal]:
    """Points somebody claimed at once for a sale that had been paid without an ID (flow 16): the cashier keeps the
    receipt. By the till's own journal, which says when each code was given out and when it was used; a journal that was
    sent twice, under two epochs, counts once."""
    rows = _told(book, begins_ms, (OFFERED, USED))
    times: dict[str, dict[tuple[str, str], int | None]] = {OFFERED: {}, USED: {}}
    for row in rows:
        name, at_ms = _claim(row.body, _WHEN[row.kind])
        times[row.kind][row.terminal, name] = at_ms
    at_once = Counter(
        terminal
        for (terminal, name), used_ms in times[USED].items()
        if used_ms is not None
        and (offered_ms := times[OFFERED].get((terminal, name))) is not None
        and used_ms - offered_ms < AT_ONCE_MS
    )
    for terminal, count in at_once.items():
        if count > LIMITS[Sign.AFTER_ANONYMOUS]:
            station = terminal.rpartition("-")[0]
            yield Signal(Sign.AFTER_ANONYMOUS, terminal, station, count, LIMITS[Sign.AFTER_ANONYMOUS])


def _at_the_till(book: Book, begins_ms: int) -> Iterator[Signal]:
    """What tills saw themselves, each sign once, also of a journal that was sent twice."""
    noted: dict[str, set[str]] = defaultdict(set)
    for row in _told(book, begins_ms, (NOTED,)):
        with suppress(msgspec.MsgspecError, KeyError):
            noted[row.terminal].add(str(msgspec.json.decode(row.body, type=dict[str, Any])["sign_id"]))
    for terminal, names in noted.items():
        if len(names) > LIMITS[Sign.AT_THE_TILL]:
            station = terminal.rpartition("-")[0]
            yield Signal(Sign.AT_THE_TILL, terminal, station, len(names), LIMITS[Sign.AT_THE_TILL])


def _told(book: Book, begins_ms: int, kinds: tuple[str, ...]) -> Sequence[Any]:
    """Rows of the tills' journals that came in a week, of some kinds."""
    c, end = journal_rows.c, journal_watermarks.c
    return book.db.execute(
        select(c.terminal, c.kind, c.body)
        .join(journal_watermarks, (end.terminal == c.terminal) & (end.epoch == c.epoch))
        .where(end.at_ms >= begins_ms, c.kind.in_(kinds))
        .where(c.received_ms >= begins_ms, c.received_ms < begins_ms + WEEK_MS)
        .limit(MOST_ROWS)
    ).all()


def _claim(body: str, when: str) -> tuple[str, int | None]:
    """Which code, and when; a row nobody of ours has written says neither."""
    try:
        row = msgspec.json.decode(body, type=dict[str, Any])
        return str(row["claim_id"]), ms_of_text(str(row[when]))
    except (msgspec.MsgspecError, ValueError, KeyError):
        return "", None


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
    found = ms_of_text(sale.fuelled_at)
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
