"""Death of points, asked for a moment: what has died, what becomes of it, what dies next, who has been idle too long.

Dead points are reset or converted, by programme (B05); where a programme does not say, they are reset. A programme may
also act on points nobody has redeemed for more than so many months (B06): from the day after the corresponding day.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from pos_client.domain.errors import RuleViolation
from pos_client.domain.formatting import day, grouped
from pos_client.domain.moment import business_day
from pos_client.domain.programme import policies as p
from pos_client.domain.programme.calendar import add_months
from pos_client.domain.programme.expiry import FixedDay
from pos_client.domain.programme.lots import Expiring, Lot, available, expiring
from pos_client.domain.programme.profile import Profile
from pos_client.domain.programme.words import Sentence
from pos_client.domain.quantities import Points
from pos_client.value import dataclass

_DONE_VI = {p.ExpiryAction.RESET: "xóa về 0", p.ExpiryAction.CONVERT: "đổi sang ưu đãi", p.ExpiryAction.REMIND: "nhắc"}
_DONE_EN = {
    p.ExpiryAction.RESET: "reset",
    p.ExpiryAction.CONVERT: "converted into offers",
    p.ExpiryAction.REMIND: "reminded of",
}
RESET_ROW = "B05"


@dataclass(frozen=True, slots=True)
class Death:
    """An answer: what died before this day, and what is still there."""

    points: Points
    lots: tuple[Lot, ...]
    action: p.ExpiryAction
    left: Points
    next: Expiring
    formula: Sentence
    rules: tuple[str, ...]
    idle: p.ExpiryAction | None = None
    """what the programme does with the rest, because nothing was redeemed for so long; None: nothing"""


def dead(lots: Sequence[Lot], today: date) -> tuple[Lot, ...]:
    """Lots with something in them whose last day has passed, first to die first."""
    return tuple(
        sorted((lot for lot in lots if lot.points_left > 0 and lot.expires_on < today), key=lambda lot: lot.key)
    )


def expiry_action(profile: Profile) -> p.ExpiryAction:
    """What becomes of dead points (B05); reset where a programme does not say."""
    found = profile.find(p.OnExpiry)
    return found[1].action if found else p.ExpiryAction.RESET


def expire(profile: Profile, lots: Sequence[Lot], at: datetime, last_redeemed_on: date | None = None) -> Death:
    """What has died at this time. Raises `RuleViolation` (`time_runs_backwards`): redeemed after `at`."""
    today = business_day(at)
    if last_redeemed_on is not None and last_redeemed_on > today:
        raise RuleViolation("time_runs_backwards", fact="last_redeemed_on", value=last_redeemed_on.isoformat())
    gone = dead(lots, today)
    there = [lot for lot in lots if lot.credited_at <= at]
    points, left, soon = sum(lot.points_left for lot in gone), available(there, today), expiring(there, today)
    found = profile.find(p.OnExpiry)
    action = expiry_action(profile)
    rows = [*(rule.row for rule, _ in profile.each(FixedDay)), found[0].row if found else RESET_ROW]
    vi = f"hết hạn trước {day(today)}: {grouped(points)} điểm ({_DONE_VI[action]}); còn {grouped(left)} điểm"
    en = f"dead before {day(today)}: {grouped(points)} points ({_DONE_EN[action]}); {grouped(left)} points left"
    if soon.on is not None:
        vi += f", {grouped(soon.points)} điểm dùng đến hết {day(soon.on)}"
        en += f", {grouped(soon.points)} of them usable until the end of {day(soon.on)}"
    idle = idle_action(profile, left, last_redeemed_on, today)
    if idle is not None:
        rows.append(idle[0])
        vi += f"; chưa đổi điểm từ {day(idle[1])}: {_DONE_VI[idle[2]]}"
        en += f"; nothing redeemed since {day(idle[1])}: {_DONE_EN[idle[2]]}"
    return Death(points, gone, action, left, soon, Sentence(vi, en), tuple(rows), idle[2] if idle else None)


def idle_action(
    profile: Profile, left: Points, last_redeemed_on: date | None, today: date
) -> tuple[str, date, p.ExpiryAction] | None:
    """Row, day and action when points lie unredeemed for more than the programme's months (B06), else None."""
    found = profile.find(p.Inactivity)
    if found is None or last_redeemed_on is None or left == 0:
        return None
    rule, terms = found
    if today <= add_months(last_redeemed_on, terms.months):
        return None
    return rule.row, last_redeemed_on, terms.action
