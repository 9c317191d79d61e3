"""One receipt with everything on it."""

from __future__ import annotations

from pos_client.domain.receipt import PointsLine, Receipt, SpentLine
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
