"""The report of the shift just closed, out of its last picture."""

from __future__ import annotations

from pos_client.domain.shift_report import GradeTotal, MeterOnPaper, OpenFuelling, ShiftReport
from pos_client.services.desk import Desk
from pos_client.services.shift_snapshots import ShiftSnapshot
from pos_client.services.shift_view import ShiftView


def of(desk: Desk, closed: ShiftSnapshot, view: ShiftView) -> ShiftReport:
    """What is printed when a shift has been closed and counted."""
    station = desk.settings.station
    return ShiftReport(
        shift_id=closed.shift_id,
        station=station.station,
        station_name=station.name,
        terminal=station.terminal,
        cashier=closed.cashier,
        opened_at=closed.opened_at.isoformat(),
        closed_at=(closed.closed_at or desk.now.wall).isoformat(),
        grades=_grades(closed),
        tenders=tuple((each.kind, each.count, each.amount_vnd) for each in closed.tenders),
        sales=closed.sales,
        amount_vnd=closed.amount_vnd,
        meters=tuple(
            MeterOnPaper(
                point=row.point,
                nozzle=row.nozzle,
                grade_name=row.grade_name,
                opening_ml=row.opening_ml,
                closing_ml=row.last_ml,
                metered_ml=row.metered_ml,
                told_ml=row.told_ml,
                between_ml=row.between_ml,
                test_ml=row.test_ml,
                recovered_ml=row.recovered_ml,
                variance_ml=row.variance_ml,
                state=row.state,
            )
            for row in closed.rows
        ),
        unread_points=closed.unread_points,
        unpaid=tuple(OpenFuelling(each.point, each.volume_ml, view.due(each)) for each in view.unpaid()),
        unpaid_vnd=closed.unpaid_vnd,
        drive_offs=closed.drive_offs,
        drive_offs_vnd=closed.drive_offs_vnd,
        waiting_records=closed.waiting_records,
        cash_expected_vnd=closed.cash_expected_vnd,
        cash_counted_vnd=closed.cash_counted_vnd or 0,
    )


def _grades(closed: ShiftSnapshot) -> tuple[GradeTotal, ...]:
    """By grade, in the order in which they stand at the pumps; what was tested is back in the tank."""
    totals: dict[str, GradeTotal] = {}
    for row in closed.rows:
        before = totals.get(row.grade_name, GradeTotal(row.grade_name, 0, 0))
        volume, amount = before.volume_ml + row.told_ml - row.test_ml, before.amount_vnd + row.amount_vnd
        totals[row.grade_name] = GradeTotal(row.grade_name, volume, amount)
    return tuple(totals.values())
