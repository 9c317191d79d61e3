"""Wire bytes in words, for a technician: one plain dictionary a frame (`descriptions.py`), never an exception.

    {"ok": true, "from": "dispenser", "kind": "data", "address": 84, "block": 5, "fields": [...], ...}

`kind`: poll, data, ack, nak, eot, ackpoll. The same transaction number means one thing from the controller and another
from the pump. Without `sender` a DATA block is read the way that fits; where both fit (`01 01 05` is RESET or
"completed") both are given, and every field names its transaction: CD from the controller, DC from the pump.
"""

from __future__ import annotations

from collections.abc import Callable

from pos_client.protocols.dispenser.dart import words
from pos_client.protocols.dispenser.dart.frames import Ack, AckPoll, Data, Eot, Frame, Nak, Poll
from pos_client.protocols.dispenser.dart.reader import INCOMPLETE, NOISE, Damage, FrameReader, incomplete
from pos_client.protocols.dispenser.dart.transactions import Tlv, from_controller, from_pump
from pos_client.protocols.dispenser.descriptions import (
    CONTROLLER,
    DISPENSER,
    EITHER,
    Description,
    about,
    damaged,
    hexadecimal,
)
from pos_client.protocols.dispenser.errors import RemoteProtocolError

_DC2_SIZE = 8
_Reading = tuple[list[Description], str]
_ERRORS = {
    "crc": "the checksum is wrong",
    "control": "no frame has this shape",
    "address": "no address in 50..6F",
    "length": "a transaction runs over the end of its block",
    NOISE: "no frame begins here",
    INCOMPLETE: "no stop flag FA ends this",
}


def describe(raw: bytes, sender: str | None = None) -> list[Description]:
    """All frames in `raw`, in order. `sender`: `controller`, `dispenser`, or None for unknown.

    Bytes that are no frame, and frames whose content makes no sense, have `ok` false and an `error`.
    """
    reader = FrameReader()
    found: list[Description] = []
    reader.receive(raw)
    while (item := reader.next_frame()) is not None:
        found.append(_damage(item) if isinstance(item, Damage) else _frame(item, sender))
    rest = reader.clear()
    if rest:
        found.append(_damage(incomplete(rest)))
    return found


def _damage(damage: Damage) -> Description:
    where = {} if damage.address is None else {"address": damage.address}
    return damaged(damage.reason, _ERRORS[damage.reason]) | where | {"bytes": hexadecimal(damage.raw)}


def _frame(frame: Frame, sender: str | None) -> Description:
    to = {"address": frame.address}
    match frame:
        case Poll():
            told = about(CONTROLLER, "poll", meaning="anything to say?", **to)
        case Eot():
            told = about(DISPENSER, "eot", meaning="nothing to say", **to)
        case Ack(number=number):
            told = about(sender or EITHER, "ack", block=number, meaning=f"block {number} accepted", **to)
        case Nak(number=number):
            meaning = f"block {number} was damaged or out of order"
            told = about(sender or EITHER, "nak", block=number, meaning=meaning, **to)
        case AckPoll(number=number):
            meaning = f"block {number} accepted; anything more to say?"
            told = about(CONTROLLER, "ackpoll", block=number, meaning=meaning, **to)
        case Data():
            told = _block(frame, sender)
    return told | {"bytes": hexadecimal(frame.to_bytes())}


def _block(block: Data, sender: str | None) -> Description:
    good: dict[str, _Reading] = {}
    error = RemoteProtocolError("content", "an empty block has nothing to say")
    for who in (sender,) if sender in _READERS else _possible_senders(block):
        try:
            good[str(who)] = _read(block, _READERS[str(who)])
        except RemoteProtocolError as wrong:
            error = wrong
    if not good:
        told = damaged(error.kind, error.detail)
        return told | {"kind": "data", "address": block.address, "block": block.number}
    from_one = len(good) == 1
    meaning = " / ".join(words if from_one else f"{who}: {words}" for who, (_, words) in good.items())
    return about(
        next(iter(good)) if from_one else EITHER,
        "data",
        address=block.address,
        block=block.number,
        fields=[field for fields, _ in good.values() for field in fields],
        meaning=meaning,
    )


def _possible_senders(block: Data) -> list[str]:
    """Who can have sent this, judged by the transactions that only one side has."""
    for tlv in block.transactions:
        if tlv.number == 0x04 or (tlv.number == 0x02 and len(tlv.data) != _DC2_SIZE):
            return [CONTROLLER]
        if tlv.number == 0x02 or (tlv.number == 0x05 and len(tlv.data) == 1):
            return [DISPENSER]
        if tlv.number in (0x05, 0x65):
            return [CONTROLLER if tlv.number == 0x05 or len(tlv.data) == 1 else DISPENSER]
    return [CONTROLLER, DISPENSER]


def _read(block: Data, read: Callable[[Tlv], _Reading]) -> _Reading:
    """All fields of a block and a sentence. Raises `RemoteProtocolError`."""
    readings = [read(tlv) for tlv in block.transactions]
    fields = [field for found, _ in readings for field in found]
    return fields, "; ".join(meaning for _, meaning in readings) or "an empty block"


def _read_controller(tlv: Tlv) -> _Reading:
    meant = from_controller(tlv)
    return words.unknown("CD", tlv) if meant is None else words.of_controller(meant)


def _read_pump(tlv: Tlv) -> _Reading:
    meant = from_pump(tlv)
    return words.unknown("DC", tlv) if meant is None else words.of_pump(meant)


_READERS = {CONTROLLER: _read_controller, DISPENSER: _read_pump}
