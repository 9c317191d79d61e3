"""Before points are asked for: what keeps this customer from using them now, and for how much fuel."""

from __future__ import annotations

from pos_client.domain.customer import Customer, IdentifierKind
from pos_client.domain.errors import RuleViolation
from pos_client.domain.quantities import Vnd
from pos_client.domain.sale import Sale
from pos_client.services.desk import Desk
from pos_client.services.messages import CustomerScreen
from pos_client.services.snapshots import CustomerState
from pos_client.services.tracks import PresentCustomer


def customer_at_counter(desk: Desk) -> PresentCustomer:
    """Whoever stands there, while this terminal may spend anybody's points. Raises `RuleViolation`."""
    if desk.state.blockers:
        raise RuleViolation(next(iter(desk.state.blockers)))
    if not desk.state.store_ok or desk.unwritten:
        raise RuleViolation("points_need_store")
    if desk.state.present is None:
        raise RuleViolation("points_need_customer")
    return desk.state.present


def known_customer(desk: Desk, present: PresentCustomer) -> Customer:
    """The customer as central knows him, with a keypad to type on. Raises `RuleViolation`."""
    if present.state is not CustomerState.KNOWN or present.customer is None:
        raise RuleViolation(why_not_offline(present))
    if (lost := desk.state.keypad_trouble) is not None:
        raise RuleViolation(f"keypad_{lost.value}")  # no code is sent that nobody could type
    return present.customer


def check_consent(desk: Desk, customer: Customer) -> None:
    """Raises `RuleViolation` when there is no way to ask him, or no screen on which to."""
    if not customer.methods:
        raise RuleViolation("points_not_usable")
    if desk.state.customer_screen is CustomerScreen.MISSING:
        raise RuleViolation("points_need_customer_screen")


def amount_wanted(
    desk: Desk, customer: Customer, sale: Sale | None, typed_vnd: Vnd | None, chosen_vnd: Vnd | None
) -> Vnd | None:
    """For how much fuel, dong (one point each): what the cashier typed, or the customer chose, or the whole sale.
    `None`: all a gift may take. What was typed is never cut down in silence. Raises `RuleViolation`."""
    most = min(customer.points_available, sale.due_vnd) if sale is not None else customer.points_available
    if typed_vnd is not None and typed_vnd > most:
        raise RuleViolation("points_above_available", most=most)
    wanted = typed_vnd if typed_vnd is not None else chosen_vnd
    if sale is not None:
        wanted = sale.due_vnd if wanted is None else min(wanted, sale.due_vnd)
    if wanted is not None and wanted < desk.profile.minimum_points:
        raise RuleViolation("points_below_minimum", minimum=desk.profile.minimum_points)
    return wanted


def why_not_offline(present: PresentCustomer) -> str:
    """What a customer central could not be asked about is told when he wants to spend: a code nobody can send or check,
    a PIN only central may see, a voucher that was not activated for this station beforehand."""
    if present.identifier.kind in (IdentifierKind.VOUCHER, IdentifierKind.PLATE):
        return "voucher_not_activated"
    return "points_need_network"
