"""Points vouchers from the making to the end (A11, A13): made, cancelled, died; what is left goes back into its lots.

Making one moves points out of the common fund with their age and last day; whoever takes them back finds them as they
were. A voucher with points held at a pump is neither cancelled nor closed before the pump has spoken.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, exists, func, insert, select, update

from pos_client.domain.errors import RuleViolation
from pos_client.sandbox.central.ledger import funds, pools, transfers
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.storage.ledger_tables import entries, hold_lots
from pos_client.sandbox.central.storage.tables import drivers, grades, vehicles, vouchers
from pos_client.value import dataclass

CODE_DIGITS = 8
MOST_POINTS = 100_000_000
AT_ONCE = 100


class VoucherState(StrEnum):
    """How a voucher is shown (A13); stored are active, cancelled and expired, the rest follows from its points."""

    ACTIVE = "active"
    PART_USED = "part_used"
    USED = "used"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class NewVoucher:
    """What an organisation asks for: so many points for this vehicle and driver, until this day."""

    plate: str
    driver: str
    points: int
    expires_on: date
    product: str | None = None


@dataclass(frozen=True, slots=True)
class VoucherFace:
    """A voucher with its points: given, used, held at a pump, left."""

    code: str
    account: str
    plate: str
    driver: str
    product: str | None
    expires_on: date
    given: int
    used: int
    held: int
    left: int
    state: VoucherState


def faults_of(book: Book, account: str, wanted: NewVoucher) -> list[RuleViolation]:
    """Everything that is wrong with a voucher somebody wants, the fund's size left aside."""
    found = []
    vehicle = book.db.execute(select(vehicles).where(vehicles.c.plate == wanted.plate)).one_or_none()
    if vehicle is None or vehicle.account != account or not vehicle.active:
        found.append(RuleViolation("voucher_plate_unknown", field="plate"))
    driver = book.db.execute(select(drivers).where(drivers.c.id == wanted.driver)).one_or_none()
    if driver is None or driver.account != account or not driver.active:
        found.append(RuleViolation("voucher_driver_unknown", field="driver"))
    least = book.profile.minimum_points
    if not least <= wanted.points <= MOST_POINTS:
        found.append(RuleViolation("voucher_points_out_of_range", field="points", least=least, most=MOST_POINTS))
    if wanted.expires_on < book.today:
        found.append(RuleViolation("voucher_day_past", field="expires_on"))
    known = wanted.product is None or book.db.scalar(select(grades.c.code).where(grades.c.code == wanted.product))
    if not known:
        found.append(RuleViolation("voucher_product_unknown", field="product"))
    return found


def make(book: Book, account: str, wanted: Sequence[NewVoucher]) -> list[str]:
    """All of them or none: their codes, in the same order.

    Raises `RuleViolation`: the first fault of any of them, `insufficient_points` when the fund does not reach.
    """
    for each in wanted:
        for fault in faults_of(book, account, each):
            raise fault
    fund = pools.fund_of(book, account)
    there, needed = funds.available_points(book, fund), sum(each.points for each in wanted)
    if needed > there:
        raise RuleViolation("insufficient_points", available=there, needed=needed)
    return [_make_one(book, account, fund, each) for each in wanted]


def cancel(book: Book, code: str) -> int:
    """Take a voucher back: how many points returned to the fund; 0 for one that had been taken back before.

    Raises `RuleViolation`: `voucher_in_use` while points of it are held, `voucher_over` for one that has died.
    """
    row = book.db.execute(select(vouchers).where(vouchers.c.code == code)).one()
    if row.status == VoucherState.CANCELLED:
        return 0
    if row.status != VoucherState.ACTIVE:
        raise RuleViolation("voucher_over")
    if funds.held_points(book, code):
        raise RuleViolation("voucher_in_use")
    return _close(book, row, VoucherState.CANCELLED)


def expire_due(book: Book, at_most: int = AT_ONCE) -> int:
    """Vouchers whose last day has passed are over; what is left and alive returns to the organisation's fund. How many
    were met: fewer than `at_most`, and none is left but those that a pump still holds points of."""
    is_held = exists().where(hold_lots.c.fund == vouchers.c.code)
    due = (
        select(vouchers)
        .where(vouchers.c.status == VoucherState.ACTIVE, vouchers.c.expires_on < book.today.isoformat(), ~is_held)
        .order_by(vouchers.c.code)
        .limit(at_most)
        .with_for_update(skip_locked=True)
    )
    rows = book.db.execute(due).all()
    for row in rows:
        transfers.lock(book, [row.code])
        if not funds.held_points(book, row.code):
            _close(book, row, VoucherState.EXPIRED)
    return len(rows)


def face_of(book: Book, row: Row[Any]) -> VoucherFace:
    """A voucher as people look at it."""
    sums = {
        kind: int(total)
        for kind, total in book.db.execute(
            select(entries.c.kind, func.sum(entries.c.points))
            .where(entries.c.fund == row.code)
            .group_by(entries.c.kind)
        )
    }
    used = -sum(sums.get(kind, 0) for kind in ("redemption", "redemption_reversed"))
    held, left = funds.held_points(book, row.code), funds.available_points(book, row.code)
    state = VoucherState(row.status)
    if state is VoucherState.ACTIVE and used:
        state = VoucherState.PART_USED if left or held else VoucherState.USED
    return VoucherFace(
        code=row.code,
        account=row.account,
        plate=row.plate,
        driver=row.driver,
        product=row.product,
        expires_on=date.fromisoformat(row.expires_on),
        given=sums.get("moved", 0),
        used=used,
        held=held,
        left=left,
        state=state,
    )


def _make_one(book: Book, account: str, fund: str, wanted: NewVoucher) -> str:
    code = _new_code(book)
    book.db.execute(
        insert(vouchers).values(
            code=code,
            account=account,
            plate=wanted.plate,
            driver=wanted.driver,
            product=wanted.product,
            expires_on=wanted.expires_on.isoformat(),
            status=VoucherState.ACTIVE.value,
        )
    )
    funds.move(book, fund, code, wanted.points, code)
    return code


def _new_code(book: Book) -> str:
    """Nobody guesses the next one from the last, and makers of vouchers do not queue for a counter."""
    while True:
        code = f"P-{book.dice.randrange(10 ** (CODE_DIGITS - 1), 10**CODE_DIGITS)}"
        if book.db.scalar(select(vouchers.c.code).where(vouchers.c.code == code)) is None:
            return code


def _close(book: Book, row: Row[Any], state: VoucherState) -> int:
    book.db.execute(update(vouchers).where(vouchers.c.code == row.code).values(status=state.value))
    return funds.move_back(book, row.code, pools.fund_of(book, row.account), row.code)
