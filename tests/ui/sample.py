"""Snapshots for screens: a forecourt in every state worth a picture. Synthetic people, plain constructors."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from pos_client.bootstrap import loading
from pos_client.domain.certificate import DayCertificate, DaySums, Signed
from pos_client.domain.customer import ConsentMethod, CustomerKind, VoucherView
from pos_client.domain.fuelling_point import FuellingPointState as State
from pos_client.domain.fuelling_point import LinkState as Link
from pos_client.domain.identifiers import FuellingId, NozzleId, PointId, RedemptionId, SaleId, ShiftId
from pos_client.domain.moment import VIETNAM
from pos_client.domain.outbox import DeliveryState, ItemKind
from pos_client.domain.programme.told import told
from pos_client.domain.radar import Sign
from pos_client.domain.receipt import PointsLine, Receipt, SpentLine
from pos_client.domain.redemption import Flow
from pos_client.domain.sale_type import SaleType
from pos_client.domain.shift import StatedShift
from pos_client.domain.tender import Tender, TenderKind
from pos_client.ports.central import Undone
from pos_client.ports.reports import PrinterState
from pos_client.services import shift_snapshots as sh
from pos_client.services import snapshots as s
from pos_client.services.certificate_snapshots import CertificatePage
from pos_client.services.operation_snapshots import OperationRow, OperationState
from pos_client.services.queue_snapshots import QueuePage, QueueRow
from pos_client.services.radar_snapshots import RadarPage, RadarRow
from tests.words import RESOURCES

NOW = 1_000_000
WALL = datetime(2026, 11, 23, 14, 32, 7, tzinfo=VIETNAM)
E10, E5, DO = "Xăng E10 RON 95-III", "Xăng E5 RON 92-II", "DO 0,05S-II"


def point(number: int, state: State = State.IDLE, **more: Any) -> s.PointSnapshot:
    """A tile; `age_s` sets since when."""
    age = int(more.pop("age_s", 30))
    more.setdefault("grade_name", (E10, E5, DO)[number % 3])
    more.setdefault("link", Link.UP)
    return s.PointSnapshot(PointId(number), state, since_ticks_ms=NOW - age * 1000, unit_price=27_080, **more)


def unpaid(
    amount: int = 95_400, volume: int = 3070, age_s: int = 65, grade: str = DO, n: int = 1, **more: Any
) -> s.UnpaidFuelling:
    """A fuelling that waits."""
    return s.UnpaidFuelling(FuellingId(f"CHXD018-5-1-{n}"), grade, volume, amount, NOW - age_s * 1000, **more)


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
        "hotline": "1900 2828",
        "price_zone": "1",
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
PAY_CODE = (
    "00020101021238560010A0000007270126000697041501121133666688880208QRIBFTTA53037045406350000"
    "5802VN62700121CHXD018-T1-000231    04090001000010707CHXD0180812XANG DAU P016304ABCD"
)
"""As long as real ones; no bank would take it."""
PAYABLE = replace(SALE, pay_code=PAY_CODE, paid_to="CTY XANG DAU KHU VUC I")
CASH_PART = (Tender(TenderKind.CASH, 50_000),)
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
ORGANISATION = s.CustomerSnapshot(
    s.CustomerState.KNOWN,
    "000 *** 003",
    "Hợp tác xã Vận tải Bình***",
    CustomerKind.ORGANISATION,
    "000300003",
    "",
    2_450_000,
    methods=(ConsentMethod.ORGANISATION_PIN,),
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
    s.GradePrice("E5-92", E5, 26_190, datetime(2026, 11, 19, 15, 0, tzinfo=VIETNAM)),
    s.GradePrice("DO", DO, 31_090),
    s.GradePrice("DH", "Dầu hỏa 2-K", 29_700),
)
PROGRAMME = told(loading.profile(RESOURCES), WALL.date())
SIX_PRICES = (
    s.GradePrice("E10-95-V", "Xăng E10 RON 95-V", 28_210, datetime(2026, 11, 19, 15, 0, tzinfo=VIETNAM)),
    *PRICES[:2],
    s.GradePrice("DO-V", "DO 0,001S-V", 31_490),
    *PRICES[2:],
)
DRIVE_OFFS = (
    s.DriveOffSnapshot(FuellingId("CHXD018-5-1-77"), PointId(5), 3070, 95_400, WALL - timedelta(hours=2), "29C-***.45"),
    s.DriveOffSnapshot(FuellingId("CHXD018-2-1-78"), PointId(2), 18_460, 500_000, WALL - timedelta(minutes=9)),
)


def nozzle_row(point: int, nozzle: int, state: sh.MeterState = sh.MeterState.AGREES, **more: Any) -> sh.NozzleRow:
    """A nozzle that sold some; `variance_ml` makes its meter differ."""
    told = 1_000 * (37 * point + 11 * nozzle) + 10 * point
    variance = int(more.pop("variance_ml", 0))
    opening: int | None = 184_220_000 + 7_310_000 * point
    read = state is not sh.MeterState.NOT_READ
    values: dict[str, Any] = {
        "point": PointId(point),
        "nozzle": NozzleId(nozzle),
        "grade_name": (E10, E5, DO)[(point + nozzle) % 3],
        "opening_ml": opening,
        "last_ml": (opening or 0) + told + variance if read else None,
        "metered_ml": told + variance if read else None,
        "told_ml": told,
        "test_ml": 20_000 if point == 2 else 0,
        "recovered_ml": 4_120 if point == 3 else 0,
        "amount_vnd": told * 27_080 // 1000,
        "fuellings": told // 12_000 + 1,
        "variance_ml": variance if read else None,
        "state": state,
    }
    return sh.NozzleRow(**(values | more))


def nozzle_rows(points: int) -> tuple[sh.NozzleRow, ...]:
    """Two nozzles a point; most agree, some do not."""
    odd: dict[tuple[int, int], dict[str, Any]] = {
        (2, 1): {"state": sh.MeterState.VARIANCE, "variance_ml": 350},
        (3, 2): {"state": sh.MeterState.VARIANCE, "variance_ml": -1_200},
        (5, 1): {"state": sh.MeterState.WENT_DOWN},
        (6, 1): {"state": sh.MeterState.NOT_READ},
        (6, 2): {"state": sh.MeterState.WRAPPED},
    }
    pairs = ((point, nozzle) for point in range(1, points + 1) for nozzle in (1, 2))
    return tuple(nozzle_row(point, nozzle, **odd.get((point, nozzle), {})) for point, nozzle in pairs)


def stated(verdict: str | None, differences: tuple[tuple[str, int, int], ...] = ()) -> StatedShift:
    """The shift of `shift`, closed."""
    opened = datetime(2026, 11, 23, 6, tzinfo=VIETNAM)
    return StatedShift(ShiftId("shift-1"), "Nguyễn Thị Ánh", opened.isoformat(), WALL.isoformat(), verdict, differences)


CERTIFICATE = DayCertificate(
    station="CHXD018",
    terminal="T1",
    day=WALL.date(),
    sums=DaySums(
        fuellings=121,
        volume_ml=1_003_120,
        tested_ml=20_000,
        amount_vnd=27_192_000,
        sales=118,
        tenders=(("card", 4_118_000), ("cash", 12_350_000), ("points", 1_042_600), ("qr", 9_204_500)),
        points_credited=91_250,
        points_debited=1_042_600,
    ),
    written=1_204,
    first_seq=18_220,
    last_seq=19_423,
    first_mac="1f0c3c5a7e9d2b4c" * 4,
    last_mac="9a8b7c6d5e4f3a2b" * 4,
    acknowledged=1_204,
    signed=Signed(19_423, WALL.isoformat(), 3, True),
)


def certificate_page(certificate: DayCertificate | None = CERTIFICATE, **more: Any) -> CertificatePage:
    """The certificate of the day."""
    return CertificatePage(WALL.date(), WALL.date(), certificate, **more)


STATED_OTHERWISE = stated(
    "mismatch",
    (
        ("cash", 12_350_000, 12_300_000),
        ("nozzle:1/2:told", 98_730, 101_230),
        ("accrual:0199c0de", 0, 95_400),
        ("tender:card:count", 12, 13),
    ),
)


def shift(phase: sh.ShiftPhase = sh.ShiftPhase.OPEN, **more: Any) -> sh.ShiftSnapshot:
    """A shift of six points since the morning."""
    values: dict[str, Any] = {
        "shift_id": "shift-1",
        "cashier": "Nguyễn Thị Ánh",
        "phase": phase,
        "opened_at": datetime(2026, 11, 23, 6, tzinfo=VIETNAM),
        "rows": nozzle_rows(6),
        "tenders": (
            sh.TenderTotal(TenderKind.CASH, 61, 12_350_000),
            sh.TenderTotal(TenderKind.QR, 38, 9_204_500),
            sh.TenderTotal(TenderKind.CARD, 12, 4_118_000),
            sh.TenderTotal(TenderKind.POINTS, 9, 1_042_600),
        ),
        "sales": 118,
        "volume_ml": 985_430,
        "amount_vnd": 26_715_100,
        "unpaid": 2,
        "unpaid_vnd": 190_800,
        "drive_offs": 2,
        "drive_offs_vnd": 595_400,
        "waiting_records": 12,
        "cash_expected_vnd": 12_350_000,
    }
    return sh.ShiftSnapshot(**(values | more))


def fuelling(n: int, outcome: str = "paid", **more: Any) -> sh.NozzleFuelling:
    """One fuelling behind a row."""
    volume = 3_000 + 417 * (n % 23)
    values: dict[str, Any] = {
        "fuelling_id": FuellingId(f"CHXD018-1-2-{n}"),
        "finished_at": WALL - timedelta(minutes=4 * n),
        "volume_ml": volume,
        "unit_price": 26_190,
        "amount_vnd": volume * 26_190 // 1000,
        "end_totalizer_ml": 191_530_000 - 9_000 * n,
        "sale_type": SaleType.PUMP_TEST if outcome == "test" else SaleType.SALE,
        "outcome": outcome,
        "recovered": False,
        "receipt_number": f"CHXD018-T1-{230 - n:06d}" if outcome in ("paid", "gift") else "",
    }
    return sh.NozzleFuelling(**(values | more))


FUELLINGS = (
    fuelling(0, "unpaid"),
    fuelling(1),
    fuelling(2, "test"),
    fuelling(3, recovered=True),
    fuelling(4, "drive_off"),
    fuelling(5, "gift"),
    *(fuelling(n) for n in range(6, 24)),
)


def terminal(**more: Any) -> s.TerminalSnapshot:
    """A busy forecourt without a sale."""
    values: dict[str, Any] = {
        "ticks_ms": NOW,
        "wall": WALL,
        "status": status(),
        "points": forecourt(),
        "shift": shift(),
        "prices": PRICES,
        "programme": PROGRAMME,
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


def queue_page(count: int = 5, total: int | None = None, offset: int = 0) -> QueuePage:
    """Records of every kind and state, as a bad afternoon leaves them."""
    made = [
        _record(1, ItemKind.ACCRUAL, DeliveryState.PARKED, problem="unknown-customer", attempts=1, points=1_750),
        _record(2, ItemKind.CAPTURE, DeliveryState.PARKED, problem="redemption-state-conflict", attempts=3,
                amount_vnd=186_400, points=0, noted="hotline_called", noted_at=WALL - timedelta(minutes=12)),
        _record(3, ItemKind.VOID, DeliveryState.IN_DOUBT, problem="read_timeout", attempts=4, points=50_000),
        _record(4, ItemKind.ACCRUAL, DeliveryState.PARKED, problem="malformed-request", attempts=2, points=850,
                may_resend=True),
        _record(5, ItemKind.ACCRUAL, DeliveryState.PENDING, points=400),
    ]  # fmt: skip
    made += [_record(n, ItemKind.ACCRUAL, DeliveryState.PENDING, points=50 * n) for n in range(6, count + 1)]
    return QueuePage(offset, total or count, tuple(made[:count]))


def _record(n: int, kind: ItemKind, state: DeliveryState, **more: Any) -> QueueRow:
    values: dict[str, Any] = {
        "receipt_number": f"CHXD018-T1-261123-{n:05d}",
        "masked_customer": "Nguyễn Thị Á***" if n % 2 else "000 *** 001",
        "amount_vnd": 95_400,
        "due_ticks_ms": NOW + 7_000 * n,
    }
    return QueueRow(
        f"0199c0de-0000-7000-8000-{n:012d}:{kind.value}",
        kind,
        state,
        WALL - timedelta(minutes=7 * n),
        **(values | more),
    )


OPERATIONS = tuple(
    OperationRow(
        operation,
        f"0193{number}",
        WALL - timedelta(minutes=7 * number),
        points,
        state,
        f"CHXD018-T1-261126-{318 - number:05d}",
        name,
        problem,
    )
    for number, (operation, points, state, name, problem) in enumerate(
        (
            (Undone.ACCRUAL, 1_750, OperationState.WAITING, "Trần H***", ""),
            (Undone.REDEMPTION, -186_400, OperationState.DONE, "Nguyễn V***", ""),
            (Undone.ACCRUAL, 850, OperationState.REVERSING, "Lê T***", ""),
            (Undone.ACCRUAL, 450, OperationState.REVERSED, "Trần H***", ""),
            (Undone.ACCRUAL, 12_300, OperationState.REFUSED, "Phạm M***", "unknown-customer"),
            (Undone.REDEMPTION, -50_000, OperationState.DONE, "Công ty S***", "already-reversed"),
        )
    )
)
"""The list of points, one row a state."""
SIGNS = RadarPage(
    tuple(
        RadarRow(
            sign, date(2026, 11, day), customer, cashier, count, most, WALL - timedelta(days=23 - day, minutes=count)
        )
        for sign, day, customer, cashier, count, most in (
            (Sign.OFTEN, 23, "000 *** 821", "", 6, 4),
            (Sign.LATE, 23, "", "Nguyễn Thị Ánh", 5, 3),
            (Sign.SAME_HANDS, 23, "000 *** 821", "Nguyễn Thị Ánh", 19, 12),
            (Sign.STAFF, 22, "000 *** 117", "Trần Văn Minh", 2, 1),
            (Sign.REPRINT, 21, "", "Trần Văn Minh", 3, 1),
            (Sign.NOT_ME, 20, "", "Nguyễn Thị Ánh", 7, 5),
            (Sign.WRONG_CODE, 19, "", "Trần Văn Minh", 12, 8),
            (Sign.WRONG_STAFF_PIN, 18, "", "Trần Văn Minh", 6, 5),
        )
    )
)
"""The week's signs, one of each."""
