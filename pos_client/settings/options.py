"""Each setting declared once (STYLE 16): the technician's form, the file, the checks and the words follow from here.

Keys are the names in the settings file and in `model.py`; a test holds the two together. Words are in the catalogue
under `option.<section>.<key>.label` and `.help`.
"""

from __future__ import annotations

from enum import StrEnum

from pos_client.domain.keypad import KeypadKind
from pos_client.domain.staff import Role
from pos_client.protocols.dispenser.interface import ProtocolOption
from pos_client.protocols.dispenser.registry import PROTOCOLS
from pos_client.value import dataclass

Value = str | int | bool

OS_SECRETS = "os"
SANDBOX_SECRETS = "sandbox-file"
"""The demo's own secret store, a plain file. A real terminal refuses it."""


SETTINGS_VERSION = 1
"""Of the settings file. Files without one are from before there were versions; what they lack has defaults. A file with
a higher one is refused whole: half of it would be understood, and the other half lost when it is saved."""


class OptionKind(StrEnum):
    """What a value is."""

    TEXT = "text"
    INTEGER = "integer"
    CHOICE = "choice"
    BOOLEAN = "boolean"


class Shape(StrEnum):
    """What a text has to look like."""

    FREE = "free"
    CODE = "code"
    """letters, digits, dash, dot and underscore: it becomes part of identifiers"""
    URL = "url"
    """https; http to this machine alone; empty where the minimum length lets it be"""
    KEY = "key"
    """32 bytes in base64; empty while head office has not given it"""
    PRINTER = "printer"
    """empty, `file:PATH`, `tcp://host:port`, `serial:PORT?baud=19200&flow=rts` or `usb:04b8:0e15`"""
    PORT = "port"
    """a device, or an address `serial_for_url` opens"""
    BANK_BIN = "bank_bin"
    """empty, or the six digits of a bank at NAPAS"""
    ACCOUNT = "account"
    """empty, or 1 to 19 letters and digits"""
    PIN_HASH = "pin_hash"
    """empty, or what `pos-client staff-pin` says"""
    CUSTOMER_ID = "customer_id"
    """nine digits"""
    KEYPAD = "keypad"
    """empty, or a keypad's identity: `usb:046a:0023:SERIAL`, `usb:046a:0023@SOCKET`; of a serial pad its own number"""
    INSTANT = "instant"
    """a date and time with its offset from UTC"""


@dataclass(frozen=True, slots=True)
class Option:
    """One setting. `minimum` and `maximum`: of an integer its value, of a text its length in letters.

    `default` None: it has to be given. `many`: a list of such values, `fewest` to `many` long. `secret`: never leaves
    this machine. `personal`: names a person, and is left out of what support gets.
    """

    key: str
    kind: OptionKind
    default: Value | tuple[Value, ...] | None = None
    minimum: int = 0
    maximum: int = 80
    choices: tuple[Value, ...] = ()
    needs_restart: bool = True
    secret: bool = False
    shape: Shape = Shape.FREE
    many: int = 0
    fewest: int = 1
    personal: bool = False


_TEXT, _INTEGER, _CHOICE, _BOOLEAN = OptionKind.TEXT, OptionKind.INTEGER, OptionKind.CHOICE, OptionKind.BOOLEAN

STATION_OPTIONS = (
    Option("station", _TEXT, "CHXD000", 3, 16, shape=Shape.CODE),
    Option("name", _TEXT, "", 0, 60),
    Option("terminal", _TEXT, "T1", 1, 8, shape=Shape.CODE),
    Option("cashier", _TEXT, "", 0, 60, personal=True),
    Option("price_zone", _TEXT, "", 0, 8, shape=Shape.FREE),
    Option("hotline", _TEXT, "1900 2828", 3, 24),
    Option("training", _BOOLEAN, False),
)

CENTRAL_OPTIONS = (
    Option("url", _TEXT, "http://127.0.0.1:8080", 8, 200, shape=Shape.URL),
    Option("seal_key", _TEXT, "", 0, 44, shape=Shape.KEY),
    Option("permit_key", _TEXT, "", 0, 44, shape=Shape.KEY),
    Option("answer_key", _TEXT, "", 0, 44, shape=Shape.KEY),
    Option("epoch", _INTEGER, 0, 0, 1_000_000),
    Option("connect_timeout_ms", _INTEGER, 3000, 200, 30_000),
    Option("read_timeout_ms", _INTEGER, 8000, 500, 60_000),
    Option("operation_timeout_ms", _INTEGER, 20_000, 1000, 120_000),
)

