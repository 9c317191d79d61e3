"""How much may be spent while head office is away, and for how long: the limits of reliability 3.10, in one place.

Head office may set others (`offline_policy` at central); they reach terminals as the signed bundle `policy`. Until one
has been heard, these hold.
"""

from __future__ import annotations

from pos_client.domain.quantities import Vnd
from pos_client.value import dataclass

_HOUR_S = 3_600


@dataclass(frozen=True, slots=True)
class OfflinePolicy:
    """Limits of one terminal. `outstanding`: spent here and not yet confirmed by central."""

    voucher_most_vnd: Vnd = 500_000
    voucher_lives_s: int = 12 * _HOUR_S
    outstanding_most_vnd: Vnd = 5_000_000
    outstanding_most_vouchers: int = 20
    contact_age_s: int = 8 * _HOUR_S
    """so long after central was heard last, nothing is spent offline any more"""
    revocations_age_s: int = 24 * _HOUR_S
    wall_age_s: int = 24 * _HOUR_S
    """so long after the last comparison with central's clock, a restarted machine's own clock is believed"""
