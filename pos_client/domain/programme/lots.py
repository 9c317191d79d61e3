"""Points lie in lots, each with its last day; what dies first is spent first (B04, and B29 in other words).

A lot is usable on its last day and dead on the next (A26). Nothing here looks at a clock: `today` is the business day
in Vietnam, handed in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from pos_client.domain.errors import RuleViolation
from pos_client.domain.programme.profile import Profile
from pos_client.domain.quantities import Points
from pos_client.value import dataclass

MINIMUM_POINTS = 100
"""B02; for Petrolimex ID assumed (A37)."""


@dataclass(frozen=True, slots=True)
class Lot:
    """Points credited together. `entry_id` is the ledger entry that credited them and breaks the last tie."""

    entry_id: int
    points_left: Points
    credited_at: datetime
    expires_on: date
    """Last usable day, inclusive."""

    @property
    def key(self) -> tuple[date, datetime, int]:
        """Its place in spending order: earliest expiry, then earliest credited, then the entry's number (B04, B29)."""
        return self.expires_on, self.credited_at, self.entry_id

    def usable(self, today: date) -> bool:
        """Whether something of this lot may be spent today."""
        return self.points_left > 0 and today <= self.expires_on


@dataclass(frozen=True, slots=True)
class SpendPlan:
    """Which lots give how much, in spending order."""

    parts: tuple[tuple[int, Points], ...]
    """(entry_id, points), every points > 0."""

    @property
    def points(self) -> Points:
        """All of it."""
        return sum(points for _, points in self.parts)


@dataclass(frozen=True, slots=True)
class Expiring:
    """What dies next. `points` 0 and no day: nothing is there to die."""

    points: Points
    on: date | None


def given_back_until(expires_on: date, taken_on: date, back_on: date) -> date:
    """The last day of points that were set aside (or spent) on `taken_on` and come back on `back_on`.

    Points do not die while we hold them: what a pump still dispenses for them after midnight of the last day is paid
    with them. And what comes back after its last day was kept from the customer by us, so its clock stood still: it can
    be used for as many days as it had left when it was taken, and at least through the next day. Points that come back
    in time keep their day. (Our decision; the source is silent. The customer must not lose points to our delay.)
    """
    if back_on <= expires_on:
        return expires_on
    return back_on + max(expires_on - taken_on, timedelta(days=1))


def expiry_of(profile: Profile, fuelled_on: date) -> date:
    """The last day, inclusive, on which points of fuel bought on this day can be used (A26-A28)."""
    return profile.last_day_of_year(fuelled_on.year)


def spending_order(lots: Iterable[Lot], today: date) -> list[Lot]:
    """Usable lots: earliest expiry first, then earliest credited, then the entry's number (B04)."""
    return sorted((lot for lot in lots if lot.usable(today)), key=lambda lot: lot.key)


def take(ordered: Iterable[Lot], points: Points) -> tuple[tuple[int, Points], ...]:
    """`points` from the front of lots in spending order, as (entry_id, points); fewer when there are not so many.

    The one place where it is decided which points go: the ledgers hand in their lots lazily, in order.
    """
    parts: list[tuple[int, Points]] = []
    missing = points
    for lot in ordered:
        if missing == 0:
            break
        taken = min(lot.points_left, missing)
        if taken:
            parts.append((lot.entry_id, taken))
            missing -= taken
    return tuple(parts)


def available(lots: Iterable[Lot], today: date) -> Points:
    """Points that could be spent today."""
    return sum(lot.points_left for lot in lots if lot.usable(today))


def spend(lots: Sequence[Lot], points: Points, today: date, minimum: Points = MINIMUM_POINTS) -> SpendPlan:
    """Take `points` out of the lots in spending order.

    Raises `RuleViolation`: `below_minimum` (params `minimum`), `insufficient_points` (params `available`). Splitting a
    hold into what is captured and what goes back is not a redemption of its own: it passes `minimum=1`.
    """
    if points < max(minimum, 1):
        raise RuleViolation("below_minimum", minimum=max(minimum, 1))
    there = available(lots, today)
    if points > there:
        raise RuleViolation("insufficient_points", available=there)
    return SpendPlan(take(spending_order(lots, today), points))


def expiring(lots: Iterable[Lot], today: date) -> Expiring:
    """The nearest last day among usable lots, and everything that dies with it."""
    order = spending_order(lots, today)
    if not order:
        return Expiring(0, None)
    on = order[0].expires_on
    return Expiring(sum(lot.points_left for lot in order if lot.expires_on == on), on)


def dying_part(points: Points, next_to_die: Expiring) -> Points:
    """How many of `points` come out of what dies next, which is spent first (B04); for who knows no single lot."""
    return min(points, next_to_die.points)