PRINTER_OPTIONS = (
    Option("target", _TEXT, "", 0, 200, shape=Shape.PRINTER),
    Option("columns", _INTEGER, 42, 24, 64),
    Option("text_mode", _CHOICE, "raster", choices=("raster", "text")),
    Option("profile", _TEXT, "TM-T20II", 1, 40, shape=Shape.CODE),
)

BANK_OPTIONS = (
    Option("bank_bin", _TEXT, "", 0, 6, shape=Shape.BANK_BIN),
    Option("account", _TEXT, "", 0, 19, shape=Shape.ACCOUNT),
    Option("holder", _TEXT, "", 0, 60),
)

LOYALTY_OPTIONS = (
    Option("overrun_tolerance_vnd", _INTEGER, 100, 0, 5000),
    Option("secret_timeout_s", _INTEGER, 60, 15, 300),
    Option("late_claim_h", _INTEGER, 24, 0, 72),
    Option("late_claims_a_day", _INTEGER, 3, 1, 50),
)

RADAR_OPTIONS = (
    Option("often", _INTEGER, 4, 1, 100),
    Option("same_hands", _INTEGER, 12, 1, 500),
    Option("late", _INTEGER, 3, 0, 500),
    Option("late_s", _INTEGER, 120, 0, 3600),
    Option("staff", _INTEGER, 1, 0, 100),
    Option("reprint", _INTEGER, 1, 0, 100),
    Option("not_me", _INTEGER, 5, 0, 500),
    Option("wrong_code", _INTEGER, 8, 0, 500),
    Option("wrong_staff_pin", _INTEGER, 5, 0, 500),
    Option("staff_ids", _TEXT, (), 9, 9, shape=Shape.CUSTOMER_ID, many=60, fewest=0, personal=True),
)

SCREEN_OPTIONS = (
    Option("language", _CHOICE, "vi", choices=("vi", "en"), needs_restart=False),
    Option("theme", _CHOICE, "day", choices=("day", "night")),
    Option("customer_screen", _TEXT, "", 0, 80),
    Option("customer_preview", _BOOLEAN, False),
    Option("full_screen", _BOOLEAN, False),
    Option("kiosk", _BOOLEAN, False),
)

SPEECH_OPTIONS = (
    Option("spoken", _BOOLEAN, False),
    Option("engine", _TEXT, "", 0, 20),
    Option("voice", _TEXT, "", 0, 60),
    Option("volume_percent", _INTEGER, 80, 5, 100),
)

COUNTER_OPTIONS = (
    Option("claim_lease_s", _INTEGER, 180, 30, 3600),
    Option("calling_rises_s", _INTEGER, 20, 5, 600),
    Option("quick_presets", _INTEGER, (50_000, 100_000, 200_000, 500_000), 1000, 99_999_999, many=6),
    Option("tills", _TEXT, (), 1, 8, shape=Shape.CODE, many=16, fewest=0),
)

SCANNER_OPTIONS = (
    Option("port", _TEXT, "", 0, 200, shape=Shape.PORT),
    Option("baud_rate", _INTEGER, 9600, choices=(1200, 2400, 4800, 9600, 19_200, 38_400, 57_600, 115_200)),
    Option("url_keys", _TEXT, ("id", "plxid"), 1, 20, shape=Shape.CODE, many=8, fewest=0),
    Option("token_prefixes", _TEXT, ("PLX:",), 1, 20, many=8, fewest=0),
)

KEYPAD_OPTIONS = (
    Option("kind", _CHOICE, KeypadKind.SCREEN.value, choices=tuple(kind.value for kind in KeypadKind)),
    Option("identity", _TEXT, "", 0, 160, shape=Shape.KEYPAD),
    Option("port", _TEXT, "", 0, 200, shape=Shape.PORT),
    Option("shuffled", _BOOLEAN, False),
)

STAFF_OPTIONS = (
    Option("number", _INTEGER, None, 1, 99),
    Option("name", _TEXT, None, 1, 60, personal=True),
    Option("role", _CHOICE, Role.CASHIER.value, choices=tuple(role.value for role in Role)),
    Option("pin", _TEXT, "", 0, 120, secret=True, shape=Shape.PIN_HASH),
)

BOOKS_OPTIONS = (Option("mirror_folder", _TEXT, "", 0, 200),)

UPDATE_OPTIONS = (
    Option("url", _TEXT, "", 0, 200, shape=Shape.URL),
    Option("release_key", _TEXT, "", 0, 44, shape=Shape.KEY),
)

GRADE_OPTIONS = (
    Option("code", _TEXT, None, 1, 20, shape=Shape.CODE),
    Option("name", _TEXT, None, 1, 40),
    Option("unit_price", _INTEGER, None, 1000, 200_000),
    Option("earns", _BOOLEAN, True),
)

