"""May this signed voucher be spent now, while central is away, and up to how much: `CHECKS` in the order of
reliability 3.10. The signature was checked when the voucher was read; everything else is here, and nothing else is.

What is outstanding (spent here, not yet confirmed by central) is a fold of the journal, so a restart, another clock or
books made anew from their mirror forget nothing of it (I15).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pos_client.domain.errors import RuleViolation
from pos_client.domain.identifiers import VoucherId
from pos_client.domain.known_time import Reading, TimeQuality
from pos_client.domain.offline_policy import OfflinePolicy
from pos_client.domain.quantities import Points, Vnd
from pos_client.domain.redemption import Redemption, RedemptionState
from pos_client.domain.signed_voucher import SignedVoucher
from pos_client.value import dataclass

VERSION = 1
PURPOSE = "fuel-redeem"

_CONFIRMED = frozenset({RedemptionState.CAPTURED, RedemptionState.SHORTFALL, RedemptionState.VOIDED})


@dataclass(frozen=True, slots=True)
class Outstanding:
    """What was spent here and central has not confirmed."""

    vnd: Vnd = 0
    vouchers: int = 0


def outstanding(redemptions: Iterable[Redemption]) -> Outstanding:
    """Fuel that flowed counts as it is, fuel that may still flow as the voucher's limit, fuel that never will as 0."""
    open_ = [r for r in redemptions if is_outstanding(r)]
    return Outstanding(sum(_at_stake(r) for r in open_), len(open_))


def is_outstanding(redemption: Redemption) -> bool:
    """Whether a signed voucher was taken for it, and central has not said what became of it."""
    return redemption.voucher_id is not None and redemption.state not in _CONFIRMED


def _at_stake(redemption: Redemption) -> Vnd:
    if redemption.state is RedemptionState.VOIDING:
        return 0
    return redemption.dispensed_vnd or redemption.points


@dataclass(frozen=True, slots=True)
class Situation:
    """What the till knows at this moment. Ages are in milliseconds, None: there never was one.

    `is_spent`: taken here before, online or not. `grades`: what would be fuelled with it; empty: not chosen yet.
    """

    station: str
    time: Reading
    since_heard_ms: int | None
    policy: OfflinePolicy
    revoked: frozenset[str]
    revocations_age_ms: int | None
    is_spent: bool
    plate_confirmed: bool
    outstanding: Outstanding
    grades: frozenset[str] = frozenset()


PLATE = "offline_plate"
"""The one check a person makes: everything before it holds, and the cashier has still to look at the vehicle."""

Fails = Callable[[SignedVoucher, Situation], bool]


def _time_unknown(_: SignedVoucher, now: Situation) -> bool:
    believed_ms = now.policy.wall_age_s * 1000
    if now.time.quality is TimeQuality.WALL:
        return now.since_heard_ms is None or now.since_heard_ms > believed_ms
    return now.time.quality is TimeQuality.UNTRUSTED


def _older(age_ms: int | None, limit_s: int) -> bool:
    return age_ms is None or age_ms > limit_s * 1000


CHECKS: tuple[tuple[str, Fails], ...] = (
    ("voucher_not_for_fuel", lambda voucher, _: voucher.purpose != PURPOSE or voucher.version > VERSION),
    ("voucher_other_station", lambda voucher, now: voucher.station != now.station),
    ("offline_time_unknown", _time_unknown),
    ("voucher_not_yet", lambda voucher, now: now.time.at_ms < voucher.not_before_ms),
    ("voucher_over", lambda voucher, now: now.time.at_ms >= voucher.not_after_ms),
    ("offline_list_old", lambda _, now: _older(now.revocations_age_ms, now.policy.revocations_age_s)),
    ("voucher_withdrawn", lambda voucher, now: voucher.voucher_id in now.revoked),
    ("voucher_spent_here", lambda _, now: now.is_spent),
    ("voucher_other_product", lambda voucher, now: bool(voucher.products) and not now.grades <= {*voucher.products}),
    (PLATE, lambda _, now: not now.plate_confirmed),
    ("offline_too_long", lambda _, now: _older(now.since_heard_ms, now.policy.contact_age_s)),
    ("offline_vouchers_full", lambda _, now: now.outstanding.vouchers >= now.policy.outstanding_most_vouchers),
    ("offline_budget_full", lambda voucher, now: most(voucher, now) <= 0),
)
"""(what the cashier is told, when it fails); the first that fails says no."""


def check(voucher: SignedVoucher, now: Situation) -> None:
    """Raises `RuleViolation` with the first reason why not."""
    for code, fails in CHECKS:
        if fails(voucher, now):
            raise RuleViolation(
                code, plate=voucher.plate, voucher=voucher.code, until=f"{voucher.not_after:%H:%M %d/%m}"
            )


def most(voucher: SignedVoucher, now: Situation) -> Points:
    """The most that can flow for it: its own points, the limit of a voucher, what is left of the till's budget."""
    left = now.policy.outstanding_most_vnd - now.outstanding.vnd
    return max(0, min(voucher.max_points, now.policy.voucher_most_vnd, left))


def spends(redemptions: Iterable[Redemption], code: str) -> VoucherId | None:
    """The activation of this voucher that was taken here and that central has still to confirm, if there is one."""
    return next((r.voucher_id for r in redemptions if is_outstanding(r) and r.voucher_code == code), None)
