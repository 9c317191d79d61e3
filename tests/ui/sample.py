"""Snapshots for screens: a forecourt in every state worth a picture. Synthetic people, plain constructors."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from pos_client.domain.customer import ConsentMethod, CustomerKind, VoucherView
from pos_client.domain.fuelling_point import FuellingPointState as State
from pos_client.domain.fuelling_point import LinkState as Link
from pos_client.domain.identifiers import FuellingId, NozzleId, PointId, RedemptionId, SaleId
from pos_client.domain.moment import VIETNAM
from pos_client.domain.receipt import PointsLine, Receipt, SpentLine
from pos_client.domain.redemption import Flow
from pos_client.domain.tender import Tender, TenderKind
from pos_client.ports.reports import PrinterState
from pos_client.services import snapshots as s

NOW = 1_000_000
WALL = datetime(2026, 11, 23, 14, 32, 7, tzinfo=VIETNAM)
E10, E5, DO = "Xăng E10 RON 95-III", "Xăng E5 RON 92-II", "DO 0,05S-II"


def point(number: int, state: State = State.IDLE, **more: Any) -> s.PointSnapshot:
    """A tile; `age_s` sets since when."""
    age = int(more.pop("age_s", 30))
    more.setdefault("grade_name", (E10, E5, DO)[number % 3])
    more.setdefault("link", Link.UP)
    return s.PointSnapshot(PointId(number), state, since_ticks_ms=NOW - age * 1000, unit_price=27_080, **more)


def unpaid(amount: int = 95_400, volume: int = 3070, age_s: int = 65, grade: str = DO, n: int = 1) -> s.UnpaidFuelling:
    """A fuelling that waits."""
    return s.UnpaidFuelling(FuellingId(f"CHXD018-5-1-{n}"), grade, volume, amount, NOW - age_s * 1000)


def forecourt(offline: bool = False, claimed: bool = False) -> tuple[s.PointSnapshot, ...]:
    """Six points, each in another state; the first is the open sale's if `claimed`."""
    return (
        point(1, claimed=claimed, last_at=WALL, last_amount_vnd=95_400),
        point(2, State.FUELLING, amount_vnd=68_250, volume_ml=2610, preset_vnd=200_000),
        point(3, last_at=WALL - timedelta(minutes=11), last_amount_vnd=1_204_500),
        point(4, State.CALLING, age_s=8),
        point(5, unpaid=(unpaid(), unpaid(n=2))),
        point(6, reconciled=True) if offline else point(6, link=Link.DOWN, age_s=12),
    )


def status(**more: Any) -> s.StatusSnapshot:
    """All is well."""
    values: dict[str, Any] = {
        "station": "CHXD018",
        "station_name": "Cửa hàng số 18 Nguyễn Trãi",
        "cashier": "Nguyễn Thị Ánh",
        "central": Link.UP,
        "central_since_ticks_ms": NOW - 192_000,
        "points_up": 6,
        "points_total": 6,
        "printer": PrinterState.READY,
        "keypad": True,
        "store_ok": True,
        "queue": s.QueueSnapshot(),
    }
    return s.StatusSnapshot(**(values | more))


OFFLINE = status(central=Link.DOWN, queue=s.QueueSnapshot(12, 0, 0, NOW - 183_000))

LINES = (s.LineSnapshot("dart-1", Link.UP), s.LineSnapshot("gilbarco-1", Link.DOWN, "COM4: không mở được"))

SALE = s.SaleSnapshot(
    SaleId("sale-1"),
    "CHXD018-T1-000231",
    PointId(1),
    NozzleId(1),
    E10,
    27_080,
    12_925,
    350_000,
    350_000,
    WALL,
    previews=(
        s.EarnPreview(TenderKind.CASH, 850, "350.000 đ tiền mặt: 17 × 50 = 850", "350.000 đ cash: 17 × 50 = 850"),
        s.EarnPreview(
            TenderKind.QR, 1750, "350.000 đ điện tử: 35 × 50 = 1.750", "350.000 đ electronic: 35 × 50 = 1.750"
        ),
        s.EarnPreview(
            TenderKind.CARD, 1750, "350.000 đ điện tử: 35 × 50 = 1.750", "350.000 đ electronic: 35 × 50 = 1.750"
        ),
    ),
)
AFTER_POINTS = replace(
    SALE,
    due_vnd=163_600,
    tenders=(Tender(TenderKind.POINTS, 186_400),),
    previews=(
        s.EarnPreview(TenderKind.CASH, 400, "163.600 đ tiền mặt: 8 × 50 = 400", "163.600 đ cash: 8 × 50 = 400"),
        s.EarnPreview(TenderKind.QR, 800, "163.600 đ điện tử: 16 × 50 = 800", "163.600 đ electronic: 16 × 50 = 800"),
        s.EarnPreview(TenderKind.CARD, 800, "163.600 đ điện tử: 16 × 50 = 800", "163.600 đ electronic: 16 × 50 = 800"),
    ),
)
CUSTOMER = s.CustomerSnapshot(
    s.CustomerState.KNOWN,
    "000 *** 001",
    "Trần H***",
    CustomerKind.INDIVIDUAL,
    "000100001",
    "0912 *** 001",
    186_400,
    12_300,
    date(2027, 3, 31),
    (ConsentMethod.OTP,),
    confirmed_by_customer=True,
)
DRIVER = s.CustomerSnapshot(
    s.CustomerState.KNOWN,
    "P-00231",
    "Công ty Cổ phần Vận tải và Thương mại An***",
    CustomerKind.VOUCHER,
    "000200002",
    "",
    500_000,
    methods=(ConsentMethod.DRIVER_PIN,),
    voucher=VoucherView("P-00231", "29C-123.45", 500_000, date(2027, 3, 31), DO),
)
UNVERIFIED = s.CustomerSnapshot(s.CustomerState.UNVERIFIED, "0912 *** 001")
LOOKING_UP = s.CustomerSnapshot(s.CustomerState.LOOKING_UP, "0912 *** 001")
BLOCKED = replace(CUSTOMER, account_status="blocked", methods=())