PRICE_OPTIONS = (
    Option("grade", _TEXT, None, 1, 20, shape=Shape.CODE),
    Option("unit_price", _INTEGER, None, 1000, 200_000),
    Option("effective_from", _TEXT, None, 16, 40, shape=Shape.INSTANT),
)

LINE_OPTIONS = (
    Option("name", _TEXT, None, 1, 24, shape=Shape.CODE),
    Option("protocol", _CHOICE, None, choices=tuple(PROTOCOLS)),
    Option("port", _TEXT, None, 1, 200, shape=Shape.PORT),
    Option("baud_rate", _INTEGER, 9600, choices=(1200, 2400, 4800, 5760, 5787, 9600, 19_200, 38_400, 57_600, 115_200)),
    Option("parity", _CHOICE, "O", choices=("N", "E", "O")),
    Option("answer_timeout_ms", _INTEGER, 120, 10, 5000),
    Option("inter_frame_ms", _INTEGER, 35, 0, 1000),
    Option("misses_until_offline", _INTEGER, 5, 1, 100),
    Option("echo", _BOOLEAN, False),
    Option("options", _TEXT, "", 0, 400),
    Option("identity", _TEXT, "", 0, 120),
)

POINT_OPTIONS = (
    Option("point", _INTEGER, None, 1, 99),
    Option("address", _INTEGER, None, 0, 255),
    Option("nozzles", _TEXT, None, 1, 20, shape=Shape.CODE, many=15),
    Option("volume_decimals", _INTEGER, 2, 0, 4),
    Option("amount_decimals", _INTEGER, 0, -3, 4),
    Option("price_decimals", _INTEGER, 0, -3, 4),
    Option("total_decimals", _INTEGER, 2, 0, 4),
    Option("total_digits", _INTEGER, 0, 0, 12),
)

SECRET_OPTIONS = (Option("secrets_backend", _CHOICE, OS_SECRETS, choices=(OS_SECRETS, SANDBOX_SECRETS)),)
"""At the top of the file, in no table."""

SECTIONS: dict[str, tuple[Option, ...]] = {
    "station": STATION_OPTIONS,
    "central": CENTRAL_OPTIONS,
    "printer": PRINTER_OPTIONS,
    "bank": BANK_OPTIONS,
    "loyalty": LOYALTY_OPTIONS,
    "radar": RADAR_OPTIONS,
    "screen": SCREEN_OPTIONS,
    "speech": SPEECH_OPTIONS,
    "secrets": SECRET_OPTIONS,
    "counter": COUNTER_OPTIONS,
    "scanner": SCANNER_OPTIONS,
    "keypad": KEYPAD_OPTIONS,
    "books": BOOKS_OPTIONS,
    "updates": UPDATE_OPTIONS,
    "staff": STAFF_OPTIONS,
    "grades": GRADE_OPTIONS,
    "prices": PRICE_OPTIONS,
    "lines": LINE_OPTIONS,
    "points": POINT_OPTIONS,
}
"""Section, as the words name it -> its options, in the order of the form."""

ADDRESSES: dict[str, tuple[int, int]] = {offered.name: offered.addresses for offered in PROTOCOLS.values()}
"""Protocol -> the addresses a fuelling point may have on its line."""

LINE_DEFAULTS: dict[str, dict[str, Value]] = {
    offered.name: {
        "baud_rate": offered.baud_rate,
        "parity": offered.parity,
        "answer_timeout_ms": offered.answer_timeout_ms,
        "inter_frame_ms": offered.inter_frame_ms,
    }
    for offered in PROTOCOLS.values()
}
"""Protocol -> what a line of it is set to where nobody says otherwise; before the defaults of `LINE_OPTIONS`."""

SWITCH = ("on", "off")
"""How a protocol's option says yes and no in the text of a line's `options`."""


def _of_protocol(offered: ProtocolOption) -> Option:
    if set(offered.choices) == set(SWITCH):
        return Option(offered.name, _BOOLEAN, offered.default == SWITCH[0])
    if offered.choices:
        return Option(offered.name, _CHOICE, offered.default, choices=offered.choices)
    return Option(offered.name, _INTEGER, int(offered.default), offered.minimum, offered.maximum)


PROTOCOL_OPTIONS: dict[str, tuple[Option, ...]] = {
    offered.name: tuple(_of_protocol(each) for each in offered.options) for offered in PROTOCOLS.values()
}
"""Protocol -> its own options, as fields of a line's form; in a file they are the line's `options` (`line_options.py`).

Their words are under `option.<protocol>.<key>`."""
