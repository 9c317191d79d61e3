"""A shift from opening to count: meters against fuellings, tender by tender, and nothing handed on in silence."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pos_client.bootstrap.simulate.world import PRICES, Rig
from pos_client.domain import facts as f
from pos_client.domain.fuelling_point import FuellingPointState, LinkState
from pos_client.domain.identifiers import NozzleId, PointId
from pos_client.domain.shift import MeterState, ShiftPhase
from pos_client.domain.shift_report import OpenFuelling
from pos_client.domain.tender import TenderKind
from pos_client.ports import reports as r
from pos_client.services import messages as m
from pos_client.services.meter_round import READ_WITHIN_MS
from pos_client.services.shift_snapshots import NozzleRow, ShiftSnapshot, TenderTotal
from pos_client.services.shifts import SUM_EVERY
from pos_client.services.snapshots import Severity

P1, P2, N1, N2 = PointId(1), PointId(2), NozzleId(1), NozzleId(2)
PHASE = ShiftPhase
FLOWS = (FuellingPointState.STARTED, FuellingPointState.FUELLING)


def opened(cashier: str = "Lan") -> Rig:
    rig = Rig()
    rig.tell(m.OpenShift(cashier))
    return rig


def shift(rig: Rig) -> ShiftSnapshot:
    found = rig.picture.shift
    assert found is not None
    return found


def row(rig: Rig, point: int = 1, nozzle: int = 1) -> NozzleRow:
    return next(each for each in shift(rig).rows if (each.point, each.nozzle) == (point, nozzle))


def sell(rig: Rig, point: int, millilitres: int, kind: TenderKind = TenderKind.CASH, nozzle: int = 1) -> int:
    rig.fuel(point, millilitres, nozzle)
    rig.select(point)
    assert rig.picture.sale is not None
    amount = rig.picture.sale.amount_vnd
    rig.pay(kind)
    return amount


def close(rig: Rig, counted: int | None = None) -> None:
    rig.tell(m.CloseShift())
    rig.tell(m.CountCash(shift(rig).cash_expected_vnd if counted is None else counted))


def test_without_a_shift_there_is_none_to_show():
    rig = Rig()
    sell(rig, 1, 1_000)
    assert rig.picture.shift is None


def test_opening_reads_all_meters_and_writes_them_down():
    rig = opened("  Trần Thị \n Lan ")
    fact, read = rig.only(f.ShiftOpened), rig.only(f.MetersRead)
    assert (fact.cashier, fact.previous) == ("Trần Thị Lan", None)
    assert read.readings == ((P1, N1, 100_001_000), (P1, N2, 100_002_000), (P2, N1, 200_001_000))
    assert read.unread == ()
    seen = shift(rig)
    assert (seen.phase, seen.cashier) == (PHASE.OPEN, "Trần Thị Lan")
    assert [(each.opening_ml, each.metered_ml, each.state) for each in seen.rows] == [
        (100_001_000, 0, MeterState.AGREES),
        (100_002_000, 0, MeterState.AGREES),
        (200_001_000, 0, MeterState.AGREES),
    ]
    assert rig.picture.status.cashier == "Trần Thị Lan"


def test_sales_by_tender_and_grade_meters_and_cash():
    rig = opened()
    cash = sell(rig, 1, 10_000) + sell(rig, 1, 5_000)
    card = sell(rig, 2, 7_000, TenderKind.CARD)
    seen = shift(rig)
    assert seen.tenders == (TenderTotal(TenderKind.CASH, 2, cash), TenderTotal(TenderKind.CARD, 1, card))
    assert (seen.sales, seen.volume_ml, seen.amount_vnd) == (3, 22_000, cash + card)
    assert (row(rig).metered_ml, row(rig).told_ml, row(rig).variance_ml) == (15_000, 15_000, 0)
    assert (row(rig).fuellings, row(rig).amount_vnd) == (2, cash)
    assert seen.cash_expected_vnd == cash


def test_closing_reads_counts_and_ends_with_durable_sums():
    rig = opened()
    cash = sell(rig, 1, 10_000)
    rig.clock.advance(3_600_000)
    rig.tell(m.CloseShift())
    assert shift(rig).phase is PHASE.COUNTING
    rig.tell(m.CountCash(cash))
    closed = rig.only(f.ShiftClosed)
    assert closed.meters[0] == (
        *(P1, N1, "E10", 100_001_000, 100_011_000, 10_000, 10_000, 0, 0, 0, cash, 1),
        "agrees",
    )
    assert (closed.tenders, closed.sales, closed.cash_counted_vnd) == ((("cash", 1, cash),), 1, cash)
    seen = shift(rig)
    assert (seen.phase, seen.cash_counted_vnd) == (PHASE.CLOSED, cash)
    assert seen.closed_at is not None
    assert seen.closed_at - seen.opened_at == timedelta(hours=1)
    assert rig.picture.notice is not None
    assert (rig.picture.notice.code, rig.picture.notice.severity) == ("shift_closed", Severity.DONE)
    (report,) = rig.printer.reports
    assert (report.cash_difference_vnd, report.sales, report.cashier) == (0, 1, "Lan")
    assert [(each.grade_name, each.volume_ml, each.amount_vnd) for each in report.grades] == [
        ("E10", 10_000, cash),
        ("E5", 0, 0),
        ("DO", 0, 0),
    ]


def test_a_wrong_count_is_said_and_written_down():
    rig = opened()
    cash = sell(rig, 1, 10_000)
    close(rig, cash - 5_000)
    assert rig.only(f.ShiftClosed).cash_counted_vnd == cash - 5_000
    assert rig.notices[-1] == "shift_cash_differs"
    assert rig.printer.reports[0].cash_difference_vnd == -5_000


def test_kept_after_all():
    rig = opened()
    rig.tell(m.CloseShift(), m.KeepShift())
    assert shift(rig).phase is PHASE.OPEN
    sell(rig, 1, 1_000)
    close(rig)
    assert rig.only(f.ShiftClosed).sales == 1


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (m.CloseShift(), "no_open_shift"),
        (m.CountCash(1), "no_open_shift"),
        (m.KeepShift(), "no_open_shift"),
        (m.OpenShift("x" * 61), "shift_needs_cashier"),
        (m.OpenShift("\x1b@"), "shift_needs_cashier"),
    ],
)
def test_steps_nobody_can_take_without_a_shift(command: object, code: str):
    rig = Rig()
    before = len(rig.store.journal)
    rig.tell(command)
    assert rig.notices[-1] == code
    assert len(rig.store.journal) == before


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (m.OpenShift("Minh"), "shift_already_open"),
        (m.CountCash(1), "cash_not_asked"),
        (m.KeepShift(), "shift_not_closing"),
    ],
)
def test_steps_nobody_can_take_in_an_open_shift(command: object, code: str):
    rig = opened()
    rig.tell(command)
    assert rig.notices[-1] == code
    assert shift(rig).phase is PHASE.OPEN


@pytest.mark.parametrize("amount", [-1, 10**12 + 1])
def test_an_impossible_count_is_refused(amount: int):
    rig = opened()
    rig.tell(m.CloseShift(), m.CountCash(amount), m.CloseShift())
    assert rig.notices[-2:] == ["cash_out_of_range", "shift_not_ready"]
    assert shift(rig).phase is PHASE.COUNTING


def test_what_was_refused_is_forgotten_when_it_is_done_right():
    rig = Rig()
    rig.tell(m.OpenShift("x" * 61))
    assert rig.picture.notice is not None
    rig.tell(m.OpenShift("Lan"))
    assert rig.look().notice is None


def test_no_name_is_the_name_of_the_settings():
    assert shift(opened("  ")).cashier == "Hoa"


# ── points that do not answer ──────────────────────────────────────────────────────────────────────────────────────


def test_a_silent_point_does_not_hold_the_close_up_and_is_named():
    rig = opened()
    rig.act(rig.forecourt.unplug, 2)
    rig.tell(m.CloseShift())
    assert shift(rig).phase is PHASE.COUNTING
    assert shift(rig).unread_points == (P2,)
    assert rig.notices[-1] == "shift_points_unread"
    assert (row(rig, 2).state, row(rig, 2).last_ml, row(rig, 2).metered_ml) == (MeterState.NOT_READ, None, None)
    assert row(rig, 1).state is MeterState.AGREES
    rig.tell(m.CountCash(0))
    assert rig.only(f.ShiftClosed).unread == (P2,)
    assert rig.printer.reports[0].unread_points == (2,)


def test_litres_of_a_silent_point_are_in_the_next_shift_as_recovered():
    rig = opened()
    rig.act(rig.forecourt.unplug, 2)
    close(rig)
    rig.forecourt.pumps[P2].count(N1, 6_000)
    rig.tell(m.OpenShift("Minh"))
    rig.act(rig.forecourt.plug, 2)
    mine = row(rig, 2)
    assert (mine.opening_ml, mine.metered_ml, mine.told_ml, mine.recovered_ml) == (200_001_000, 6_000, 6_000, 6_000)
    assert mine.between_ml == 0


def test_a_point_that_delivers_is_waited_for_until_the_deadline():
    rig = opened()
    rig.act(rig.forecourt.lift, 1)
    rig.tell(m.AuthorisePoint(P1))
    rig.act(rig.forecourt.flow, 1, 2_000)
    rig.tell(m.CloseShift())
    assert shift(rig).phase is PHASE.READING
    assert shift(rig).deadline_ticks_ms == rig.clock.now().ticks_ms + READ_WITHIN_MS
    rig.advance(READ_WITHIN_MS)
    assert (shift(rig).phase, shift(rig).unread_points) == (PHASE.COUNTING, (P1,))
    rig.act(rig.forecourt.hang, 1)
    assert row(rig).told_ml == 2_000
    rig.tell(m.CountCash(0))
    assert rig.only(f.ShiftClosed).unpaid == (rig.only(f.FuellingCompleted).fuelling_id,)


def test_a_point_that_hangs_up_in_time_is_read():
    rig = opened()
    rig.act(rig.forecourt.lift, 1)
    rig.tell(m.AuthorisePoint(P1))
    rig.act(rig.forecourt.flow, 1, 2_000)
    rig.tell(m.CloseShift())
    rig.act(rig.forecourt.hang, 1)
    rig.advance(3_000)
    assert (shift(rig).phase, shift(rig).unread_points) == (PHASE.COUNTING, ())
    assert (row(rig).metered_ml, row(rig).state) == (2_000, MeterState.AGREES)


def test_a_sale_that_begins_while_others_are_read_unreads_nothing():
    rig = opened()
    rig.forecourt.faults.extend(["ok", "lost"])
    rig.tell(m.CloseShift())
    assert shift(rig).phase is PHASE.READING
    rig.fuel(1, 1_000)
    rig.advance(2_000)
    assert (shift(rig).phase, shift(rig).unread_points) == (PHASE.COUNTING, ())
    assert (row(rig).metered_ml, row(rig).told_ml) == (1_000, 1_000)


@pytest.mark.parametrize("fault", ["lost", "refused"])
def test_a_reading_that_failed_is_asked_for_again(fault: str):
    rig = opened()
    rig.forecourt.faults.append(fault)
    rig.tell(m.CloseShift())
    assert shift(rig).phase is PHASE.READING
    rig.advance(2_000)
    assert (shift(rig).phase, shift(rig).unread_points) == (PHASE.COUNTING, ())


# ── meters that say more than the fuellings ────────────────────────────────────────────────────────────────────────


def test_litres_nobody_saw_are_found_by_the_closing_reading():
    """The point is heard all the time; only the reading at the close shows that more flowed."""
    rig = opened()
    rig.forecourt.pumps[P1].count(N1, 3_000)
    rig.tell(m.CloseShift())
    assert shift(rig).phase is PHASE.COUNTING
    mine = row(rig)
    assert (mine.told_ml, mine.recovered_ml, mine.metered_ml, mine.state) == (3_000, 3_000, 3_000, MeterState.AGREES)
    assert shift(rig).unpaid_vnd == 3 * PRICES["E10"]


def test_a_pump_that_tells_more_than_its_meter_moved_is_a_variance():
    rig = opened()
    pump = rig.forecourt.pumps[P1]
    rig.tell(
        *(r.PointStateReported(P1, state, N1) for state in (FuellingPointState.STARTED, FuellingPointState.FUELLING))
    )
    pump.count(N1, 4_000)
    rig.tell(r.DeliveryEnded(P1, N1, 5_000, 5 * PRICES["E10"], PRICES["E10"], pump.totals[N1]))
    rig.tell(r.PointStateReported(P1, FuellingPointState.IDLE))
    mine = row(rig)
    assert (mine.metered_ml, mine.told_ml, mine.variance_ml, mine.state) == (4_000, 5_000, -1_000, MeterState.VARIANCE)


def test_what_readings_are_cut_off_by_is_no_variance():
    rig = opened()
    pump = rig.forecourt.pumps[P1]
    for _ in range(3):
        rig.tell(*(r.PointStateReported(P1, state, N1) for state in FLOWS))
        pump.count(N1, 1_010)
        rig.tell(r.DeliveryEnded(P1, N1, 1_000, PRICES["E10"], PRICES["E10"], pump.totals[N1]))
        rig.tell(r.PointStateReported(P1, FuellingPointState.IDLE))
    assert (row(rig).variance_ml, row(rig).state) == (30, MeterState.AGREES)


def test_an_exchanged_meter_is_shown_and_no_litres_are_invented():
    rig = opened()
    sell(rig, 1, 1_000)
    rig.forecourt.pumps[P1].totals[N1] = 40_000
    rig.tell(m.CloseShift())
    mine = row(rig)
    assert (mine.state, mine.metered_ml, mine.variance_ml) == (MeterState.WENT_DOWN, None, None)
    assert (mine.last_ml, mine.told_ml) == (40_000, 1_000)
    rig.tell(m.CountCash(shift(rig).cash_expected_vnd))
    rig.tell(m.OpenShift("Minh"))
    assert (row(rig).opening_ml, row(rig).state) == (40_000, MeterState.AGREES)
    sell(rig, 1, 2_000)
    assert (row(rig).metered_ml, row(rig).told_ml, row(rig).state) == (2_000, 2_000, MeterState.AGREES)


# ── what stands open ───────────────────────────────────────────────────────────────────────────────────────────────


def test_closing_names_what_is_not_paid_and_the_next_shift_takes_the_money():
    rig = opened()
    rig.fuel(1, 4_000)
    rig.fuel(2, 1_000)
    rig.select(2)
    rig.pay(TenderKind.CASH, 10_000)
    close(rig)
    unpaid = rig.only(f.ShiftClosed)
    assert unpaid.unpaid == tuple(each.fuelling_id for each in rig.facts(f.FuellingCompleted))
    assert unpaid.unpaid_vnd == 4 * PRICES["E10"] + PRICES["DO"] - 10_000
    assert rig.printer.reports[0].unpaid == (
        OpenFuelling(1, 4_000, 4 * PRICES["E10"]),
        OpenFuelling(2, 1_000, PRICES["DO"] - 10_000),
    )
    rig.tell(m.OpenShift("Minh"))
    assert (shift(rig).unpaid, row(rig).told_ml) == (2, 0)
    rig.select(2)
    rig.pay()
    rig.select(1)
    rig.pay()
    seen = shift(rig)
    assert (seen.sales, seen.volume_ml, seen.unpaid) == (2, 5_000, 0)
    assert seen.cash_expected_vnd == 4 * PRICES["E10"] + PRICES["DO"] - 10_000
    assert row(rig).told_ml == 0


def test_records_central_has_not_heard_are_counted_at_the_close():
    rig = opened()
    rig.central.down = True
    rig.fuel(1, 4_000)
    rig.select(1)
    rig.identify()
    rig.pay()
    close(rig)
    assert rig.only(f.ShiftClosed).waiting_records == 1


def test_a_drive_off_and_a_pump_test_are_counted_apart():
    rig = opened()
    rig.fuel(1, 4_000)
    rig.tell(m.DriveOff("30A-123.45", rig.facts(f.FuellingCompleted)[-1].fuelling_id))
    rig.fuel(1, 20_000)
    rig.tell(m.MarkPumpTest(rig.facts(f.FuellingCompleted)[-1].fuelling_id))
    seen, mine = shift(rig), row(rig)
    assert (seen.drive_offs, seen.drive_offs_vnd, seen.unpaid) == (1, 4 * PRICES["E10"], 0)
    assert (mine.told_ml, mine.test_ml, mine.amount_vnd, mine.variance_ml) == (24_000, 20_000, 4 * PRICES["E10"], 0)
    rig.tell(m.ReturnDriveOff(rig.facts(f.FuellingCompleted)[0].fuelling_id))
    assert (shift(rig).drive_offs, shift(rig).unpaid) == (0, 1)


def test_one_who_drove_off_and_pays_in_the_next_shift():
    rig = opened()
    rig.fuel(1, 4_000)
    fuelling = rig.only(f.FuellingCompleted).fuelling_id
    rig.tell(m.DriveOff("", fuelling))
    close(rig)
    assert rig.only(f.ShiftClosed).drive_offs == 1
    rig.tell(m.OpenShift("Minh"))
    rig.tell(m.ReturnDriveOff(fuelling))
    rig.select(1)
    rig.pay()
    seen = shift(rig)
    assert (seen.drive_offs, seen.sales, seen.cash_expected_vnd) == (0, 1, 4 * PRICES["E10"])
    close(rig)
    assert rig.facts(f.ShiftClosed)[-1].drive_offs == 0


def test_a_test_marked_late_leaves_the_rows_of_the_new_shift_alone():
    """The litres are told in the shift they flowed in; only that nobody will pay for them is news."""
    rig = opened()
    rig.fuel(1, 4_000)
    close(rig)
    rig.tell(m.OpenShift("Minh"), m.MarkPumpTest(rig.only(f.FuellingCompleted).fuelling_id))
    assert (row(rig).told_ml, row(rig).test_ml, row(rig).amount_vnd, shift(rig).unpaid) == (0, 0, 0, 0)
    first = Rig()
    first.fuel(1, 4_000)
    first.tell(m.OpenShift("Lan"), m.MarkPumpTest(first.only(f.FuellingCompleted).fuelling_id))
    assert (row(first).test_ml, row(first).amount_vnd) == (0, 0)


def test_litres_and_money_between_shifts_are_in_the_next_one_and_shown_as_such():
    rig = opened()
    sell(rig, 1, 1_000)
    close(rig)
    between = sell(rig, 1, 5_000)
    rig.tell(m.OpenShift("Minh"))
    later = sell(rig, 1, 2_000)
    mine, seen = row(rig), shift(rig)
    assert (mine.opening_ml, mine.told_ml, mine.between_ml, mine.variance_ml) == (100_002_000, 7_000, 5_000, 0)
    assert (seen.sales, seen.cash_expected_vnd) == (2, between + later)


def test_the_first_shift_begins_with_itself():
    """What was sold before anybody ever opened a shift belongs to none; what was not paid then is paid now."""
    rig = Rig()
    sell(rig, 1, 1_000)
    rig.fuel(1, 3_000)
    rig.tell(m.OpenShift("Lan"))
    assert (row(rig).opening_ml, row(rig).told_ml, row(rig).between_ml) == (100_005_000, 0, 0)
    rig.select(1)
    rig.pay()
    assert (shift(rig).sales, shift(rig).cash_expected_vnd) == (1, 3 * PRICES["E10"])


def test_a_gift_is_told_at_its_nozzle_and_paid_with_points():
    rig = opened()
    rig.identify()
    rig.tell(m.StartRedemption(100_000))
    rig.keys(rig.code(), m.KeypadKey.OK)
    rig.select(1)
    for verb, arguments in ((rig.forecourt.lift, (1,)), (rig.forecourt.flow, (1, 2_000)), (rig.forecourt.hang, (1,))):
        rig.act(verb, *arguments)
    assert shift(rig).tenders == (TenderTotal(TenderKind.POINTS, 1, 54_160),)
    assert (row(rig).told_ml, shift(rig).cash_expected_vnd) == (2_000, 0)
    rig.tell(m.ShowNozzle(P1, N1))
    assert [each.outcome for each in shift(rig).drill_fuellings] == ["gift"]


# ── drill-down ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_fuellings_behind_a_row():
    rig = opened()
    sell(rig, 1, 1_000)
    rig.fuel(1, 2_000)
    rig.fuel(1, 3_000)
    rig.tell(m.MarkPumpTest(rig.facts(f.FuellingCompleted)[-1].fuelling_id))
    rig.fuel(1, 4_000)
    rig.tell(m.DriveOff("", rig.facts(f.FuellingCompleted)[-1].fuelling_id))
    rig.fuel(1, 9_000, nozzle=2)
    rig.tell(m.ShowNozzle(P1, N1))
    seen = shift(rig)
    assert seen.drill == (P1, N1)
    assert [(each.volume_ml, each.outcome) for each in seen.drill_fuellings] == [
        (1_000, "paid"),
        (2_000, "unpaid"),
        (3_000, "test"),
        (4_000, "drive_off"),
    ]
    assert seen.drill_fuellings[0].receipt_number == rig.facts(f.SaleOpened)[0].receipt_number
    assert sum(each.volume_ml for each in seen.drill_fuellings) == row(rig).told_ml
    rig.select(1)
    rig.pay()
    rig.advance(1_000)
    assert [each.outcome for each in shift(rig).drill_fuellings] == ["paid", "paid", "test", "drive_off"]
    rig.tell(m.ShowNozzle())
    assert (shift(rig).drill, shift(rig).drill_fuellings) == (None, ())


def test_a_sale_given_back_and_opened_again_shows_its_last_receipt():
    rig = opened()
    rig.fuel(1, 1_000)
    rig.select(1)
    rig.tell(m.ReleaseSale(), m.ShowNozzle(P1, N1))
    assert [(each.outcome, each.receipt_number) for each in shift(rig).drill_fuellings] == [("unpaid", "")]
    rig.select(1)
    rig.pay()
    rig.tell(m.ShowNozzle(P1, N1))
    (told,) = shift(rig).drill_fuellings
    assert (told.outcome, told.receipt_number) == ("paid", rig.facts(f.SaleOpened)[-1].receipt_number)


def test_each_shift_lists_its_own_fuellings_and_those_between_belong_to_the_next():
    rig = opened()
    sell(rig, 1, 1_000)
    close(rig)
    sell(rig, 1, 2_000)
    rig.tell(m.ShowNozzle(P1, N1))
    assert [each.volume_ml for each in shift(rig).drill_fuellings] == [1_000]
    rig.tell(m.OpenShift("Minh"))
    assert shift(rig).drill is None
    sell(rig, 1, 3_000)
    rig.tell(m.ShowNozzle(P1, N1))
    assert [each.volume_ml for each in shift(rig).drill_fuellings] == [2_000, 3_000]


# ── the program ends ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_restart_takes_an_open_shift_up_with_all_its_sums():
    rig = opened()
    sell(rig, 1, 10_000)
    rig.fuel(1, 2_000)
    rig.fuel(2, 3_000)
    rig.select(2)
    rig.pay(TenderKind.QR, 10_000)
    before = shift(rig)
    rig.restart()
    rig.run()
    assert shift(rig) == before
    rig.select(2)
    rig.pay()
    assert shift(rig).sales == 2


def test_sums_are_written_down_now_and_then_and_only_the_newest_is_read():
    rig = opened()
    sales = 0
    while len(rig.facts(f.ShiftSummed)) < 3:
        sell(rig, 1, 1_000)
        sales += 1
    assert rig.picture.shift is not None
    before = shift(rig)
    assert before.sales == sales
    books = rig.store.open_books()
    assert len([entry for entry in books.entries if isinstance(entry.fact, f.ShiftSummed)]) == 1
    assert len(books.entries) < 20
    rig.restart()
    rig.run()
    assert shift(rig) == before
    assert rig.desk.state.sums.folded < SUM_EVERY


def test_a_restart_in_the_middle_of_closing_reads_again_and_counts():
    rig = opened()
    sell(rig, 1, 10_000)
    rig.forecourt.faults.append("lost")
    rig.tell(m.CloseShift())
    assert shift(rig).phase is PHASE.READING
    rig.restart()
    rig.run()
    assert shift(rig).phase is PHASE.COUNTING
    rig.restart()
    rig.run()
    assert (shift(rig).phase, shift(rig).unread_points) == (PHASE.COUNTING, ())
    rig.tell(m.CountCash(10 * PRICES["E10"]))
    assert rig.notices[-1] == "shift_closed"
    rig.restart()
    assert rig.picture.shift is None
    rig.tell(m.OpenShift("Minh"))
    assert rig.facts(f.ShiftOpened)[-1].previous == rig.only(f.ShiftClosed).shift_id
    assert row(rig).opening_ml == 100_011_000


@pytest.mark.log_expected("a full disk is an error in the log")
def test_a_full_disk_delays_a_step_and_loses_nothing():
    rig = opened()
    rig.store.fault = "disk_full"
    rig.tell(m.CloseShift())
    assert (shift(rig).phase, rig.notices[-1]) == (PHASE.OPEN, "disk_full")
    rig.store.fault = None
    rig.forecourt.faults.append("lost")
    rig.tell(m.CloseShift())
    rig.store.fault = "disk_full"
    rig.advance(6_000)
    assert shift(rig).phase is PHASE.READING
    rig.store.fault = None
    rig.advance(3_000)
    assert shift(rig).phase is PHASE.COUNTING


def test_a_terminal_that_just_started_waits_for_points_that_were_not_heard_yet():
    rig = Rig()
    rig.desk.state.track(P2).link = LinkState.PROBING
    rig.tell(m.OpenShift("Lan"))
    assert shift(rig).phase is PHASE.OPENING
    assert shift(rig).deadline_ticks_ms is not None
    rig.desk.state.track(P2).link = LinkState.UP
    rig.tell(m.Tick())
    assert shift(rig).phase is PHASE.OPEN
