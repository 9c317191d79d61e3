"""The settings the program uses: typed, frozen, complete. Files and forms are read into this by `options.py`."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime

from pos_client.domain.customer import Identifier, IdentifierKind, ScanForms, mask_identifier
from pos_client.domain.forecourt import Forecourt, FuellingPoint, Grade, Nozzle
from pos_client.domain.identifiers import NozzleId, PointId, StationId, TerminalId
from pos_client.domain.keypad import KeypadKind
from pos_client.domain.prices import PriceEntry, PriceList
from pos_client.domain.radar import Limits, Sign
from pos_client.domain.staff import Role, Staff
from pos_client.domain.totalizer import Meter, meter
from pos_client.domain.vietqr import BankAccount
from pos_client.protocols.dispenser.registry import PROTOCOLS
from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class GradeSettings:
    """One product and its price, đồng a litre including VAT, until the first entry of the price list comes."""

    code: str
    name: str
    unit_price: int
    earns: bool = True


@dataclass(frozen=True, slots=True)
class PriceSettings:
    """A grade's price from an instant on (ISO 8601 with offset); before the first one `GradeSettings.unit_price`."""

    grade: str
    unit_price: int
    effective_from: str


@dataclass(frozen=True, slots=True)
class PointSettings:
    """A fuelling point on a line. `address` is the protocol's own number; `nozzles[i]` is the grade of nozzle i+1.

    Decimals of what the wire carries; -1: in tens (a price of 21 580 travels as 2158), for money and prices only.
    `total_digits`: what a totalizer shows before it begins at 0 again; 0: as the line's protocol has it.
    """

    point: int
    address: int
    nozzles: tuple[str, ...]
    volume_decimals: int = 2
    amount_decimals: int = 0
    price_decimals: int = 0
    total_decimals: int = 2
    total_digits: int = 0


@dataclass(frozen=True, slots=True)
class LineSettings:
    """One serial line. `port` is whatever `serial_for_url` opens: a device, a pseudo-terminal, `socket://host:port`.

    The defaults here are DART's; a file that is silent gets those of its protocol (`options.LINE_DEFAULTS`).
    """

    name: str
    protocol: str
    port: str
    baud_rate: int = 9600
    parity: str = "O"
    points: tuple[PointSettings, ...] = ()
    answer_timeout_ms: int = 120
    inter_frame_ms: int = 35
    misses_until_offline: int = 5
    echo: bool = False
    options: str = ""
    """where the protocol's sources disagree: `name=value` with blanks between"""
    identity: str = ""
    """of the adapter, as `pos-client ports` shows it: found again under whatever name; empty: `port` as it is"""


@dataclass(frozen=True, slots=True)
class BooksSettings:
    """Where the books are kept a second time; empty: a folder beside them. Best on another disk."""

    mirror_folder: str = ""


@dataclass(frozen=True, slots=True)
class UpdateSettings:
    """For a pilot, in the place of what the package brings: where new versions are announced (a signed manifest), and
    the public key of who signs them (raw 32 bytes, base64)."""

    url: str = ""
    release_key: str = ""


@dataclass(frozen=True, slots=True)
class CounterSettings:
    """How the counter works with the forecourt."""

    claim_lease_s: int = 180
    """an untouched sale gives its fuelling back after so long"""
    calling_rises_s: int = 20
    """a customer who has been calling for longer is shown first"""
    quick_presets: tuple[int, ...] = (50_000, 100_000, 200_000, 500_000)
    """đồng; one key each"""
    tills: tuple[str, ...] = ()
    """the station's other tills, to hand a sale over to"""


@dataclass(frozen=True, slots=True)
class ScannerSettings:
    """How codes are read. A scanner that types like a keyboard needs nothing; one on a serial line its `port`.

    `url_keys`: names behind which a link holds an ID (`?id=`, `/plxid/`); `token_prefixes`: what head office's own
    tokens begin with.
    """

    port: str = ""
    baud_rate: int = 9600
    url_keys: tuple[str, ...] = ("id", "plxid")
    token_prefixes: tuple[str, ...] = ("PLX:",)

    def forms(self) -> ScanForms:
        """What a code may look like."""
        return ScanForms(self.url_keys, self.token_prefixes)


