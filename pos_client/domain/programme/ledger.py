"""Funds of points and their history: credits, holds, captures, releases, reversals, moves, deaths; all as entries.

Every command decides first, then posts entries; the state is what posting them one after the other gives, so that a
ledger replayed from its entries is the same ledger. Every command first brings the fund up to its own time: what has
died becomes an entry then, not silently. Points that are held do not die (see `given_back_until`).

A fund's lots lie in a heap in spending order, so a redemption costs as much as the lots it takes, not as many as there
are. Not for several threads.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from heapq import heappop, heappush

from pos_client.domain.errors import RuleViolation
from pos_client.domain.moment import business_day
from pos_client.domain.programme.entries import NEW_LOT, Balance, Entry, EntryKind, Parts
from pos_client.domain.programme.lots import Lot, given_back_until, take
from pos_client.domain.programme.wallet import EFFECTS, Fund, Hold, in_spending_order
from pos_client.domain.quantities import Points

_K = EntryKind


class Ledger:
    """All funds of one programme. Times never run backwards; amounts are whole and positive."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._entries: list[Entry] = []
        self._funds: dict[str, Fund] = {}
        self._lots: dict[int, Lot] = {}
        self._in_order: set[int] = set()
        self._pending: set[int] = set()
        self._holds: dict[str, Hold] = {}
        self._hold_days: dict[str, date] = {}
        self._reversed: set[int] = set()
        for entry in entries:
            self._post(entry)

    # ── looking ────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The whole history."""
        return tuple(self._entries)

    def balance(self, fund: str, at: datetime) -> Balance:
        """Where a fund stands, brought up to this time."""
        found = self._at(fund, at)
        return Balance(found.credits, found.debits, found.held, found.pending, found.available)

    def lots(self, fund: str, at: datetime) -> tuple[Lot, ...]:
        """Usable lots in spending order."""
        return tuple(in_spending_order(self._at(fund, at).order, self._lots))

    def held(self, hold: str) -> Points:
        """What a hold still holds; 0 when it has ended or never was."""
        found = self._holds.get(hold)
        return sum(found.parts.values()) if found else 0

    # ── changing ───────────────────────────────────────────────────────────────────────────────────────────────

    def credit(
        self,
        fund: str,
        points: Points,
        at: datetime,
        expires_on: date,
        *,
        credited_at: datetime | None = None,
        reference: str = "",
        earned_by: str = "",
    ) -> Entry:
        """New points in a lot of their own, usable from `credited_at` on (default: at once)."""
        _positive(points)
        usable = at if credited_at is None else credited_at
        if expires_on < business_day(max(usable, at)):
            raise RuleViolation("lot_dies_before_credit", lot=reference or fund)
        self._at(fund, at)
        return self._write(
            fund,
            _K.CREDIT,
            points,
            at,
            reference=reference,
            earned_by=earned_by,
            credited_at=usable,
            expires_on=expires_on,
        )

    def hold(self, fund: str, hold: str, points: Points, at: datetime, minimum: Points = 1) -> Entry:
        """Set points aside, first to die first. Raises `RuleViolation`: `below_minimum`, `insufficient_points`,
        `hold_exists`."""
        if hold in self._hold_days:
            raise RuleViolation("hold_exists", hold=hold)
        parts = self._plan(fund, points, at, minimum)
        return self._write(fund, _K.HOLD, 0, at, parts, reference=hold)

    def capture(self, hold: str, points: Points, at: datetime) -> Entry:
        """Debit `points` of a hold, first to die first; the rest goes back. The CAPTURE entry.

        Raises `RuleViolation`: `unknown_hold`, `more_than_held`.
        """
        found = self._live(hold)
        _positive(points)
        held = sum(found.parts.values())
        if points > held:
            raise RuleViolation("more_than_held", held=held)
        self._at(found.fund, at)
        spent = take((self._lot_of(found, lot) for lot in found.parts), points)
        entry = self._write(found.fund, _K.CAPTURE, -points, at, spent, reference=hold)
        if found.parts:
            self._give_back(hold, found, at)
        return entry

    def release(self, hold: str, at: datetime) -> Entry:
        """Give a hold back: its points lie in their lots again, or live on if their day has passed meanwhile."""
        found = self._live(hold)
        self._at(found.fund, at)
        return self._give_back(hold, found, at)

    def reverse(self, number: int, at: datetime, reference: str = "") -> Entry:
        """Undo a credit or a capture, once, by another entry.

        A credit is taken back as far as its own lot still has it; points that were spent, held or have died are
        `uncovered`, and no balance goes below nothing. A capture comes back into the lots it took.
        Raises `RuleViolation`: `unknown_entry`, `not_reversible`, `already_reversed`.
        """
        if not 1 <= number <= len(self._entries):
            raise RuleViolation("unknown_entry", entry=number)
        undone = self._entries[number - 1]
        if undone.kind not in (_K.CREDIT, _K.CAPTURE):
            raise RuleViolation("not_reversible", entry=number)
        if number in self._reversed:
            raise RuleViolation("already_reversed", entry=number)
        self._at(undone.fund, at)
        if undone.kind is _K.CAPTURE:
            taken_on = self._hold_days[undone.reference]
            entry = self._write(
                undone.fund, _K.CAPTURE_REVERSED, -undone.points, at, undone.parts, reference=reference, reverses=number
            )
            self._extend(undone.fund, undone.parts, taken_on, at)
            return entry
        left = self._lots[number].points_left
        parts = ((number, left),) if left else ()
        uncovered = undone.points - left
        return self._write(
            undone.fund,
            _K.CREDIT_REVERSED,
            -left,
            at,
            parts,
            reference=reference,
            reverses=number,
            uncovered=uncovered,
        )

    def move(self, source: str, target: str, points: Points, at: datetime, reference: str = "") -> None:
        """Points from one fund to another, first to die first, each keeping its age and last day (A11, B03)."""
        self.move_parts(source, target, self._plan(source, points, at, 1), at, reference)

    def move_parts(
        self,
        source: str,
        target: str,
        parts: Parts,
        at: datetime,
        reference: str = "",
        expires_on: date | None = None,
    ) -> None:
        """Named parts of lots from one fund to another; `expires_on` gives them another last day (B38)."""
        self._at(source, at)
        self._at(target, at)
        for lot, points in parts:
            old = self._lots[lot]
            self._write(source, _K.MOVED_OUT, -points, at, ((lot, points),), reference=reference)
            self._write(
                target,
                _K.MOVED_IN,
                points,
                at,
                reference=reference,
                credited_at=old.credited_at,
                expires_on=expires_on or old.expires_on,
            )

    # ── inside ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _at(self, fund: str, at: datetime) -> Fund:
        """The fund, brought up to this time: pending points are there, dead ones are gone, as an entry."""
        if self._entries and at < self._entries[-1].at:
            raise RuleViolation("time_before_last_entry")
        found = self._funds.setdefault(fund, Fund())
        self._wake(found, at)
        today = business_day(at)
        dead: list[tuple[int, Points]] = []
        while found.order:
            key = found.order[0]
            left = self._lots[key[2]].points_left
            if left and key[0] >= today:
                break
            heappop(found.order)
            self._in_order.discard(key[2])
            if left:
                dead.append((key[2], left))
        if dead:
            self._write(fund, _K.EXPIRY, -sum(points for _, points in dead), at, tuple(dead))
        return found

    def _wake(self, fund: Fund, at: datetime) -> None:
        while fund.waiting and fund.waiting[0][0] <= at:
            lot = self._lots[heappop(fund.waiting)[1]]
            self._pending.discard(lot.entry_id)
            fund.pending -= lot.points_left
            fund.available += lot.points_left
            self._enter(fund, lot)

    def _plan(self, fund: str, points: Points, at: datetime, minimum: Points) -> Parts:
        if points < max(minimum, 1):
            raise RuleViolation("below_minimum", minimum=max(minimum, 1))
        found = self._at(fund, at)
        if points > found.available:
            raise RuleViolation("insufficient_points", available=found.available)
        return take(in_spending_order(found.order, self._lots), points)

    def _live(self, hold: str) -> Hold:
        found = self._holds.get(hold)
        if found is None:
            raise RuleViolation("unknown_hold", hold=hold)
        return found

    def _lot_of(self, hold: Hold, number: int) -> Lot:
        lot = self._lots[number]
        return Lot(number, hold.parts[number], lot.credited_at, lot.expires_on)

    def _give_back(self, hold: str, found: Hold, at: datetime) -> Entry:
        parts = tuple(found.parts.items())
        entry = self._write(found.fund, _K.RELEASE, 0, at, parts, reference=hold)
        self._extend(found.fund, parts, business_day(found.since), at)
        return entry

    def _extend(self, fund: str, parts: Parts, taken_on: date, at: datetime) -> None:
        """What came back after its last day lives on, in a lot of its own that says so."""
        for number, points in parts:
            lot = self._lots[number]
            until = given_back_until(lot.expires_on, taken_on, business_day(at))
            if until != lot.expires_on:
                self._write(
                    fund,
                    _K.EXTENSION,
                    0,
                    at,
                    ((number, points),),
                    credited_at=lot.credited_at,
                    expires_on=until,
                )

    def _write(
        self,
        fund: str,
        kind: EntryKind,
        points: Points,
        at: datetime,
        parts: Parts = (),
        *,
        reference: str = "",
        reverses: int | None = None,
        credited_at: datetime | None = None,
        expires_on: date | None = None,
        earned_by: str = "",
        uncovered: Points = 0,
    ) -> Entry:
        number = len(self._entries) + 1
        entry = Entry(
            number,
            fund,
            kind,
            points,
            at,
            parts,
            reference,
            reverses,
            credited_at,
            expires_on,
            earned_by,
            uncovered,
        )
        self._post(entry)
        return entry

    def _post(self, entry: Entry) -> None:
        """Append, and change the sums and lots as its kind says (`EFFECTS`)."""
        fund = self._funds.setdefault(entry.fund, Fund())
        self._wake(fund, entry.at)
        self._entries.append(entry)
        if entry.points > 0:
            fund.credits += entry.points
        else:
            fund.debits -= entry.points
        sign, held = EFFECTS[entry.kind]
        for number, points in entry.parts:
            if sign:
                self._change(fund, number, sign * points)
            if held < 0:
                self._unhold(entry.reference, number, points)
        fund.held += held * sum(points for _, points in entry.parts)
        if entry.kind is _K.HOLD:
            self._holds[entry.reference] = Hold(entry.fund, dict(entry.parts), entry.at)
            self._hold_days[entry.reference] = business_day(entry.at)
        if entry.kind in NEW_LOT:
            self._new_lot(fund, entry)
        if entry.reverses is not None:
            self._reversed.add(entry.reverses)

    def _new_lot(self, fund: Fund, entry: Entry) -> None:
        assert entry.credited_at is not None  # every kind of NEW_LOT is written with both
        assert entry.expires_on is not None
        points = entry.points or sum(points for _, points in entry.parts)
        lot = Lot(entry.number, points, entry.credited_at, entry.expires_on)
        self._lots[entry.number] = lot
        if lot.credited_at > entry.at:
            fund.pending += points
            self._pending.add(entry.number)
            heappush(fund.waiting, (lot.credited_at, entry.number))
        else:
            fund.available += points
            self._enter(fund, lot)

    def _change(self, fund: Fund, number: int, by: Points) -> None:
        old = self._lots[number]
        lot = Lot(number, old.points_left + by, old.credited_at, old.expires_on)
        self._lots[number] = lot
        if number in self._pending:
            fund.pending += by
            return
        fund.available += by
        if by > 0:
            self._enter(fund, lot)

    def _enter(self, fund: Fund, lot: Lot) -> None:
        if lot.points_left and lot.entry_id not in self._in_order:
            self._in_order.add(lot.entry_id)
            heappush(fund.order, lot.key)

    def _unhold(self, hold: str, number: int, points: Points) -> None:
        found = self._holds[hold]
        found.parts[number] -= points
        if not found.parts[number]:
            del found.parts[number]
        if not found.parts:
            del self._holds[hold]


def _positive(points: Points) -> None:
    if points < 1:
        raise RuleViolation("amount_too_small", fact="points", value=points, least=1)
