"""Random histories of the points ledger against a slow, obvious model: every single point is an object of its own."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from pos_client.domain.errors import RuleViolation
from pos_client.domain.moment import VIETNAM
from pos_client.domain.programme.entries import Entry, EntryKind
from pos_client.domain.programme.ledger import Ledger
from pos_client.domain.programme.lots import Lot
from pos_client.domain.programme.pools import Pool, dissolve, equal_shares
from tests.programmes import VPP

FUNDS = ("a", "b", "c")
MEMBERS = ("b", "c")
"""of the group whose fund is "a"; "b" is its owner"""
START = datetime(2026, 3, 30, 23, 0, tzinfo=VIETNAM)


@dataclass
class Point:
    """One point, from credit to its end."""

    fund: str
    lot: int
    credited_at: datetime
    expires_on: date
    credit: int
    """entry of the credit that made it; 0 once it was moved or lives on"""
    state: str = "there"
    taken_on: date | None = None


@dataclass
class Model:
    """All points there ever were."""

    points: list[Point] = field(default_factory=list)
    lots: int = 0
    extended: int = 0

    def bury(self, fund: str, now: datetime) -> None:
        for point in self.points:
            if point.fund == fund and point.state == "there" and point.expires_on < now.date():
                point.state = "dead"

    def usable(self, fund: str, now: datetime) -> list[Point]:
        there = [
            point
            for point in self.points
            if point.fund == fund
            and point.state == "there"
            and point.credited_at <= now
            and point.expires_on >= now.date()
        ]
        return sorted(there, key=lambda point: (point.expires_on, point.credited_at, point.lot))

    def come_back(self, points: list[Point], now: datetime) -> None:
        """Into the lot they came from; after its last day, into a new one that lives on."""
        new: dict[int, int] = {}
        for point in points:
            point.state = "there"
            if point.expires_on < now.date():
                assert point.taken_on is not None
                if point.lot not in new:
                    self.lots += 1
                    new[point.lot] = self.lots
                days = max((point.expires_on - point.taken_on).days, 1)
                point.lot, point.expires_on = new[point.lot], now.date() + timedelta(days=days)
                point.credit = 0
                self.extended += 1


class Histories(RuleBasedStateMachine):
    """Earning, holding, capturing, releasing, reversing, moving and dying, in any order, over a few days."""

    def __init__(self) -> None:
        super().__init__()
        self.ledger, self.model, self.now, self.names = Ledger(), Model(), START, 0
        self.holds: list[str] = []
        self.reversed: set[int] = set()

    def same(self, fund: str, wanted: int) -> list[Point] | None:
        """The points the model would take, or None when there are too few."""
        self.model.bury(fund, self.now)
        there = self.model.usable(fund, self.now)
        return there[:wanted] if 1 <= wanted <= len(there) else None

    @rule(fund=st.sampled_from(FUNDS), points=st.integers(1, 40), life=st.integers(0, 4), wait=st.integers(0, 2))
    def credit(self, fund: str, points: int, life: int, wait: int) -> None:
        usable = self.now + timedelta(days=wait)
        last = usable.date() + timedelta(days=life)
        entry = self.ledger.credit(fund, points, self.now, last, credited_at=usable, earned_by="m")
        self.model.bury(fund, self.now)
        self.model.lots += 1
        self.model.points += [Point(fund, self.model.lots, usable, last, entry.number) for _ in range(points)]

    @rule(fund=st.sampled_from(FUNDS), points=st.integers(0, 70))
    def hold(self, fund: str, points: int) -> None:
        self.names += 1
        name, expected = f"h{self.names}", self.same(fund, points)
        if expected is None:
            with pytest.raises(RuleViolation, match="below_minimum" if points < 1 else "insufficient_points"):
                self.ledger.hold(fund, name, points, self.now)
            return
        self.ledger.hold(fund, name, points, self.now)
        self.holds.append(name)
        for point in expected:
            point.state, point.taken_on = f"held {name}", self.now.date()

    def held(self, name: str) -> list[Point]:
        found = [point for point in self.model.points if point.state == f"held {name}"]
        return sorted(found, key=lambda point: (point.expires_on, point.credited_at, point.lot))

    @precondition(lambda self: self.holds)
    @rule(data=st.data(), share=st.integers(0, 100))
    def capture(self, data: st.DataObject, share: int) -> None:
        name = data.draw(st.sampled_from(self.holds))
        points = self.held(name)
        wanted = len(points) * share // 100
        if not points or wanted < 1:
            with pytest.raises(RuleViolation, match=r"unknown_hold|amount_too_small"):
                self.ledger.capture(name, wanted, self.now)
            return
        with pytest.raises(RuleViolation, match="more_than_held"):
            self.ledger.capture(name, len(points) + 1, self.now)
        entry = self.ledger.capture(name, wanted, self.now)
        self.model.bury(points[0].fund, self.now)
        for point in points[:wanted]:
            point.state = f"spent {entry.number}"
        self.model.come_back(points[wanted:], self.now)

    @precondition(lambda self: self.holds)
    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(self.holds))
        points = self.held(name)
        if not points:
            with pytest.raises(RuleViolation, match="unknown_hold"):
                self.ledger.release(name, self.now)
            return
        self.ledger.release(name, self.now)
        self.model.bury(points[0].fund, self.now)
        self.model.come_back(points, self.now)

    @precondition(lambda self: self.ledger.entries)
    @rule(data=st.data())
    def reverse_any(self, data: st.DataObject) -> None:
        self.reverse(data.draw(st.sampled_from(self.ledger.entries)))

    @precondition(lambda self: any(entry.kind is EntryKind.CAPTURE for entry in self.ledger.entries))
    @rule(data=st.data())
    def reverse_a_capture(self, data: st.DataObject) -> None:
        captures = [entry for entry in self.ledger.entries if entry.kind is EntryKind.CAPTURE]
        self.reverse(data.draw(st.sampled_from(captures)))

    def reverse(self, undone: Entry) -> None:
        if undone.kind not in (EntryKind.CREDIT, EntryKind.CAPTURE) or undone.number in self.reversed:
            with pytest.raises(RuleViolation, match=r"not_reversible|already_reversed"):
                self.ledger.reverse(undone.number, self.now)
            return
        self.reversed.add(undone.number)
        self.model.bury(undone.fund, self.now)
        entry = self.ledger.reverse(undone.number, self.now)
        if undone.kind is EntryKind.CREDIT:
            mine = [point for point in self.model.points if point.credit == undone.number and point.state == "there"]
            for point in mine:
                point.state = "reversed"
            assert entry.uncovered == undone.points - len(mine)
        else:
            spent = [point for point in self.model.points if point.state == f"spent {undone.number}"]
            spent.sort(key=lambda point: (point.expires_on, point.credited_at, point.lot))
            self.model.come_back(spent, self.now)

    @rule(points=st.integers(1, 40))
    def move(self, points: int) -> None:
        expected = self.same("a", points)
        self.model.bury("b", self.now)
        if expected is None:
            with pytest.raises(RuleViolation, match="insufficient_points"):
                self.ledger.move("a", "b", points, self.now)
            return
        self.ledger.move("a", "b", points, self.now, "voucher")
        for _, group in groupby(expected, key=lambda point: point.lot):
            self.model.lots += 1
            for point in group:
                point.fund, point.lot, point.credit = "b", self.model.lots, 0

    @rule()
    def dissolve(self) -> None:
        """Equal parts of every lot, the single points left over dealt in turn, what does not divide to the owner."""
        for fund in FUNDS:
            self.model.bury(fund, self.now)
        there = self.model.usable("a", self.now)
        group = Pool("a", "b", MEMBERS)
        if any(p.fund == "a" and p.state.startswith(("held", "there")) and p not in there for p in self.model.points):
            with pytest.raises(RuleViolation, match="pool_has_holds"):
                dissolve(self.ledger, group, VPP, self.now)
            return
        dissolve(self.ledger, group, VPP, self.now)
        given_to: dict[str, list[Point]] = {member: [] for member in MEMBERS}
        over: list[Point] = []
        for _, lot in groupby(there, key=lambda point: point.lot):
            points = list(lot)
            while len(points) >= len(MEMBERS):
                for member in MEMBERS:
                    given_to[member].append(points.pop())
            over += points
        while len(over) >= len(MEMBERS):
            for member in MEMBERS:
                given_to[member].append(over.pop(0))
        given_to["b"] += over
        for member in MEMBERS:
            mine = sorted(given_to[member], key=lambda point: (point.expires_on, point.credited_at, point.lot))
            for _, lot in groupby(mine, key=lambda point: point.lot):
                self.model.lots += 1
                for point in lot:
                    point.fund, point.lot, point.credit = member, self.model.lots, 0

    @rule(hours=st.sampled_from([0, 1, 1, 12, 24, 49]))
    def later(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @invariant()
    def they_agree(self) -> None:
        for fund in FUNDS:
            balance = self.ledger.balance(fund, self.now)
            self.model.bury(fund, self.now)
            usable = self.model.usable(fund, self.now)
            assert [(lot.expires_on, lot.credited_at, lot.points_left) for lot in self.ledger.lots(fund, self.now)] == [
                (*key, len(list(group)))
                for (*key, _), group in groupby(usable, key=lambda p: (p.expires_on, p.credited_at, p.lot))
            ]
            states = Counter(p.state.split()[0] for p in self.model.points if p.fund == fund)
            assert balance.available == len(usable)
            assert balance.held == states["held"]
            assert balance.pending == states["there"] - len(usable)
            assert min(balance.available, balance.held, balance.pending) >= 0
            assert balance.credits - balance.debits - balance.held - balance.pending == balance.available
        for name in self.holds:
            assert self.ledger.held(name) == len(self.held(name))

    @invariant()
    def entries_are_the_whole_truth(self) -> None:
        again = Ledger(self.ledger.entries)
        for fund in FUNDS:
            assert again.balance(fund, self.now) == self.ledger.balance(fund, self.now)
            assert again.lots(fund, self.now) == self.ledger.lots(fund, self.now)
        assert again.entries == self.ledger.entries

    @invariant()
    def nothing_held_dies(self) -> None:
        """Deaths are entries, and never of a point somebody held at that time: sums of held points prove the rest."""
        for fund in FUNDS:
            self.ledger.balance(fund, self.now)
            self.model.bury(fund, self.now)
        dead = sum(-entry.points for entry in self.ledger.entries if entry.kind is EntryKind.EXPIRY)
        assert dead == sum(point.state == "dead" for point in self.model.points)


TestHistories = Histories.TestCase
TestHistories.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)

lots = st.lists(st.integers(0, 30), max_size=8).map(
    lambda sizes: [Lot(n, left, START, date(2027, 3, 31) + timedelta(days=n)) for n, left in enumerate(sizes, 1)]
)


@given(lots, st.integers(1, 9), st.data())
def test_b38_shares_are_equal_and_the_owner_gets_what_does_not_divide(there, size, data):
    members = [f"m{n}" for n in range(size)]
    owner = data.draw(st.sampled_from(members))
    total = sum(lot.points_left for lot in there)
    shares = {member: sum(points for _, points in parts) for member, parts in equal_shares(there, members, owner)}
    for member in members:
        extra = total % size if member == owner else 0
        assert shares.get(member, 0) == total // size + extra
    given_out: Counter[int] = Counter()
    for _, parts in equal_shares(there, members, owner):
        for lot, points in parts:
            assert points > 0
            given_out[lot] += points
    assert given_out == Counter({lot.entry_id: lot.points_left for lot in there if lot.points_left})


@given(st.lists(st.tuples(st.sampled_from("xyz"), st.integers(1, 500)), min_size=1, max_size=10))
def test_b03_b38_a_dissolved_group_loses_nothing(credits_):
    ledger, pool = Ledger(), Pool("group", "x", ("x", "y", "z"))
    for member, points in credits_:
        pool.earn(ledger, member, points, START, date(2027, 3, 31))
    total = sum(points for _, points in credits_)
    dissolve(ledger, pool, VPP, START)
    assert ledger.balance("group", START).available == 0
    shares = [ledger.balance(member, START).available for member in "xyz"]
    assert shares == [total // 3 + total % 3, total // 3, total // 3]