@dataclass(frozen=True, slots=True)
class KeypadSettings:
    """What customers type their codes on. `identity` and `port` are written by pairing (technician's page, Devices)."""

    kind: str = KeypadKind.SCREEN.value
    identity: str = ""
    """of a USB keypad as `domain.keypad` has it; of a serial PIN pad the number it says; empty: whichever is there"""
    port: str = ""
    """of a serial PIN pad: a device, an adapter's identity, or `socket://host:port`"""
    shuffled: bool = False
    """digits of the pad on the screen stand in another order for each code"""


@dataclass(frozen=True, slots=True)
class StaffSettings:
    """Somebody who works at this till. `pin`: its hash (`pos-client staff-pin`)."""

    number: int
    name: str
    role: str = Role.CASHIER.value
    pin: str = ""


@dataclass(frozen=True, slots=True)
class StationSettings:
    """Which station and till this is."""

    station: str = "CHXD000"
    name: str = ""
    terminal: str = "T1"
    cashier: str = ""
    price_zone: str = ""
    """which of the published prices hold here; empty: it is not said"""
    hotline: str = "1900 2828"
    training: bool = False
    """an invented station to practise on: marked on every screen and paper, with books no real till opens"""

    @property
    def till(self) -> TerminalId:
        """The till's name among all tills of all stations."""
        return TerminalId(f"{self.station}-{self.terminal}")


@dataclass(frozen=True, slots=True)
class CentralSettings:
    """Where head office answers, and the public keys it is known by (raw 32 bytes, base64)."""

    url: str = "http://127.0.0.1:8080"
    seal_key: str = ""
    permit_key: str = ""
    answer_key: str = ""
    epoch: int = 0
    """how often this till was enrolled under its name; 0: never"""
    connect_timeout_ms: int = 3000
    read_timeout_ms: int = 8000
    operation_timeout_ms: int = 20000


@dataclass(frozen=True, slots=True)
class PrinterSettings:
    """`target`: empty (no printer), `file:PATH`, `tcp://host:port`, `serial:PORT?baud=19200&flow=rts`,
    `usb:04b8:0e15`."""

    target: str = ""
    columns: int = 42
    text_mode: str = "raster"
    """raster (Vietnamese drawn, any printer) or text (code pages, and drawn where they fail)"""
    profile: str = "TM-T20II"
    """python-escpos's name of the printer: which code pages it has; only for text"""


@dataclass(frozen=True, slots=True)
class BankSettings:
    """Where money paid by VietQR goes; without a bank and an account no such code is shown."""

    bank_bin: str = ""
    """the bank's six digits at NAPAS"""
    account: str = ""
    holder: str = ""
    """shown beside the code, for the customer to compare"""

    @property
    def to_pay_into(self) -> BankAccount | None:
        """The account, if there is one."""
        return BankAccount(self.bank_bin, self.account) if self.bank_bin and self.account else None


@dataclass(frozen=True, slots=True)
class LoyaltySettings:
    """What this till does about points; the rules themselves are the programme's, and central decides."""

    overrun_tolerance_vnd: int = 100
    secret_timeout_s: int = 60
    late_claim_h: int = 24
    """so long the points of an anonymous sale can be claimed with its receipt; 0: not at all"""
    late_claims_a_day: int = 3
    """for one account, at this till"""


_USUAL = Limits()
"""The radar's own, where nothing else is set."""


@dataclass(frozen=True, slots=True)
class RadarSettings:
    """Above how many a sign of the radar is shown (`domain.radar.Sign`). Nothing here ever stops a sale."""

    often: int = _USUAL.often
    same_hands: int = _USUAL.same_hands
    late: int = _USUAL.late
    late_s: int = _USUAL.late_s
    staff: int = _USUAL.staff
    reprint: int = _USUAL.reprint
    not_me: int = _USUAL.not_me
    wrong_code: int = _USUAL.wrong_code
    wrong_staff_pin: int = _USUAL.wrong_staff_pin
    staff_ids: tuple[str, ...] = ()
    """the IDs of those who work here, nine digits each"""

    def limits(self) -> Limits:
        """For the radar, which knows customers by what is shown of them: whole, or masked."""
        shown = (
            (f"{each[:3]} {each[3:6]} {each[6:]}", mask_identifier(Identifier(IdentifierKind.ID, each)))
            for each in self.staff_ids
        )
        numbers = {name: getattr(self, name) for name in (*(sign.value for sign in Sign), "late_s")}
        return Limits(**numbers, staff_ids=frozenset(one for each in shown for one in each))


