"""Named faults of a dispenser line: what goes wrong on the wire here, what a device does wrong by itself is passed on.

| name | what happens |
|---|---|
| `lost_answer` | an answer never arrives |
| `bad_crc` | a block arrives with one wrong bit in its checksum |
| `noise` | one or two stray bytes come before an answer |
| `late_answer` | an answer comes when nobody waits for it any more |
"""

from __future__ import annotations

from dataclasses import field
from random import Random

from pos_client.protocols.dispenser.interface import Answer
from pos_client.value import dataclass

WIRE_FAULTS = ("lost_answer", "bad_crc", "noise", "late_answer")
FOREVER = 0
"""`times` of a fault that stays until it is switched off."""
LATE_MS = 400
_SHORT_FRAME = 3
_CRC_AT = -4


@dataclass(slots=True)
class _Armed:
    name: str
    left: int
    address: int | None


@dataclass(slots=True)
class WireFaults:
    """Faults that are switched on. `address` None: any head of the line."""

    _armed: list[_Armed] = field(default_factory=list)

    def switch_on(self, name: str, times: int, address: int | None) -> None:
        """Let it go wrong the next `times` times (`FOREVER`: until switched off)."""
        self._armed.append(_Armed(name, times, address))

    def clear(self) -> None:
        """Everything works again."""
        self._armed.clear()

    def afflict(self, answer: Answer, dice: Random) -> tuple[bytes, int]:
        """What becomes of an answer: the bytes that travel (none: lost) and how much later they do, ms."""
        raw, later = answer.raw, 0
        for fault in list(self._armed):
            if fault.address not in (None, answer.address):
                continue
            match fault.name:
                case "lost_answer":
                    raw = b""
                case "bad_crc" if len(raw) > _SHORT_FRAME:
                    raw = raw[:_CRC_AT] + bytes((raw[_CRC_AT] ^ 0x01,)) + raw[_CRC_AT + 1 :]
                case "noise" if raw:
                    raw = bytes(dice.randrange(0x98, 0xFA) for _ in range(dice.randint(1, 2))) + raw
                case "late_answer":
                    later = LATE_MS
                case _:
                    continue
            if fault.left == 1:
                self._armed.remove(fault)
            elif fault.left > 1:
                fault.left -= 1
        return raw, later
