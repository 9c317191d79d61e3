"""DART frames: two shapes, no start flag, no total length.

    short   ADR CTRL FA                                          POLL, EOT, ACK, NAK, ACKPOLL
    long    ADR CTRL  T1 L1 data1 [T2 L2 data2 ..]  CRClo CRChi  03 FA     DATA

`FA` ends a frame, `03` stands before it in a long one. `FA` inside data or CRC travels as `10 FA`; nothing else is
escaped (a data byte `10` is not doubled). The CRC (CRC-16/ARC) runs over ADR, CTRL and data before stuffing. The low
nibble of CTRL is the block number.
"""

from __future__ import annotations

from pos_client.protocols.dispenser.checksums import crc16_arc
from pos_client.protocols.dispenser.dart.states import ADDRESS_FIRST, ADDRESS_LAST, Control
from pos_client.protocols.dispenser.dart.transactions import Tlv
from pos_client.protocols.dispenser.errors import LocalProtocolError, RemoteProtocolError
from pos_client.value import dataclass

STOP = 0xFA
ESCAPE = 0x10
ETX = 0x03
_STUFFED = bytes((ESCAPE, STOP))
_PLAIN = bytes((STOP,))
_END = bytes((ETX, STOP))
_SHORT_SIZE = 3
_LONG_SIZE_MIN = 6


def _short(address: int, control: int) -> bytes:
    return bytes((_checked(address), control, STOP))


def _checked(address: int) -> int:
    if not ADDRESS_FIRST <= address <= ADDRESS_LAST:
        raise LocalProtocolError(f"address {address:02X}h is outside 50h..6Fh")
    return address


@dataclass(frozen=True, slots=True)
class Poll:
    """`ADR 20 FA`: anything to say?"""

    address: int

    def to_bytes(self) -> bytes:
        """Wire form."""
        return _short(self.address, Control.POLL)


@dataclass(frozen=True, slots=True)
class Eot:
    """`ADR 7n FA`: nothing to say. n was 0 in every recording and means nothing."""

    address: int
    number: int = 0

    def to_bytes(self) -> bytes:
        """Wire form."""
        return _short(self.address, Control.EOT | self.number)


@dataclass(frozen=True, slots=True)
class Ack:
    """`ADR Cn FA`: block n accepted."""

    address: int
    number: int

    def to_bytes(self) -> bytes:
        """Wire form."""
        return _short(self.address, Control.ACK | self.number)


@dataclass(frozen=True, slots=True)
class Nak:
    """`ADR 5n FA`: block n was damaged or out of order."""

    address: int
    number: int

    def to_bytes(self) -> bytes:
        """Wire form."""
        return _short(self.address, Control.NAK | self.number)


@dataclass(frozen=True, slots=True)
class AckPoll:
    """`ADR En FA`: ACK of block n and POLL in one. One source; the simulator takes it, we do not send it."""

    address: int
    number: int

    def to_bytes(self) -> bytes:
        """Wire form."""
        return _short(self.address, Control.ACKPOLL | self.number)


@dataclass(frozen=True, slots=True)
class Data:
    """`ADR 3n T L data .. CRClo CRChi 03 FA`: block n with its transactions, meaning not yet looked at."""

    address: int
    number: int
    transactions: tuple[Tlv, ...]

    def to_bytes(self) -> bytes:
        """Wire form, with CRC and stuffing."""
        head = bytes((_checked(self.address), Control.DATA | self.number))
        content = head + b"".join(tlv.to_bytes() for tlv in self.transactions)
        sealed = content + crc16_arc(content).to_bytes(2, "little")
        return sealed.replace(_PLAIN, _STUFFED) + _END


Frame = Poll | Eot | Ack | Nak | AckPoll | Data


def from_bytes(raw: bytes) -> Frame:
    """The frame that exactly these bytes are, stop flag included.

    Raises `RemoteProtocolError`: `address`, `control` (no frame of either shape), `crc`, `length` (a transaction that
    runs over the end of its block).
    """
    if len(raw) < _SHORT_SIZE or raw[-1] != STOP:
        raise RemoteProtocolError("control", "no frame is that short")
    address, control = raw[0], raw[1]
    if not ADDRESS_FIRST <= address <= ADDRESS_LAST:
        raise RemoteProtocolError("address", f"{address:02X} is no address")
    if control & 0xF0 == Control.DATA:
        return _long(raw)
    if len(raw) != _SHORT_SIZE:
        raise RemoteProtocolError("control", f"control byte {control:02X} in a long frame")
    number = control & 0x0F
    match control & 0xF0:
        case Control.POLL if number == 0:
            return Poll(address)
        case Control.EOT:
            return Eot(address, number)
        case Control.ACK:
            return Ack(address, number)
        case Control.NAK:
            return Nak(address, number)
        case Control.ACKPOLL:
            return AckPoll(address, number)
    raise RemoteProtocolError("control", f"control byte {control:02X} is unknown")


def _long(raw: bytes) -> Data:
    if not raw.endswith(_END):
        raise RemoteProtocolError("control", "no end of text before the stop flag")
    sealed = raw[:-2].replace(_STUFFED, _PLAIN)
    if len(sealed) + 2 < _LONG_SIZE_MIN or crc16_arc(sealed) != 0:
        raise RemoteProtocolError("crc", f"checksum of {sealed.hex(' ')}")
    return Data(sealed[0], sealed[1] & 0x0F, _walk(sealed[2:-2]))


def _walk(content: bytes) -> tuple[Tlv, ...]:
    """Transactions from left to right until the content is used up."""
    found: list[Tlv] = []
    at = 0
    while at < len(content):
        end = at + 2 + content[at + 1] if at + 1 < len(content) else len(content) + 1
        if end > len(content):
            raise RemoteProtocolError("length", f"transaction {content[at]:02X} runs over the end of its block")
        found.append(Tlv(content[at], content[at + 2 : end]))
        at = end
    return tuple(found)
