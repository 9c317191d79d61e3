"""The answer to special function 010, "which nozzle is out" (section 5.4): a hexadecimal record with bit 7 set.

| index | character | |
|---|---|---|
| 0 | `:` | |
| 1-2 | `03` | payload bytes |
| 3 | hex digit | pump |
| 4-6, 7-8 | `010`, `00` | function |
| 9 | 0, 1, 2 | decimals of the volume totals (1); 1: their second decimals are in 10-13, by hose |
| 10-13 | | 12: nozzle in / out, when index 9 is not 1 (1) |
| 14 | digit | hose that is out, 0 = none |
| 15-16 | hex pair | two's complement of the sum of the seven bytes before |
| 17-18 | CR LF | |
"""

from __future__ import annotations

from pos_client.protocols.dispenser.errors import RemoteProtocolError
from pos_client.protocols.dispenser.gilbarco_two_wire.states import PUMP_LAST
from pos_client.protocols.dispenser.gilbarco_two_wire.words import nibble
from pos_client.value import dataclass

BIT_7 = 0x80
START, END = 0xBA, 0x8A
SIZE = 19
TOTAL_DECIMALS = {"0": 1, "1": 1, "2": 2}
"""What index 9 says of the volumes in the totals answer."""
_PAIRS_AT, _PUMP_AT, _DETAILS_AT, _HOSE_AT, _CHECK_AT, _END_AT = 1, 3, 9, 14, 15, 17
_HEX = frozenset("0123456789ABCDEF")


@dataclass(frozen=True, slots=True)
class NozzleAnswer:
    """Which hose of a pump is out (0: none). `details`: index 9 to 13 as they stand."""

    pump: int
    hose: int
    details: str = "20000"

    def to_bytes(self) -> bytes:
        """Wire form."""
        text = f"03{nibble(self.pump):X}01000{self.details}{self.hose:X}"
        record = f":{text}{_check(text):02X}\r\n"
        return bytes(ord(character) | BIT_7 for character in record)


def nozzle_answer_from(raw: bytes) -> NozzleAnswer:
    """Raises `RemoteProtocolError`: `length`, `control`, `lrc`, `digits`."""
    if len(raw) != SIZE:
        raise RemoteProtocolError("length", f"{len(raw)} words of function 010")
    if any(word < BIT_7 for word in raw):
        raise RemoteProtocolError("control", "a character without bit 7")
    text = bytes(word & ~BIT_7 for word in raw).decode("ascii")
    if text[0] != ":" or text[-2:] != "\r\n" or text[4:9] != "01000" or text[1:3] != "03":
        raise RemoteProtocolError("control", "no record of function 010")
    if not set(text[_PAIRS_AT:_END_AT]) <= _HEX or not text[_HOSE_AT].isdigit():
        raise RemoteProtocolError("digits", f"{text[:-2]} is not hexadecimal")
    said, right = int(text[_CHECK_AT:_END_AT], 16), _check(text[_PAIRS_AT:_CHECK_AT])
    if said != right:
        raise RemoteProtocolError("lrc", f"check {said:02X}, {right:02X} is right")
    return NozzleAnswer(int(text[_PUMP_AT], 16) or PUMP_LAST, int(text[_HOSE_AT]), text[_DETAILS_AT:_HOSE_AT])


def _check(text: str) -> int:
    return -sum(bytes.fromhex(text)) % 256
