"""The VietQR of what a sale still owes: paid by phone, with the bill's and the customer's number inside."""

from __future__ import annotations

from functools import lru_cache

from pos_client.domain.quantities import Vnd
from pos_client.domain.sale import Sale, SaleState
from pos_client.domain.vietqr import BankAccount, vietqr
from pos_client.services.desk import Desk
from pos_client.services.snapshots import CustomerState

_UNPAID = frozenset({SaleState.OPEN, SaleState.TENDERING})


def pay_code(desk: Desk, sale: Sale) -> str:
    """The code's text; empty where no account is set, nothing is due, or points may still pay a part of it: a code
    that is already on the customer's phone cannot be taken back."""
    account = desk.settings.bank.to_pay_into
    if account is None or sale.state not in _UNPAID or not sale.due_vnd or desk.state.live_redemption(sale.sale_id):
        return ""
    station = desk.settings.station.station
    return _code(
        account, sale.due_vnd, sale.receipt_number, _loyalty(desk), station, f"XANG DAU P{sale.fuelling.point:02d}"
    )


@lru_cache(maxsize=8)
def _code(account: BankAccount, due_vnd: Vnd, bill: str, loyalty: str, terminal: str, purpose: str) -> str:
    """Asked for with every picture of the terminal."""
    return vietqr(account, due_vnd, bill=bill, loyalty=loyalty, terminal=terminal, purpose=purpose)


def _loyalty(desk: Desk) -> str:
    """The number of the customer who said that it is him."""
    present = desk.state.present
    if present is None or present.state is not CustomerState.KNOWN or not present.confirmed or present.customer is None:
        return ""
    return present.customer.display_id
