"""The terminal's immutable picture for screens. One snapshot follows every message; widgets draw it and keep nothing.

Words are not here: a `Notice` names an entry of the catalogue and its numbers; view models say it in the language of
the screen. Ages and countdowns are instants in `ticks_ms` (the `Clock` port's monotonic reading); a screen that wants
to count between snapshots compares them with its own `now`.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from pos_client.domain.fuelling_point import FuellingPointState, LinkState
from pos_client.domain.identifiers import FuellingId, NozzleId, PointId, RedemptionId, SaleId
from pos_client.domain.price_mark import PriceMark as PriceMark  # noqa: PLC0414 (screens know it as a part of the picture)
from pos_client.domain.quantities import Millilitres, Points, Vnd, VndPerLitre
from pos_client.domain.redemption import Flow
from pos_client.domain.sale_type import SaleType
from pos_client.domain.tender import Tender, TenderKind
from pos_client.services.messages import CustomerScreen
from pos_client.value import dataclass

if TYPE_CHECKING:
    from pos_client.domain.customer import ConsentMethod, CustomerKind, VoucherView
    from pos_client.domain.keypad import KeypadTrouble
    from pos_client.domain.printer_trouble import PrinterTrouble
    from pos_client.domain.programme.told import Told
    from pos_client.domain.receipt import Receipt
    from pos_client.domain.shift import StatedShift
    from pos_client.ports.reports import PrinterState
    from pos_client.services.certificate_snapshots import CertificatePage
    from pos_client.services.operation_snapshots import OperationRow, StaffAsk
    from pos_client.services.queue_snapshots import QueuePage
    from pos_client.services.radar_snapshots import RadarPage
    from pos_client.services.shift_snapshots import ShiftSnapshot


class Severity(StrEnum):
    """How a message is coloured; always with its word and shape as well."""

    INFO = "info"
    DONE = "done"
    WARNING = "warning"
    UNKNOWN = "unknown"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to be said. The catalogue holds three parts under `notice.<code>.what`, `.means`, `.key`."""

    code: str
    severity: Severity
    params: tuple[tuple[str, int | str], ...] = ()
    since_ticks_ms: int = 0


@dataclass(frozen=True, slots=True)
class UnpaidFuelling:
    """A fuelling that waits to be sold. `holder`: the other till that has claimed it, and until when."""

    fuelling_id: FuellingId
    grade_name: str
    volume_ml: Millilitres
    amount_vnd: Vnd
    since_ticks_ms: int
    recovered: bool = False
    price_mark: PriceMark = PriceMark.NONE
    holder: str = ""
    held_until_ticks_ms: int | None = None


@dataclass(frozen=True, slots=True)
class PointSnapshot:
    """One tile."""

    point: PointId
    state: FuellingPointState
    link: LinkState
    since_ticks_ms: int
    """when `state` (or, if down, `link`) began"""
    nozzle: NozzleId | None = None
    grade_name: str = ""
    unit_price: VndPerLitre = 0
    volume_ml: Millilitres = 0
    amount_vnd: Vnd = 0
    preset_vnd: Vnd | None = None
    gift: bool = False
    """armed or fuelling for a redemption"""
    unpaid: tuple[UnpaidFuelling, ...] = ()
    """oldest first; the claimed one is not among them"""
    claimed: bool = False
    """its sale is the open one"""
    last_amount_vnd: Vnd | None = None
    last_at: datetime | None = None
    metered: bool = False
    """the totalizer of every nozzle has been read since the pump was last silent: litres can be proved"""
    reconciled: bool = False
    """the link was lost and the totalizers have been compared since: they agree"""
    preset_ml: Millilitres | None = None
    sale_type: SaleType = SaleType.SALE
    rises: bool = False
    """it has been calling for longer than a customer should wait"""
    stopped: bool = False
    """stopped by us, and not let go on since"""
    price_mismatch: bool = False
    """a price the pump shows is not the list's: nothing may be authorised here until it is"""
    pump_prices: tuple[tuple[NozzleId, VndPerLitre], ...] = ()
    """what the pump itself said last"""


@dataclass(frozen=True, slots=True)
class GradePrice:
    """A grade's price in force, and the next one that is already known."""

    code: str
    name: str
    unit_price: VndPerLitre
    since: datetime | None = None
    """None: since before this list"""
    next_price: VndPerLitre | None = None
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DriveOffSnapshot:
    """A fuelling whose customer left without paying."""

    fuelling_id: FuellingId
    point: PointId
    volume_ml: Millilitres
    amount_vnd: Vnd
    at: datetime
    masked_plate: str = ""