@dataclass(frozen=True, slots=True)
class ScreenSettings:
    """What people see. `language`: vi or en; `theme`: day or night."""

    language: str = "vi"
    theme: str = "day"
    customer_screen: str = ""
    """serial number, name or model of the customer's screen; empty: the one that is not the cashier's"""
    customer_preview: bool = False
    """without a screen of its own the customer's window is shown small on the cashier's, for training"""
    full_screen: bool = False
    kiosk: bool = False
    """the till has its computer to itself: full screen, and closed by a technician or manager alone, where one has a
    PIN"""

    @property
    def covers_all(self) -> bool:
        """Whether the cashier's window takes the whole screen."""
        return self.full_screen or self.kiosk


@dataclass(frozen=True, slots=True)
class SpeechSettings:
    """Amounts said aloud, where Qt's speech is installed and has a voice of the language."""

    spoken: bool = False
    engine: str = ""
    """Qt's name of it (speechd, winrt, sapi); empty: the system's own"""
    voice: str = ""
    """by its name; empty: the first of the language"""
    volume_percent: int = 80


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a technician can set."""

    station: StationSettings = field(default_factory=StationSettings)
    central: CentralSettings = field(default_factory=CentralSettings)
    printer: PrinterSettings = field(default_factory=PrinterSettings)
    bank: BankSettings = field(default_factory=BankSettings)
    loyalty: LoyaltySettings = field(default_factory=LoyaltySettings)
    radar: RadarSettings = field(default_factory=RadarSettings)
    screen: ScreenSettings = field(default_factory=ScreenSettings)
    speech: SpeechSettings = field(default_factory=SpeechSettings)
    counter: CounterSettings = field(default_factory=CounterSettings)
    scanner: ScannerSettings = field(default_factory=ScannerSettings)
    keypad: KeypadSettings = field(default_factory=KeypadSettings)
    books: BooksSettings = field(default_factory=BooksSettings)
    updates: UpdateSettings = field(default_factory=UpdateSettings)
    grades: tuple[GradeSettings, ...] = ()
    prices: tuple[PriceSettings, ...] = ()
    lines: tuple[LineSettings, ...] = ()
    staff: tuple[StaffSettings, ...] = ()
    """nobody: anybody opens a shift by his name, and nothing that needs a senior can be done"""
    secrets_backend: str = "os"
    """os: the operating system's keyring. `sandbox-file`: the demo's own; a real terminal refuses it."""

    def forecourt(self) -> Forecourt:
        """What stands where. A nozzle of an unknown grade is left out (validation names it)."""
        grades = {g.code: Grade(g.code, g.name, g.earns) for g in self.grades}
        points = [
            FuellingPoint(
                PointId(p.point),
                tuple(
                    Nozzle(NozzleId(number), grades[code])
                    for number, code in enumerate(p.nozzles, start=1)
                    if code in grades
                ),
                _meter(line, p),
                int(10 ** max(0, -p.price_decimals)),
            )
            for line in self.lines
            for p in line.points
        ]
        return Forecourt(StationId(self.station.station), tuple(sorted(points, key=lambda p: p.point)))

    def people(self) -> tuple[Staff, ...]:
        """Who works here."""
        return tuple(Staff(each.number, each.name, Role(each.role), each.pin) for each in self.staff)

    def price_list(self) -> PriceList:
        """Every price there is, past and coming."""
        undated = (PriceEntry(grade.code, grade.unit_price) for grade in self.grades)
        dated = (
            PriceEntry(price.grade, price.unit_price, datetime.fromisoformat(price.effective_from))
            for price in self.prices
        )
        return PriceList((*undated, *dated))


def _meter(line: LineSettings, point: PointSettings) -> Meter:
    """The point's totalizers, by its own settings or its protocol's."""
    offered = PROTOCOLS.get(line.protocol)
    digits = point.total_digits or (offered.total_digits(line.options) if offered else 0)
    return meter(digits, point.total_decimals) if digits else Meter()
