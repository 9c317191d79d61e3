"""A points voucher that was activated online for this station: what its signed text says, once the signature holds.

Nothing here proves anything: who made the value has checked the signature (`ports.central.Wire`). What may be done with
it is `domain/offline_spending.py`'s to say.
"""

from __future__ import annotations

from datetime import datetime

from pos_client.domain.customer import ConsentMethod, Customer, CustomerKind, VoucherView
from pos_client.domain.identifiers import VoucherId
from pos_client.domain.moment import VIETNAM, business_day
from pos_client.domain.quantities import Points
from pos_client.value import dataclass

SIGNED_PREFIX = "PLXV."
"""How the text of a signed voucher begins, on a phone's screen or on paper."""


def is_signed_voucher(text: str) -> bool:
    """Whether what was scanned claims to be one."""
    return text.strip().startswith(SIGNED_PREFIX)


@dataclass(frozen=True, slots=True)
class SignedVoucher:
    """At most `max_points`, once, by this vehicle at this station, between two instants (milliseconds since 1970).

    `voucher_id` names the activation, `code` the voucher it was made of. `products` empty: any grade.
    """

    version: int
    voucher_id: VoucherId
    purpose: str
    code: str
    organisation: str
    driver: str
    plate: str
    station: str
    products: tuple[str, ...]
    max_points: Points
    not_before_ms: int
    not_after_ms: int
    holder: str
    text: str

    @property
    def not_after(self) -> datetime:
        """When it ends."""
        return datetime.fromtimestamp(self.not_after_ms / 1000, VIETNAM)

    def as_customer(self) -> Customer:
        """Who stands at the counter, as far as the voucher tells: enough for the screens while nobody can be asked."""
        return Customer(
            reference="",
            kind=CustomerKind.VOUCHER,
            masked_name=self.holder,
            display_id=self.code,
            masked_phone="",
            points_available=self.max_points,
            methods=(ConsentMethod.SIGNED_VOUCHER,),
            voucher=VoucherView(
                self.code,
                self.plate,
                self.max_points,
                business_day(self.not_after),
                self.products[0] if len(self.products) == 1 else None,
            ),
        )
