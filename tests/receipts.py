"""One receipt and one report of a shift with everything on them."""

from __future__ import annotations

from pos_client.domain.receipt import PointsLine, Receipt, SpentLine
from pos_client.domain.shift import MeterState as S
from pos_client.domain.shift_report import GradeTotal, MeterOnPaper, OpenFuelling, ShiftReport
from pos_client.domain.tender import Tender, TenderKind

FULL = Receipt(
    receipt_number="T1-000123",
    station="CHXD018",
    station_name="CHXD số 18",
    cashier="Trần Thị Lan",
    point=3,
    nozzle=1,
    grade_name="E10 RON 95-III",
    unit_price=27_080,
    volume_ml=12_925,
    amount_vnd=350_009,
    finished_at="2026-11-23T08:29:15+07:00",
    paid_at="2026-11-23T08:30:15+07:00",
    tenders=(
        Tender(TenderKind.CASH, 204_600),
        Tender(TenderKind.QR, 95_400),
        Tender(TenderKind.POINTS, 50_000),
        Tender(TenderKind.WAIVED, 9),
    ),
    masked_name="NGUYỄN V*** ẨN",
    masked_identifier="000 *** 821",
    earned=PointsLine(
        450, "95.400 đ điện tử: 9 × 50 = 450", "95.400 đ electronic: 9 × 50 = 450", True, 136_400, 136_850
    ),
    spent=SpentLine(50_000, True, 136_400),
)

GRADES = ("E10 RON 95-III", "DO 0,05S-II", "E5 RON 92-II")
REPORT = ShiftReport(
    shift_id="01939000",
    station="CHXD018",
    station_name="CHXD số 18",
    terminal="T1",
    cashier="Trần Thị Lan",
    opened_at="2026-11-23T06:00:05+07:00",
    closed_at="2026-11-23T14:02:41+07:00",
    grades=(GradeTotal(GRADES[0], 1_234_560, 33_431_885), GradeTotal(GRADES[1], 300_000, 9_147_000)),
    tenders=((TenderKind.CASH, 12, 30_000_000), (TenderKind.QR, 8, 12_000_000), (TenderKind.POINTS, 1, 54_160)),
    sales=21,
    amount_vnd=42_054_160,
    meters=(
        MeterOnPaper(1, 1, GRADES[0], 184_273_650, 185_508_210, 1_234_560, 1_234_560, 0, 0, 0, 0, S.AGREES),
        MeterOnPaper(2, 1, GRADES[1], 99_999_900_000, 200_000, 300_000, 300_000, 5_000, 20_000, 3_000, 0, S.WRAPPED),
        MeterOnPaper(3, 1, GRADES[1], 1_000_000, 1_300_000, 300_000, 295_000, 0, 0, 0, 5_000, S.VARIANCE),
        MeterOnPaper(4, 2, GRADES[2], 97_518_330, 40_000, None, 1_000, 0, 0, 0, None, S.WENT_DOWN),
        MeterOnPaper(5, 1, GRADES[1], 5_000_000, None, None, 0, 0, 0, 0, None, S.NOT_READ),
    ),
    unread_points=(5,),
    unpaid=(OpenFuelling(3, 12_925, 350_009),),
    unpaid_vnd=350_009,
    drive_offs=1,
    drive_offs_vnd=95_400,
    waiting_records=2,
    cash_expected_vnd=30_000_000,
    cash_counted_vnd=29_995_000,
)
