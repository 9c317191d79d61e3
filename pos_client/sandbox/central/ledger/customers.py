"""Whose is this ID, phone, plate, voucher or QR, what may be shown of him, and how he may spend (A06, A09-A17, A29).

What leaves central is masked; the reference is opaque and dies after a quarter of an hour. A problem never says which
organisation owns a plate.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, Table, bindparam, insert, select, update

from pos_client.domain.customer import (
    ConsentMethod,
    CustomerKind,
    Identifier,
    IdentifierKind,
    mask_identifier,
    mask_name,
)
from pos_client.protocols.central.messages import CustomerAnswer, LookupRequest, QuoteAnswer, QuoteRequest, VoucherPart
from pos_client.sandbox.central.ledger import activated, bundles, funds, pools, rights, traps
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.ledger.outcome import Answer, Outcome, Refusal
from pos_client.sandbox.central.storage.tables import accounts, customer_refs, grades, vehicles, vouchers
from pos_client.value import dataclass

REFERENCE_LIVES_S = 900
QUOTE_LIVES_S = 300
DIRECT = "pin"
"""The form of an organisation that uses points without a voucher (A09)."""
_REFERRED_TO = (
    select(
        accounts,
        customer_refs.c.voucher,
        customer_refs.c.spends,
        customer_refs.c.expires_ms,
        pools.pool_of(accounts.c.number).scalar_subquery().label("pool"),
    )
    .join(customer_refs, customer_refs.c.account == accounts.c.number)
    .where(customer_refs.c.ref == bindparam("reference"))
)


@dataclass(frozen=True, slots=True)
class Party:
    """An account, perhaps with one of its vouchers in the hand. `spends` False: named by a plate without a voucher."""

    account: Row[Any]
    voucher: Row[Any] | None
    spends: bool
    fund: str
    """where this party's points lie: on the voucher, in its group's fund (B03), or on the account"""

    @property
    def kind(self) -> CustomerKind:
        """How the till shows this party."""
        return CustomerKind.VOUCHER if self.voucher is not None else CustomerKind(self.account.kind)

    def method(self, today: date) -> ConsentMethod | None:
        """How this party confirms a redemption; None: it cannot spend in this way at all."""
        if not self.spends or self.account.status != "active":
            return None
        if self.voucher is not None:
            alive = self.voucher.status == "active" and date.fromisoformat(self.voucher.expires_on) >= today
            return ConsentMethod.DRIVER_PIN if alive else None
        if self.account.kind == CustomerKind.INDIVIDUAL:
            return ConsentMethod.OTP
        return ConsentMethod.ORGANISATION_PIN if self.account.form == DIRECT else None


def find(book: Book, kind: str, text: str) -> Party | None:
    """The party an identifier names."""
    match kind:
        case IdentifierKind.ID:
            return _of_account(book, _one(book, accounts, "number", text))
        case IdentifierKind.PHONE:
            return _of_account(book, _one(book, accounts, "phone", text))
        case IdentifierKind.QR:
            return _of_account(book, _one(book, accounts, "qr", text))
        case IdentifierKind.VOUCHER:
            return _of_voucher(book, _one(book, vouchers, "code", text))
        case IdentifierKind.PLATE:
            return _of_plate(book, text)
        case _:
            return None


def look_up(book: Book, request: LookupRequest, station: str | None = None, terminal: str = "") -> Outcome:
    """`POST /v1/customers:lookup`, from a terminal of a station."""
    party = find(book, request.identifier.kind, request.identifier.text)
    if party is None:
        return Refusal("unknown-customer")
    traps.alarm(book, party.account, terminal, "look_up")
    reference = book.new_reference()
    book.db.execute(
        insert(customer_refs).values(
            ref=reference,
            account=party.account.number,
            voucher=None if party.voucher is None else party.voucher.code,
            spends=party.spends,
            expires_ms=book.now_ms + REFERENCE_LIVES_S * 1000,
        )
    )
    there = _usable(book, party, station)
    next_to_die = funds.expiring_points(book, party.fund)
    method = party.method(book.today) if there >= book.profile.minimum_points else None
    return Answer(
        CustomerAnswer(
            customer_ref=reference,
            kind=party.kind.value,
            masked_name=mask_name(party.account.name),
            display_id=display_number(party.account.number),
            masked_phone=mask_phone(party.account.phone),
            points_available=there,
            methods=() if method is None else (method.value,),
            points_held=funds.held_points(book, party.fund),
            expiring_points=next_to_die.points,
            expiring_on=None if next_to_die.on is None else next_to_die.on.isoformat(),
            voucher=_voucher_part(party, there),
            status=party.account.status,
        )
    )


def by_reference(book: Book, reference: str) -> Party | None:
    """The party behind a look-up's reference, while it lives."""
    row = book.db.execute(_REFERRED_TO, {"reference": reference}).one_or_none()
    if row is None or row.expires_ms <= book.now_ms:
        return None
    if row.voucher is None:
        return Party(row, None, row.spends, row.number if row.pool is None else str(row.pool))
    voucher = _one(book, vouchers, "code", row.voucher)
    return None if voucher is None else Party(row, voucher, row.spends, str(voucher.code))