RECEIPT = Receipt(
    receipt_number="CHXD018-T1-000230",
    station="CHXD018",
    station_name="Cửa hàng số 18 Nguyễn Trãi",
    cashier="Nguyễn Thị Ánh",
    point=5,
    nozzle=1,
    grade_name=DO,
    unit_price=31_090,
    volume_ml=3070,
    amount_vnd=350_000,
    finished_at="2026-11-23T14:30:00+07:00",
    paid_at="2026-11-23T14:31:10+07:00",
    tenders=(Tender(TenderKind.POINTS, 186_400), Tender(TenderKind.QR, 163_600)),
    masked_name="Trần H***",
    masked_identifier="000 *** 001",
    earned=PointsLine(800, "163.600 đ điện tử: 16 × 50 = 800", "163.600 đ electronic: 16 × 50 = 800", True, 0, 800),
    spent=SpentLine(186_400, True, 0),
)


def panel(phase: s.PointsPhase, **more: Any) -> s.PointsSnapshot:
    """The points panel in a phase, begun 18 s ago."""
    values: dict[str, Any] = {
        "flow": Flow.PAY,
        "redemption_id": RedemptionId("r-1"),
        "points": 186_400,
        "method": ConsentMethod.OTP,
        "rest_due_vnd": 163_600,
        "since_ticks_ms": NOW - 18_000,
    }
    return s.PointsSnapshot(phase, **(values | more))


PANELS: dict[str, s.PointsSnapshot] = {
    "offer": panel(s.PointsPhase.OFFER),
    "holding": panel(s.PointsPhase.HOLDING),
    "waiting": panel(
        s.PointsPhase.WAITING_SECRET,
        deadline_ticks_ms=NOW + 162_000,
        attempts_left=3,
        resends_left=2,
        resend_from_ticks_ms=NOW + 12_000,
    ),
    "waiting-wrong": panel(
        s.PointsPhase.WAITING_SECRET,
        deadline_ticks_ms=NOW + 47_000,
        attempts_left=2,
        resends_left=2,
        resend_from_ticks_ms=NOW - 1,
        reason=s.Notice("central_credential-wrong", s.Severity.WARNING, (("left", 2),)),
    ),
    "verifying": panel(s.PointsPhase.VERIFYING),
    "unknown": panel(s.PointsPhase.UNKNOWN),
    "permit": panel(s.PointsPhase.PERMIT, flow=Flow.GIFT, deadline_ticks_ms=NOW + 95_000),
    "arming": panel(s.PointsPhase.ARMING, flow=Flow.GIFT, point=PointId(4)),
    "armed": panel(s.PointsPhase.ARMED, flow=Flow.GIFT, point=PointId(4)),
    "fuelling": panel(s.PointsPhase.FUELLING, flow=Flow.GIFT, point=PointId(2)),
    "capturing": panel(s.PointsPhase.CAPTURING),
    "done": panel(s.PointsPhase.DONE, balance_after=0),
    "giving-back": panel(s.PointsPhase.GIVING_BACK),
    "refused": panel(
        s.PointsPhase.REFUSED, reason=s.Notice("outcome_given_back", s.Severity.UNKNOWN, (("points", 186_400),))
    ),
    "impossible": panel(s.PointsPhase.IMPOSSIBLE, points=0),
}


NEXT_CHANGE = datetime(2026, 11, 26, 15, 0, tzinfo=VIETNAM)
PRICES = (
    s.GradePrice("E10-95", E10, 27_080, next_price=27_450, next_at=NEXT_CHANGE),
    s.GradePrice("E5-92", E5, 26_190),
    s.GradePrice("DO", DO, 31_090),
    s.GradePrice("DH", "Dầu hỏa 2-K", 29_700),
)


def terminal(**more: Any) -> s.TerminalSnapshot:
    """A busy forecourt without a sale."""
    values: dict[str, Any] = {
        "ticks_ms": NOW,
        "wall": WALL,
        "status": status(),
        "points": forecourt(),
        "prices": PRICES,
    }
    return s.TerminalSnapshot(**(values | more))


def selling(**more: Any) -> s.TerminalSnapshot:
    """The same with sale and customer."""
    offline = more.get("status") is OFFLINE
    base = {"points": forecourt(offline, claimed=more.get("sale", SALE) is not None)}
    return terminal(**(base | {"sale": SALE, "customer": CUSTOMER, "points_panel": PANELS["offer"]} | more))


def crowd(count: int) -> tuple[s.PointSnapshot, ...]:
    """Many points, states mixed."""
    made = []
    for number in range(1, count + 1):
        match number % 8:
            case 1:
                made.append(point(number, unpaid=(unpaid(1_204_500 + number * 1000, 44_000, 40 + number),)))
            case 2:
                made.append(
                    point(number, State.FUELLING, amount_vnd=68_250 * number, volume_ml=2610, preset_vnd=2_000_000)
                )
            case 3:
                made.append(point(number, State.CALLING, age_s=number))
            case 4:
                made.append(point(number, State.FUELLING, amount_vnd=41_900, volume_ml=1550))
            case 5 if number == 21:
                made.append(point(number, link=Link.DOWN))
            case _:
                made.append(point(number, last_at=WALL, last_amount_vnd=200_000))
    return tuple(made)


def dialogue(state: s.DialogueState, **more: Any) -> s.DialogueSnapshot:
    """A page of the customer's screen."""
    return s.DialogueSnapshot(state, **more)
