"""Transactions: the typed content of DATA blocks, each `T L data..` (number, length of the data, data).

The same `T` means one thing from the controller (CD) and another from the pump (DC), so there are two decoders. Numbers
are packed BCD, most significant byte first, and stay integers of the wire's units.
"""

from __future__ import annotations

from dataclasses import field

from pos_client.protocols.dispenser.dart.states import NOZZLE_LAST, CommandCode, Status
from pos_client.protocols.dispenser.errors import LocalProtocolError, RemoteProtocolError
from pos_client.value import dataclass

CD_ALLOWED_NOZZLES, CD_PRESET_VOLUME, CD_PRESET_AMOUNT, CD_PRICES, CD_ASK_TOTALS = 0x02, 0x03, 0x04, 0x05, 0x65
DC_FILLED, DC_NOZZLE_PRICE, DC_ALARM, DC_TOTALS = 0x02, 0x03, 0x05, 0x65
T_ONE = 0x01
"""CD1 command and DC1 status"""
NOZZLE_OUT = 0x10
AMOUNT_TOTAL = 0x10
PRICE_BYTES = 3
PRICE_MAX = 999_999
AMOUNT_MAX = VOLUME_MAX = 99_999_999
_COMMANDS = frozenset(int(code) for code in CommandCode)
_STATUSES = frozenset(int(status) for status in Status)


@dataclass(frozen=True, slots=True)
class Tlv:
    """One transaction as it stands on the wire, meaning not yet looked at."""

    number: int
    data: bytes

    def to_bytes(self) -> bytes:
        """`T L data`."""
        return bytes((self.number, len(self.data))) + self.data


def bcd(value: int, size: int) -> bytes:
    """Packed BCD, right-aligned, zero padded. `LocalProtocolError` when the digits do not fit."""
    if not 0 <= value < 100**size:
        raise LocalProtocolError(f"{value} does not fit {2 * size} digits")
    return bytes.fromhex(f"{value:0{2 * size}d}")


def from_bcd(data: bytes) -> int:
    """The number in packed BCD. `RemoteProtocolError("digits")` when a nibble is no digit."""
    text = data.hex()
    if not text.isdecimal():
        raise RemoteProtocolError("digits", f"{text} is no BCD")
    return int(text)


# ── controller to pump ─────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Command:
    """CD1: `01 01 cc`."""

    code: CommandCode

    def to_tlv(self) -> Tlv:
        """Wire form."""
        return Tlv(T_ONE, bytes((self.code,)))


@dataclass(frozen=True, slots=True)
class AllowedNozzles:
    """CD2: `02 k n1..nk`, nozzles allowed for the next filling."""

    nozzles: tuple[int, ...]

    def to_tlv(self) -> Tlv:
        """Wire form."""
        return Tlv(CD_ALLOWED_NOZZLES, bytes(self.nozzles))


@dataclass(frozen=True, slots=True)
class PresetVolume:
    """CD3: `03 04 vv vv vv vv`."""

    volume: int

    def to_tlv(self) -> Tlv:
        """Wire form."""
        return Tlv(CD_PRESET_VOLUME, bcd(self.volume, 4))


@dataclass(frozen=True, slots=True)
class PresetAmount:
    """CD4: `04 04 aa aa aa aa`."""

    amount: int

    def to_tlv(self) -> Tlv:
        """Wire form."""
        return Tlv(CD_PRESET_AMOUNT, bcd(self.amount, 4))


@dataclass(frozen=True, slots=True)
class Prices:
    """CD5: `05 3k pp pp pp ..`, unit prices of all nozzles in nozzle order."""

    prices: tuple[int, ...]

    def to_tlv(self) -> Tlv:
        """Wire form."""
        return Tlv(CD_PRICES, b"".join(bcd(price, PRICE_BYTES) for price in self.prices))


@dataclass(frozen=True, slots=True)
class AskTotals:
    """CD101: `65 01 nn`; 01..0F asks the volume total of that nozzle, 11..1F its amount total."""

    nozzle: int
    amount: bool = False

    def to_tlv(self) -> Tlv:
        """Wire form."""
        return Tlv(CD_ASK_TOTALS, bytes((self.nozzle | (AMOUNT_TOTAL if self.amount else 0),)))


ControllerTransaction = Command | AllowedNozzles | PresetVolume | PresetAmount | Prices | AskTotals


def from_controller(tlv: Tlv) -> ControllerTransaction | None:
    """What the controller says; None for a transaction nobody documented well enough (acknowledge and ignore).

    Raises `RemoteProtocolError` (`length`, `digits`).
    """
    data = tlv.data
    match tlv.number, len(data):
        case (0x01, 1):
            return Command(CommandCode(data[0])) if data[0] in _COMMANDS else None
        case (0x02, _):
            return AllowedNozzles(tuple(data))
        case (0x03, 4):
            return PresetVolume(from_bcd(data))
        case (0x04, 4):
            return PresetAmount(from_bcd(data))
        case (0x05, size) if size and size % PRICE_BYTES == 0:
            return Prices(tuple(from_bcd(data[at : at + PRICE_BYTES]) for at in range(0, size, PRICE_BYTES)))
        case (0x65, 1) if data[0] & NOZZLE_LAST and data[0] <= AMOUNT_TOTAL | NOZZLE_LAST:
            return AskTotals(data[0] & NOZZLE_LAST, bool(data[0] & AMOUNT_TOTAL))
        case (0x65, 1):
            return None
        case (0x01 | 0x03 | 0x04 | 0x05 | 0x65, size):
            raise RemoteProtocolError("length", f"transaction {tlv.number:02X} with {size} bytes")
    return None