def quote(book: Book, request: QuoteRequest, station: str | None = None) -> Outcome:
    """`POST /v1/quotes`: at the most how many points, for this amount of this grade."""
    party = by_reference(book, request.customer_ref)
    if party is None:
        return Refusal("quote-expired")
    if party.account.status == "blocked":
        return Refusal("customer-blocked")
    if party.method(book.today) is None:
        return Refusal("method-not-allowed")
    if lacks_right(book, party):
        return Refusal("voucher-right-missing")
    if request.price_version is not None and bundles.is_stale(book, request.price_version):
        return Refusal("price-version-stale")
    if request.grade_code is not None and not _grade_allowed(book, party, request.grade_code):
        return Refusal("product-not-allowed")
    minimum = book.profile.minimum_points
    there = _usable(book, party, station)
    if there < minimum:
        return Refusal("insufficient-points", limit=there)
    if request.amount_vnd is not None and request.amount_vnd < minimum:
        return Refusal("below-minimum", limit=minimum)
    most = there if request.amount_vnd is None else min(there, request.amount_vnd)
    next_to_die = funds.expiring_points(book, party.fund)
    return Answer(
        QuoteAnswer(
            points_max=most,
            expires_in_s=QUOTE_LIVES_S,
            expiring_points=min(next_to_die.points, most),
            expiring_on=None if next_to_die.on is None else next_to_die.on.isoformat(),
        ),
        status=201,
    )


def _usable(book: Book, party: Party, station: str | None) -> int:
    """Points of this party that can be held now; of a voucher also those activated for the station that asks."""
    there = funds.available_points(book, party.fund)
    return there if party.voucher is None else there + activated.points_at(book, party.voucher.code, station)


def lacks_right(book: Book, party: Party) -> bool:
    """Whether this is a voucher whose driver was not granted "Quản lý phiếu điểm" (A14)."""
    return party.voucher is not None and rights.scope_of(book, f"driver:{party.voucher.driver}") is None


def allow_pin(book: Book, number: str) -> None:
    """An organisation uses points straight from its fund from now on, by its PIN; its vouchers stay what they are."""
    book.db.execute(update(accounts).where(accounts.c.number == number).values(form=DIRECT))


def display_number(number: str) -> str:
    """'000100001' -> '000 100 001'."""
    return " ".join((number[:3], number[3:6], number[6:]))


def mask_phone(phone: str) -> str:
    """'+84912000001' -> '0912 *** 001'."""
    return mask_identifier(Identifier(IdentifierKind.PHONE, phone))


def _one(book: Book, table: Table, column: str, value: str) -> Row[Any] | None:
    return book.db.execute(_by(table, column), {"value": value}).one_or_none()


@cache
def _by(table: Table, column: str) -> Select[Any]:
    return select(table).where(table.c[column] == bindparam("value"))


def _party(book: Book, account: Row[Any], voucher: Row[Any] | None, spends: bool = True) -> Party:
    fund = pools.fund_of(book, account.number) if voucher is None else str(voucher.code)
    return Party(account, voucher, spends, fund)


def _of_account(book: Book, account: Row[Any] | None) -> Party | None:
    return None if account is None else _party(book, account, None)


def _of_voucher(book: Book, voucher: Row[Any] | None) -> Party | None:
    if voucher is None:
        return None
    account = _one(book, accounts, "number", voucher.account)
    return None if account is None else _party(book, account, voucher)


def _of_plate(book: Book, plate: str) -> Party | None:
    """The vehicle's first voucher to die that still has points; else its organisation, which may only earn."""
    vehicle = _one(book, vehicles, "plate", plate)
    if vehicle is None:
        return None
    rows = book.db.execute(
        select(vouchers)
        .where(vouchers.c.plate == plate, vouchers.c.status == "active")
        .where(vouchers.c.expires_on >= book.today.isoformat())
        .order_by(vouchers.c.expires_on, vouchers.c.code)
    ).all()
    for voucher in rows:
        if funds.available_points(book, voucher.code) > 0:
            return _of_voucher(book, voucher)
    account = _one(book, accounts, "number", vehicle.account)
    return None if account is None else _party(book, account, None, spends=False)


def _voucher_part(party: Party, points: int) -> VoucherPart | None:
    voucher = party.voucher
    if voucher is None:
        return None
    return VoucherPart(
        code=voucher.code,
        plate=voucher.plate,
        points=points,
        expires_on=voucher.expires_on,
        product=voucher.product,
    )


def _grade_allowed(book: Book, party: Party, grade_code: str) -> bool:
    """Points become fuel that is being sold (A03), and a voucher's points perhaps one kind of it (A11)."""
    if _one(book, grades, "code", grade_code) is None:
        return False
    return party.voucher is None or party.voucher.product in (None, grade_code)
