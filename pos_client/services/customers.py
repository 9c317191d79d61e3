"""Who stands at the counter: identified by what was typed or scanned, confirmed by himself, then forgotten."""

from __future__ import annotations

from collections.abc import Mapping

from pos_client.domain.customer import CustomerKind, mask_identifier, parse_identifier
from pos_client.domain.errors import RuleViolation
from pos_client.domain.fuelling_point import LinkState
from pos_client.domain.signed_voucher import SignedVoucher, is_signed_voucher
from pos_client.ports import central as c
from pos_client.services.attachment import Attachment
from pos_client.services.desk import Desk
from pos_client.services.offline import OfflineSpending
from pos_client.services.snapshots import CustomerState, Notice, Severity
from pos_client.services.tracks import PresentCustomer
from pos_client.value import dataclass

ASK_AGAIN_MS = 5_000
"""How often a customer central could not be asked about is asked for again, while he is here."""

NOT_THIS_CUSTOMER = frozenset({"unknown-customer", "customer-blocked"})
"""Refusals that are about the customer. Any other says only that central did not tell: he earns by what he typed."""


@dataclass(slots=True)
class Customers:
    """Identify, attach, take off."""

    desk: Desk
    attachment: Attachment
    offline: OfflineSpending
    turned_away: Notice | None = None
    """why the one who was looked up last does not stand on the sale: he is told on his own screen too"""

    def identify(self, text: str) -> None:
        """Look a customer up. Offline he still earns: known by what he typed, balance unknown (DESIGN 3)."""
        self.turned_away = None
        voucher: SignedVoucher | None = None
        try:
            if is_signed_voucher(text):
                voucher = self.offline.read(text)
            forms = self.desk.settings.scanner.forms()
            identifier = parse_identifier(text if voucher is None else voucher.code, forms)
        except RuleViolation as unreadable:
            self._tell(unreadable.code, unreadable.params)
            raise
        sale = self.desk.state.sale_in_hand()
        if sale is not None and self.desk.state.live_redemption(sale.sale_id):
            raise RuleViolation("points_in_progress")
        if sale is not None and sale.paid_by_points:
            raise RuleViolation("points_already_used")
        self.desk.next_notice()
        present = PresentCustomer(identifier, CustomerState.LOOKING_UP, mask_identifier(identifier), signed=voucher)
        self.desk.state.present = present
        if voucher is not None and self.desk.state.central.link is not LinkState.UP:
            self._unverified(present)
        else:
            self._ask(present)

    def on_answer(self, answer: c.CentralAnswered) -> bool:
        """Central's answer to a look-up; False when it is not ours (or about somebody who has left)."""
        present = self.desk.state.present
        if present is None or present.request != answer.key:
            return False
        present.request = None
        match answer.result:
            case c.CustomerFound():
                self._found(present, answer.result)
            case c.Problem() if answer.result.code in NOT_THIS_CUSTOMER:
                self._turn_away(answer.result.code, present.masked_identifier)
            case _:
                self._unverified(present)
        return True

    def on_tick(self) -> None:
        """Ask again about a customer who could not be looked up, once central answers."""
        present, central = self.desk.state.present, self.desk.state.central
        if present is None:
            return
        waited = self.desk.now.ticks_ms - present.asked_ms
        if (present.state is CustomerState.UNVERIFIED or present.by_voucher) and present.request is None:
            if central.link is LinkState.UP and waited >= ASK_AGAIN_MS:
                self._ask(present)
        elif present.state is CustomerState.LOOKING_UP and waited > self.desk.settings.central.operation_timeout_ms:
            self._unverified(present)

    def confirm(self) -> None:
        """The customer says: that is me."""
        if self.desk.state.present is not None:
            self.desk.state.present.confirmed = True

    def _ask(self, present: PresentCustomer) -> None:
        call = self.desk.wire.encode(c.LookUpCustomer(self.desk.dice.new_id(), present.identifier))
        present.request, present.asked_ms = call.key, self.desk.now.ticks_ms
        self.desk.send(call)

    def _found(self, present: PresentCustomer, found: c.CustomerFound) -> None:
        if found.customer.status == "blocked":
            self._turn_away("customer-blocked", found.customer.display_id)
            return
        was_attached = present.state is CustomerState.UNVERIFIED or present.by_voucher
        present.by_voucher = False
        present.customer, present.state = found.customer, CustomerState.KNOWN
        if found.customer.kind is CustomerKind.VOUCHER:
            present.confirmed = True
        if not was_attached:
            self.attachment.attach()

    def _turn_away(self, code: str, identifier: str) -> None:
        """Central does not know him, or not any more; had he been attached unverified, the sale is anonymous again."""
        present, sale = self.desk.state.present, self.desk.state.sale_in_hand()
        unasked = present is not None and (present.state is CustomerState.UNVERIFIED or present.by_voucher)
        if unasked and sale is not None and sale.customer:
            self.attachment.detach("central")
        self.desk.state.present = None
        self.turned_away = self.desk.notify(f"central_{code}", Severity.WARNING, id=identifier)

    def _tell(self, code: str, params: Mapping[str, int | str]) -> None:
        self.turned_away = Notice(code, Severity.WARNING, tuple(params.items()), self.desk.now.ticks_ms)

    def _unverified(self, present: PresentCustomer) -> None:
        first = present.state is CustomerState.LOOKING_UP
        if present.signed is not None:
            present.state, present.by_voucher = CustomerState.KNOWN, True
            present.customer = present.signed.as_customer()
            present.confirmed = present.amount_asked = True
        else:
            present.state = CustomerState.UNVERIFIED
        present.asked_ms = self.desk.now.ticks_ms
        if first:
            self.attachment.attach()