@dataclass(frozen=True, slots=True)
class PointTest:
    """What one point said to the technician's test. `outcome` None: not answered yet."""

    point: PointId
    since_ticks_ms: int
    outcome: str | None = None
    """"done", "refused", "no_answer" """
    state: FuellingPointState | None = None
    totalizers: tuple[tuple[NozzleId, Millilitres], ...] = ()
    prices: tuple[tuple[NozzleId, VndPerLitre], ...] = ()
    round_trip_ms: int | None = None


class CustomerState(StrEnum):
    """What we know of the customer on the sale."""

    LOOKING_UP = "looking_up"
    KNOWN = "known"
    UNVERIFIED = "unverified"
    """offline: earns, cannot spend, balance unknown"""


@dataclass(frozen=True, slots=True)
class CustomerSnapshot:
    """The customer chip."""

    state: CustomerState
    masked_identifier: str
    masked_name: str = ""
    kind: CustomerKind | None = None
    display_id: str = ""
    masked_phone: str = ""
    points_available: Points | None = None
    expiring_points: Points = 0
    expiring_on: date | None = None
    methods: tuple[ConsentMethod, ...] = ()
    voucher: VoucherView | None = None
    by_voucher: bool = False
    """known by the signed voucher in his hand alone: central has not been asked"""
    account_status: str = "active"
    confirmed_by_customer: bool = False


@dataclass(frozen=True, slots=True)
class EarnPreview:
    """What paying all that is due with one tender would earn."""

    kind: TenderKind
    points: Points
    formula_vi: str
    formula_en: str


class PointsPhase(StrEnum):
    """What the points panel shows."""

    OFFER = "offer"
    HOLDING = "holding"
    WAITING_SECRET = "waiting_secret"
    VERIFYING = "verifying"
    UNKNOWN = "unknown"
    CONFIRM_PLATE = "confirm_plate"
    """a signed voucher, central away: does the vehicle carry the voucher's plate?"""
    SPENT_OFFLINE = "spent_offline"
    """paid, or fuelled, with a signed voucher; central has still to confirm it"""
    PERMIT = "permit"
    """gift fuel: consent given, choose the pump"""
    ARMING = "arming"
    ARMED = "armed"
    FUELLING = "fuelling"
    CAPTURING = "capturing"
    DONE = "done"
    GIVING_BACK = "giving_back"
    REFUSED = "refused"
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True, slots=True)
class PointsSnapshot:
    """The points panel of the sale, or of the gift. `reason` explains REFUSED and IMPOSSIBLE."""

    phase: PointsPhase
    flow: Flow = Flow.PAY
    redemption_id: RedemptionId | None = None
    points: Points = 0
    method: ConsentMethod | None = None
    rest_due_vnd: Vnd = 0
    dying_points: Points = 0
    """of an offer: so many of `points` die on `dying_on`, and would be taken first"""
    dying_on: date | None = None
    point: PointId | None = None
    since_ticks_ms: int = 0
    deadline_ticks_ms: int | None = None
    attempts_left: int | None = None
    resends_left: int = 0
    resend_from_ticks_ms: int | None = None
    balance_after: Points | None = None
    confirmed_at: datetime | None = None
    """when central's confirmation came (DONE)"""
    reason: Notice | None = None
    plate: str = ""
    """of the signed voucher in hand"""


@dataclass(frozen=True, slots=True)
class SaleSnapshot:
    """The sale card."""

    sale_id: SaleId
    receipt_number: str
    point: PointId
    nozzle: NozzleId
    grade_name: str
    unit_price: VndPerLitre
    volume_ml: Millilitres
    amount_vnd: Vnd
    due_vnd: Vnd
    finished_at: datetime
    tenders: tuple[Tender, ...] = ()
    previews: tuple[EarnPreview, ...] = ()
    recovered: bool = False
    gift: bool = False
    price_mark: PriceMark = PriceMark.NONE
    claim_until_ticks_ms: int | None = None
    """when an untouched sale gives its claim back by itself"""
    pay_code: str = ""
    """the VietQR of what is due; empty: it cannot be paid that way now"""
    paid_to: str = ""
    """whose account that pays into"""


