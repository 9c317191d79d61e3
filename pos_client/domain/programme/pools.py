"""Groups that earn into one fund (B03), how many may join, and how a dissolved group shares what is left (B38).

A group's points lie in the fund of its name; every credit keeps who earned it. Shares are equal to the point: what
does not divide goes to the owner (our choice). Each member gets the same part of every lot as far as that divides, and
the single points left over are dealt in spending order, so that nobody gets all of what dies soon.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from pos_client.domain.errors import RuleViolation
from pos_client.domain.moment import business_day
from pos_client.domain.programme import policies as p
from pos_client.domain.programme.calendar import end_of_month
from pos_client.domain.programme.entries import Entry, Parts
from pos_client.domain.programme.ledger import Ledger
from pos_client.domain.programme.lots import Lot
from pos_client.domain.programme.profile import Profile
from pos_client.domain.quantities import Points
from pos_client.value import dataclass

RENEWED_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Pool:
    """A group: whose it is, and who is in it (the owner among them)."""

    fund: str
    owner: str
    members: tuple[str, ...]

    def join(self, member: str, profile: Profile) -> Pool:
        """The group with one more. Raises `RuleViolation`: `already_in_pool`, `pool_full` (B38)."""
        if member in self.members:
            raise RuleViolation("already_in_pool", member=member)
        found = profile.find(p.Dissolution)
        if found is not None and len(self.members) >= found[1].members_at_most:
            raise RuleViolation("pool_full", most=found[1].members_at_most, rule=found[0].row)
        return replace(self, members=(*self.members, member))

    def earn(
        self, ledger: Ledger, member: str, points: Points, at: datetime, expires_on: date, reference: str = ""
    ) -> Entry:
        """A member's points into the common fund (B03). Raises `RuleViolation` (`not_in_pool`)."""
        if member not in self.members:
            raise RuleViolation("not_in_pool", member=member)
        return ledger.credit(self.fund, points, at, expires_on, reference=reference, earned_by=member)


def must_dissolve(pool: Pool, profile: Profile, on: date) -> bool:
    """Whether a group is larger than the programme allows from its day on (B38)."""
    found = profile.find(p.Dissolution)
    return found is not None and on >= found[1].from_day and len(pool.members) > found[1].members_at_most


def dissolve(ledger: Ledger, pool: Pool, profile: Profile, at: datetime) -> None:
    """Share out a group's points into its members' own funds, as entries.

    Raises `RuleViolation` (`pool_has_holds`): what is set aside has to end first.
    """
    balance = ledger.balance(pool.fund, at)
    if balance.held or balance.pending:
        raise RuleViolation("pool_has_holds")
    found = profile.find(p.Dissolution)
    renewed = found is not None and found[1].shares is p.Shares.RENEWED
    until = end_of_month(business_day(at), RENEWED_MONTHS) if renewed else None
    for member, parts in equal_shares(ledger.lots(pool.fund, at), pool.members, pool.owner):
        ledger.move_parts(pool.fund, member, parts, at, f"dissolved:{pool.fund}", until)


def equal_shares(lots: Sequence[Lot], members: Sequence[str], owner: str) -> list[tuple[str, Parts]]:
    """Which part of which lot each member gets. Every member gets total // members; the owner the rest as well."""
    shares: dict[str, dict[int, Points]] = {member: {} for member in members}
    shares.setdefault(owner, {})
    whole_rounds = sum(lot.points_left % len(members) for lot in lots) // len(members)
    dealt = 0
    for lot in lots:
        each, over = divmod(lot.points_left, len(members))
        for member in members:
            _add(shares[member], lot.entry_id, each)
        for _ in range(over):
            fair = dealt < whole_rounds * len(members)
            _add(shares[members[dealt % len(members)] if fair else owner], lot.entry_id, 1)
            dealt += 1
    return [(member, tuple(parts.items())) for member, parts in shares.items() if parts]


def _add(parts: dict[int, Points], lot: int, points: Points) -> None:
    if points:
        parts[lot] = parts.get(lot, 0) + points
