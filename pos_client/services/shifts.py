"""Shifts: opened with a reading of all totalizers, closed with another one and a count of cash.

Nothing here is ever in the way of a sale. Each step is a fact first, so a shift goes on where it stood when the program
ends in the middle of it: readings that were asked for are asked for again, a count that was waited for is waited for.
"""

from __future__ import annotations

from dataclasses import field, replace

from pos_client.domain import facts as f
from pos_client.domain.errors import RuleViolation
from pos_client.domain.identifiers import NozzleId, PointId, ShiftId
from pos_client.domain.quantities import Vnd
from pos_client.domain.sale import SaleState
from pos_client.domain.shift import READS_METERS, Shift, ShiftPhase
from pos_client.domain.shift_sums import NozzleSums, ShiftSums, Story
from pos_client.ports.errors import Unavailable
from pos_client.services import outgoing, shift_report
from pos_client.services.desk import Desk
from pos_client.services.meter_round import MeterRound
from pos_client.services.shift_drill import ShiftDrill
from pos_client.services.shift_snapshots import ShiftSnapshot
from pos_client.services.shift_view import ShiftView
from pos_client.services.snapshots import Severity
from pos_client.value import dataclass

MOST_CASH_VND = 1_000_000_000_000
NAME_LETTERS_MAX = 60
SUM_EVERY = 1_000
"""Facts after which the sums are written down anew: what a restart has to read at the most."""
AGAIN_MS = 2_000
"""When the disk refused a step nobody asked for, it is tried again."""