# ── pump to controller ─────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class StatusIs:
    """DC1: `01 01 ss`."""

    status: Status

    def to_tlv(self) -> Tlv:
        """Wire form."""
        return Tlv(T_ONE, bytes((self.status,)))


@dataclass(frozen=True, slots=True)
class Filled:
    """DC2: `02 08`, volume 4 bytes, amount 4 bytes."""

    volume: int
    amount: int

    def to_tlv(self) -> Tlv:
        """Wire form."""
        return Tlv(DC_FILLED, bcd(self.volume, 4) + bcd(self.amount, 4))


@dataclass(frozen=True, slots=True)
class NozzlePrice:
    """DC3: `03 04`, price 3 bytes, NOZIO: bits 0-3 nozzle (0 = none selected), bit 4 = out."""

    price: int
    nozzle: int
    out: bool

    def to_tlv(self) -> Tlv:
        """Wire form."""
        return Tlv(
            DC_NOZZLE_PRICE, bcd(self.price, PRICE_BYTES) + bytes((self.nozzle | (NOZZLE_OUT if self.out else 0),))
        )


@dataclass(frozen=True, slots=True)
class Totals:
    """DC101, layout chosen by `L`.

    `10`: nozzle (or 1n for amounts), total 5 bytes, two further counters of 5 bytes (meter 1; meter 2, zero so far).
    `0D`: nozzle, volume 6 bytes, amount 6 bytes, top byte of each unused (1).  `06`: nozzle, total 5 bytes (1).
    """

    nozzle: int
    total: int
    amount_total: int | None = None
    of_amount: bool = False
    form: int = 0x10
    meters: tuple[int, int] | None = field(default=None, compare=False)
    """the two further counters, where they are numbers"""

    def to_tlv(self) -> Tlv:
        """Wire form."""
        head = bytes((self.nozzle | (AMOUNT_TOTAL if self.of_amount else 0),))
        match self.form:
            case 0x0D:
                unused = bytes(1)
                return Tlv(DC_TOTALS, head + unused + bcd(self.total, 5) + unused + bcd(self.amount_total or 0, 5))
            case 0x06:
                return Tlv(DC_TOTALS, head + bcd(self.total, 5))
            case _:
                first, second = self.meters or (self.total, 0)
                return Tlv(DC_TOTALS, head + bcd(self.total, 5) + bcd(first, 5) + bcd(second, 5))


@dataclass(frozen=True, slots=True)
class AlarmRaised:
    """DC5: `05 01 cc`."""

    code: int

    def to_tlv(self) -> Tlv:
        """Wire form."""
        return Tlv(DC_ALARM, bytes((self.code,)))


PumpTransaction = StatusIs | Filled | NozzlePrice | Totals | AlarmRaised


def from_pump(tlv: Tlv) -> PumpTransaction | None:
    """What the pump says; None for a transaction to be skipped by its length.

    Raises `RemoteProtocolError` (`length`, `digits`, `status`): then nothing of the block may be believed.
    """
    data = tlv.data
    match tlv.number, len(data):
        case (0x01, 1):
            if data[0] not in _STATUSES:
                raise RemoteProtocolError("status", f"{data[0]:02X} is no status")
            return StatusIs(Status(data[0]))
        case (0x02, 8):
            return Filled(from_bcd(data[:4]), from_bcd(data[4:]))
        case (0x03, 4):
            return NozzlePrice(from_bcd(data[:3]), data[3] & NOZZLE_LAST, bool(data[3] & NOZZLE_OUT))
        case (0x65, 0x10 | 0x06 as form):
            of_amount, meters = bool(data[0] & AMOUNT_TOTAL), _meters(data[6:])
            return Totals(data[0] & NOZZLE_LAST, from_bcd(data[1:6]), None, of_amount, form, meters)
        case (0x65, 0x0D):
            return Totals(data[0] & NOZZLE_LAST, from_bcd(data[2:7]), from_bcd(data[8:]), False, 0x0D)
        case (0x05, 1):
            return AlarmRaised(data[0])
        case (0x01 | 0x02 | 0x03 | 0x05 | 0x65, size):
            raise RemoteProtocolError("length", f"transaction {tlv.number:02X} with {size} bytes")
    return None


def _meters(data: bytes) -> tuple[int, int] | None:
    """The two counters behind a total; nothing rests on them, so they may be anything."""
    return (from_bcd(data[:5]), from_bcd(data[5:])) if data and data.hex().isdecimal() else None