class DialogueState(StrEnum):
    """What the customer's screen asks or says."""

    WELCOME = "welcome"
    MIRROR = "mirror"
    """a delivery is running; figures of that pump"""
    IDENTIFY = "identify"
    LOOKING_UP = "looking_up"
    PAY = "pay"
    """nobody collects points: the code to pay with"""
    CONFIRM = "confirm"
    """is this you? 0 = not me"""
    AMOUNT = "amount"
    """how many points: 1 all, 2 the expiring ones, 3 50.000, 4 other"""
    AMOUNT_OTHER = "amount_other"
    SECRET = "secret"
    KEYPAD_LOST = "keypad_lost"
    """a code is asked for, and what it is typed on is gone: nothing can be typed until it is back"""
    WAIT = "wait"
    CHOOSE_PUMP = "choose_pump"
    """gift fuel granted: the cashier names the pump, then lift the nozzle"""
    UNKNOWN = "unknown"
    RESULT = "result"
    REFUSED = "refused"
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class DialogueSnapshot:
    """The customer's screen. `entered` is what was typed where it may be seen (a phone number, an amount); of a secret
    only `secret_length` is known here."""

    state: DialogueState
    point: PointId | None = None
    entered: str = ""
    secret_length: int = 0
    secret_digits: int = 6
    deadline_ticks_ms: int | None = None
    notice: Notice | None = None
    amounts: tuple[tuple[int, Vnd], ...] = ()
    """key 1..4 -> amount offered; 0 đồng stands for "other" """
    chosen_vnd: Vnd | None = None
    on_device: bool = False
    """the secret is typed on a keypad of its own: nothing touched on the screen is a part of it"""


@dataclass(frozen=True, slots=True)
class TailSnapshot:
    """Rows of the journal head office does not hold yet, and when the oldest of them was written."""

    records: int = 0
    oldest: datetime | None = None


@dataclass(frozen=True, slots=True)
class QueueSnapshot:
    """What head office has still to be told, and the tail of the journal it has not acknowledged."""

    waiting: int = 0
    in_doubt: int = 0
    parked: int = 0
    oldest_ticks_ms: int | None = None
    tail: TailSnapshot = TailSnapshot()


@dataclass(frozen=True, slots=True)
class LineSnapshot:
    """A serial line as the technician sees it."""

    name: str
    state: LinkState
    detail: str = ""
    device: str = ""
    cycle_ms: int = 0
    answered: int = 0
    unanswered: int = 0
    damaged: int = 0


@dataclass(frozen=True, slots=True)
class StatusSnapshot:
    """The status strip."""

    station: str
    station_name: str
    cashier: str
    central: LinkState
    central_since_ticks_ms: int
    points_up: int
    points_total: int
    printer: PrinterState
    keypad: bool
    store_ok: bool
    queue: QueueSnapshot
    vouchers_offline: bool = False
    """keys and the list of withdrawn vouchers are here: a signed voucher could be taken if central fell silent now"""
    list_age_ms: int | None = None
    """how old the list of withdrawn vouchers is, once it is half as old as it may get; None: it does not matter"""
    list_too_old: bool = False
    """older than it may get: no voucher is taken while central is away"""
    lines: tuple[LineSnapshot, ...] = ()
    customer_screen: CustomerScreen = CustomerScreen.OWN
    hotline: str = ""
    price_zone: str = ""
    """which of the published prices hold here; empty: it is not said"""
    printer_trouble: PrinterTrouble | None = None
    """why nothing is printed, or what a printer that prints warns of"""
    keypad_trouble: KeypadTrouble | None = None
    """why no code can be typed"""


@dataclass(frozen=True, slots=True)
class TerminalSnapshot:
    """Everything a screen can show."""

    ticks_ms: int
    wall: datetime
    status: StatusSnapshot
    points: tuple[PointSnapshot, ...]
    sale: SaleSnapshot | None = None
    customer: CustomerSnapshot | None = None
    points_panel: PointsSnapshot | None = None
    dialogue: DialogueSnapshot = DialogueSnapshot(DialogueState.WELCOME)
    notice: Notice | None = None
    unread: int = 0
    """errors that wait behind the notice until it is read"""
    receipt: Receipt | None = None
    """the last sale's receipt, growing more certain as central answers"""
    ready: bool = True
    """False while recovery is running"""
    shift: ShiftSnapshot | None = None
    """None: no shift is open, and none was closed since the program started"""
    prices: tuple[GradePrice, ...] = ()
    drive_offs: tuple[DriveOffSnapshot, ...] = ()
    point_test: PointTest | None = None
    stated_shift: StatedShift | None = None
    """the shift closed last, with what head office has said of it"""
    certificate_page: CertificatePage | None = None
    """None: nobody looks at a certificate"""
    queue_page: QueuePage | None = None
    """None: nobody looks at the queue desk"""
    operations: tuple[OperationRow, ...] | None = None
    """None: nobody looks at the list of points"""
    radar: RadarPage | None = None
    """None: nobody looks at the signs"""
    staff_ask: StaffAsk | None = None
    """somebody is to prove himself with his PIN"""
    programme: Told | None = None
    """the numbers of the loyalty programme, for the idle screen and the guides"""
    staffed: bool = False
    """people here have PINs: a shift is opened with one"""
    settings_gated: bool = False
    """the technician's page is opened with a PIN"""
    let_in: int = 0
    """grows when somebody was let into it"""
    let_out: bool = False
    """the cashier has closed the till, and may: the program ends"""
