"""Vouchers on their way: read from forms and spreadsheets as text, looked at whole, kept until somebody confirms, once.

Every row is judged and every fault told, with the row's number; as long as one is bad, nothing is kept. What was kept
is judged again when it is confirmed, because the fund and the people may have changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import Row, insert, select, update

from pos_client.domain.errors import RuleViolation
from pos_client.sandbox.central.ledger import funds, pools, voucher_desk
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.ledger.voucher_desk import NewVoucher
from pos_client.sandbox.central.storage.portal_tables import voucher_batches
from pos_client.sandbox.portal.typed import read_day, read_number
from pos_client.value import dataclass

MOST_ROWS = 2_000
FIELDS = ("plate", "driver", "points", "expires_on", "product")


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong in one row; row 0 is the whole."""

    row: int
    rule: RuleViolation


def read_rows(book: Book, account: str, rows: Sequence[tuple[int, Mapping[str, str]]]) -> list[NewVoucher]:
    """The vouchers of numbered rows of text. Raises `FaultyRows` with every fault of every row."""
    if len(rows) > MOST_ROWS:
        raise FaultyRows([RowFault(0, RuleViolation("rows_many", most=MOST_ROWS))])
    if not rows:
        raise FaultyRows([RowFault(0, RuleViolation("rows_none"))])
    made: list[NewVoucher] = []
    faults: list[RowFault] = []
    seen: dict[tuple[str, ...], int] = {}
    for number, row in rows:
        wanted, wrong = _read(row)
        wrong = wrong or voucher_desk.faults_of(book, account, wanted)
        faults += [RowFault(number, rule) for rule in wrong]
        made.append(wanted)
        same = tuple(row.get(name, "") for name in FIELDS)
        if same in seen:
            faults.append(RowFault(number, RuleViolation("row_twice", first=seen[same])))
        seen.setdefault(same, number)
    needed = sum(each.points for each in made)
    there = funds.available_points(book, pools.fund_of(book, account))
    if not faults and needed > there:
        faults.append(RowFault(0, RuleViolation("insufficient_points", available=there, needed=needed)))
    if faults:
        raise FaultyRows(faults)
    return made


class FaultyRows(Exception):
    """Rows that make no vouchers, with every reason."""

    def __init__(self, faults: list[RowFault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


def keep(book: Book, account: str, actor: str, wanted: Sequence[NewVoucher]) -> str:
    """Keep vouchers until somebody has looked at them: the name of the batch."""
    name = book.new_reference()
    rows = msgspec.json.encode(wanted).decode()
    book.db.execute(insert(voucher_batches).values(id=name, account=account, actor=actor, rows=rows, at_ms=book.now_ms))
    return name


def find(book: Book, account: str, name: str) -> Row[Any] | None:
    """A batch of this organisation."""
    return book.db.execute(
        select(voucher_batches).where(voucher_batches.c.id == name, voucher_batches.c.account == account)
    ).one_or_none()


def vouchers_in(batch: Row[Any]) -> list[NewVoucher]:
    """What would be made."""
    return msgspec.json.decode(batch.rows, type=list[NewVoucher])


def confirm(book: Book, batch: Row[Any]) -> list[str]:
    """Make them, once: the codes, the same ones however often it is confirmed. Raises `RuleViolation` as `make`."""
    if batch.codes is not None:
        return str(batch.codes).split(",")
    codes = voucher_desk.make(book, batch.account, vouchers_in(batch))
    book.db.execute(update(voucher_batches).where(voucher_batches.c.id == batch.id).values(codes=",".join(codes)))
    return codes


def _read(row: Mapping[str, str]) -> tuple[NewVoucher, list[RuleViolation]]:
    wrong = []
    points = read_number(row.get("points", ""))
    if points is None:
        wrong.append(RuleViolation("points_unreadable", field="points"))
    expires_on = read_day(row.get("expires_on", ""))
    if expires_on is None:
        wrong.append(RuleViolation("day_unreadable", field="expires_on"))
    plate = "".join(letter for letter in row.get("plate", "").upper() if letter.isalnum())
    if not plate:
        wrong.append(RuleViolation("voucher_plate_unknown", field="plate"))
    driver = row.get("driver", "").upper()
    if not driver:
        wrong.append(RuleViolation("voucher_driver_unknown", field="driver"))
    return NewVoucher(plate, driver, points or 0, expires_on or date.min, row.get("product") or None), wrong