@dataclass(slots=True)
class Shifts:
    """The shift in hand, or the one just closed."""

    desk: Desk
    round: MeterRound
    view: ShiftView = field(init=False)
    drill: ShiftDrill = field(init=False)
    _closed: ShiftSnapshot | None = None
    _again_ms: int = 0

    def __post_init__(self) -> None:
        self.view, self.drill = ShiftView(self.desk), ShiftDrill(self.desk)

    # ── steps ──────────────────────────────────────────────────────────────────────────────────────────────────

    def check_none_open(self) -> None:
        """Raises `RuleViolation` while a shift is open."""
        if self._in_hand() is not None:
            raise RuleViolation("shift_already_open", cashier=self.desk.cashier())

    def open(self, cashier: str, proof: f.StaffProved | None = None) -> None:
        """A cashier begins; `proof`: with his PIN. Raises `RuleViolation` while another shift is open, or without a
        name."""
        self.check_none_open()
        name = " ".join(cashier.split()) or self.desk.settings.station.cashier
        if not 0 < len(name) <= NAME_LETTERS_MAX or not name.isprintable():
            raise RuleViolation("shift_needs_cashier", most=NAME_LETTERS_MAX)
        sums = self.desk.state.sums
        shift_id = ShiftId(self.desk.dice.new_id())
        opened = f.ShiftOpened(shift_id, name, self.desk.now.wall.isoformat(), sums.last_shift)
        first = () if sums.summed_id else (self._first_sums(),)
        proved = () if proof is None else (proof,)
        self.desk.record(*first, opened, *proved, closed=tuple(each.proof_id for each in proved))
        self.drill.close()
        self.round.begin()

    def close(self) -> None:
        """Chốt ca: read all totalizers again. Raises `RuleViolation` in a step that does not allow it."""
        shift = self._required()
        if shift.phase is not ShiftPhase.OPEN:
            raise RuleViolation("shift_not_ready")
        self.desk.record(f.ShiftClosing(shift.shift_id))
        self.round.begin()

    def keep(self) -> None:
        """Do not close after all."""
        shift = self._required()
        if shift.phase not in (ShiftPhase.READING, ShiftPhase.COUNTING):
            raise RuleViolation("shift_not_closing")
        self.desk.record(f.ShiftKept(shift.shift_id))
        self.round.end()

    def count(self, amount_vnd: Vnd) -> None:
        """The cash was counted: the shift ends with what it came to, and its report is printed."""
        shift = self._required()
        if shift.phase is not ShiftPhase.COUNTING:
            raise RuleViolation("cash_not_asked")
        if not 0 <= amount_vnd <= MOST_CASH_VND:
            raise RuleViolation("cash_out_of_range", most=MOST_CASH_VND)
        drawn = self.view.draw(shift)
        closed = self._closing_fact(drawn, amount_vnd)
        after = self.desk.state.sums.apply(closed)
        summed = after.summed(self.desk.dice.new_id())
        item = outgoing.state_shift(self.desk, shift, closed)
        compared = tuple(each.shift_id for each in self.desk.state.stated.values() if each.is_final)
        self.desk.record(closed, summed, items=(item,), closed=(*compared, *_known(after)))
        self._closed = replace(
            drawn, phase=ShiftPhase.CLOSED, closed_at=self.desk.now.wall, cash_counted_vnd=amount_vnd
        )
        self.desk.printer.print(shift_report.of(self.desk, self._closed, self.view))
        difference = amount_vnd - drawn.cash_expected_vnd
        if difference:
            self.desk.notify("shift_cash_differs", Severity.WARNING, difference=difference)
        else:
            self.desk.notify("shift_closed", Severity.DONE, cash=amount_vnd)

    def show(self, point: PointId | None, nozzle: NozzleId | None) -> None:
        """Drill down to a nozzle's fuellings; None closes the list."""
        shift = self.desk.state.shift
        if point is None or nozzle is None or shift is None:
            self.drill.close()
        else:
            self.drill.show((point, nozzle), shift)

    # ── what goes on by itself ─────────────────────────────────────────────────────────────────────────────────

    def on_tick(self) -> None:
        """Take readings that are complete, write sums down now and then, and keep an open list fresh."""
        shift = self.desk.state.shift
        if shift is not None:
            self.drill.on_tick(shift)
        if self.desk.now.ticks_ms < self._again_ms:
            return
        try:
            self._take_readings()
            self._write_sums()
        except Unavailable:
            self._again_ms = self.desk.now.ticks_ms + AGAIN_MS
            raise

    def snapshot(self) -> ShiftSnapshot | None:
        """The shift in hand, else the one closed since the program started."""
        shift = self._in_hand()
        drawn = self._closed if shift is None else self.view.draw(shift)
        if drawn is None:
            return None
        deadline = self.round.deadline_ms if shift is not None and shift.phase in READS_METERS else None
        if deadline is None and self.drill.place is None:
            return drawn
        return replace(
            drawn,
            deadline_ticks_ms=deadline,
            drill=self.drill.place,
            drill_fuellings=self.drill.fuellings,
        )

    # ── inside ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _in_hand(self) -> Shift | None:
        shift = self.desk.state.shift
        return None if shift is None or shift.phase is ShiftPhase.CLOSED else shift

    def _required(self) -> Shift:
        shift = self._in_hand()
        if shift is None:
            raise RuleViolation("no_open_shift")
        return shift

    def _take_readings(self) -> None:
        shift = self._in_hand()
        if shift is None or shift.phase not in READS_METERS:
            return
        if self.round.deadline_ms is None:
            self.round.begin()  # the program ended while it was asking
        elif self.round.is_over():
            readings, unread = self.round.found()
            self.desk.record(f.MetersRead(shift.shift_id, readings, unread))
            self.round.end()
            if unread:
                points = ", ".join(str(point) for point in unread)
                self.desk.notify("shift_points_unread", Severity.WARNING, points=points)

    def _write_sums(self) -> None:
        sums = self.desk.state.sums
        if sums.summed_id and sums.folded >= SUM_EVERY and not self.desk.unwritten:
            self.desk.record(sums.summed(self.desk.dice.new_id()), closed=_known(sums))

    def _first_sums(self) -> f.ShiftSummed:
        """Where the first shift of a book begins: at the readings there are; what waits to be paid is earlier."""
        state = self.desk.state
        sums = ShiftSums(
            nozzles={place: NozzleSums(total, total) for place, total in state.totalizers.items()},
            stories={
                each.fuelling_id: Story((each.point, each.nozzle), each.volume_ml, each.amount_vnd, earlier=True)
                for each in state.fuellings.values()
            },
            open_sales={
                each.sale_id: each.fuelling.fuelling_id
                for each in state.sales.values()
                if each.state in (SaleState.OPEN, SaleState.TENDERING)
            },
        )
        return sums.summed(self.desk.dice.new_id())

    def _closing_fact(self, drawn: ShiftSnapshot, counted_vnd: Vnd) -> f.ShiftClosed:
        return f.ShiftClosed(
            shift_id=ShiftId(drawn.shift_id),
            closed_at=self.desk.now.wall.isoformat(),
            meters=tuple(
                (
                    row.point,
                    row.nozzle,
                    row.grade_name,
                    row.opening_ml,
                    row.last_ml,
                    row.metered_ml,
                    row.told_ml,
                    row.between_ml,
                    row.test_ml,
                    row.recovered_ml,
                    row.amount_vnd,
                    row.fuellings,
                    row.state.value,
                )
                for row in drawn.rows
            ),
            tenders=tuple((each.kind.value, each.count, each.amount_vnd) for each in drawn.tenders),
            sales=drawn.sales,
            volume_ml=drawn.volume_ml,
            amount_vnd=drawn.amount_vnd,
            unpaid=tuple(each.fuelling_id for each in self.view.unpaid()),
            unpaid_vnd=drawn.unpaid_vnd,
            drive_offs=drawn.drive_offs,
            drive_offs_vnd=drawn.drive_offs_vnd,
            waiting_records=drawn.waiting_records,
            unread=drawn.unread_points,
            cash_expected_vnd=drawn.cash_expected_vnd,
            cash_counted_vnd=counted_vnd,
        )


def _known(sums: ShiftSums) -> tuple[str, ...]:
    """The sums written down before: nobody reads them again."""
    return (sums.summed_id,) if sums.summed_id else ()
