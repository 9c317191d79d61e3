"""Wire bytes in words, for a technician: one plain dictionary a frame, errors as dictionaries too, never an exception.

The same transaction number means one thing from the controller and another from the pump. Without `sender` a DATA block
is read the way that fits; where both fit (`01 01 05` is RESET or "completed") both meanings are given.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pos_client.protocols.dispenser.dart.frames import Ack, AckPoll, Data, Eot, Frame, Nak, Poll
from pos_client.protocols.dispenser.dart.reader import Damage, FrameReader
from pos_client.protocols.dispenser.dart.states import ALARM_WORDS
from pos_client.protocols.dispenser.dart.transactions import (
    AlarmRaised,
    AllowedNozzles,
    AskTotals,
    Command,
    ControllerTransaction,
    Filled,
    NozzlePrice,
    PresetAmount,
    PresetVolume,
    Prices,
    PumpTransaction,
    StatusIs,
    Tlv,
    Totals,
    from_controller,
    from_pump,
)
from pos_client.protocols.dispenser.errors import RemoteProtocolError

CONTROLLER, DISPENSER = "controller", "dispenser"
_DC2_SIZE = 8
Description = dict[str, object]
_Transaction = ControllerTransaction | PumpTransaction
_Decoder = Callable[[Tlv], _Transaction | None]
_DECODERS: dict[str, _Decoder] = {CONTROLLER: from_controller, DISPENSER: from_pump}
_ERRORS = {
    "crc": "the checksum is wrong",
    "control": "no frame has this shape",
    "address": "no address in 50..6F",
    "length": "a transaction runs over the end of its block",
    "noise": "no frame begins here",
}


def describe(raw: bytes, sender: str | None = None) -> list[Description]:
    """All frames in `raw`, in order. `sender`: `controller`, `dispenser`, or None for unknown.

    A dictionary with the key `error` stands for bytes that are no frame (or a frame whose content makes no sense).
    """
    reader = FrameReader()
    found: list[Description] = []
    reader.receive(raw)
    while (item := reader.next_frame()) is not None:
        found.append(_error(item.raw, item.reason) if isinstance(item, Damage) else _frame(item, sender))
    rest = reader.clear()
    if rest:
        found.append({"error": "incomplete", "detail": "no stop flag FA yet", "bytes": _hex(rest)})
    return found


def _hex(raw: bytes) -> str:
    return raw.hex(" ").upper()


def _error(raw: bytes, kind: str) -> Description:
    return {"error": kind, "detail": _ERRORS.get(kind, kind), "bytes": _hex(raw)}


def _frame(frame: Frame, sender: str | None) -> Description:
    about: Description = {"bytes": _hex(frame.to_bytes()), "address": frame.address}
    match frame:
        case Poll():
            return about | {"from": CONTROLLER, "kind": "poll", "meaning": "anything to say?"}
        case Eot():
            return about | {"from": DISPENSER, "kind": "eot", "meaning": "nothing to say"}
        case Ack(number=number):
            return about | _both_ways(sender, "ack", number, f"block {number} accepted")
        case Nak(number=number):
            return about | _both_ways(sender, "nak", number, f"block {number} was damaged or out of order")
        case AckPoll(number=number):
            meaning = f"block {number} accepted; anything more to say?"
            return about | {"from": CONTROLLER, "kind": "ackpoll", "number": number, "meaning": meaning}
        case Data():
            return about | _block(frame, sender)


def _both_ways(sender: str | None, kind: str, number: int, meaning: str) -> Description:
    return {"from": sender or "either", "kind": kind, "number": number, "meaning": meaning}


def _block(block: Data, sender: str | None) -> Description:
    senders = [sender] if sender in _DECODERS else _possible_senders(block)
    readings = [(who, _read(block, _DECODERS[who])) for who in senders if who is not None]
    good = [(who, reading) for who, reading in readings if isinstance(reading, list)] or readings
    about: Description = {"from": good[0][0] if len(good) == 1 else "either", "kind": "data", "number": block.number}
    if len(good) > 1:
        return about | {"meaning": " / ".join(f"{who}: {_sentence(reading)}" for who, reading in good)}
    reading = good[0][1]
    if isinstance(reading, RemoteProtocolError):
        return about | {"error": reading.kind, "detail": reading.detail}
    return about | {"transactions": reading, "meaning": _sentence(reading)}


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


def _sentence(reading: Sequence[Description] | RemoteProtocolError) -> str:
    if isinstance(reading, RemoteProtocolError):
        return reading.detail
    return "; ".join(str(entry["meaning"]) for entry in reading) or "an empty block"


def _read(block: Data, decode: _Decoder) -> list[Description] | RemoteProtocolError:
    try:
        return [_transaction(tlv, decode(tlv)) for tlv in block.transactions]
    except RemoteProtocolError as error:
        return error


def _transaction(tlv: Tlv, meant: _Transaction | None) -> Description:
    about: Description = {"number": f"{tlv.number:02X}", "data": _hex(tlv.data)}
    if meant is None:
        return about | {"meaning": f"transaction {tlv.number:02X}, not known"}
    return about | _words(meant)


def _words(meant: _Transaction) -> Description:
    """Name, fields and a sentence of one transaction."""
    match meant:
        case Command(code):
            return {"name": "CD1", "command": code.name, "meaning": code.name.replace("_", " ").lower()}
        case AllowedNozzles(nozzles):
            names = ", ".join(map(str, nozzles))
            return {"name": "CD2", "nozzles": list(nozzles), "meaning": f"allowed nozzles {names}"}
        case PresetVolume(volume):
            return {"name": "CD3", "volume": volume, "meaning": f"preset volume {volume}"}
        case PresetAmount(amount):
            return {"name": "CD4", "amount": amount, "meaning": f"preset amount {amount}"}
        case Prices(prices):
            names = ", ".join(f"nozzle {n} = {price}" for n, price in enumerate(prices, start=1))
            return {"name": "CD5", "prices": list(prices), "meaning": f"prices {names}"}
        case AskTotals(nozzle, of_amount):
            what = "amount" if of_amount else "volume"
            return {"name": "CD101", "nozzle": nozzle, "meaning": f"ask {what} total of nozzle {nozzle}"}
        case StatusIs(status):
            word = status.name.replace("_", " ").lower()
            return {"name": "DC1", "status": int(status), "meaning": f"state {int(status)}, {word}"}
        case Filled(volume, amount):
            meaning = f"filled volume {volume}, amount {amount}"
            return {"name": "DC2", "volume": volume, "amount": amount, "meaning": meaning}
        case NozzlePrice(price, nozzle, out):
            where = f"nozzle {nozzle} {'out' if out else 'in'}" if nozzle else "no nozzle selected"
            meaning = f"price {price}, {where}"
            return {"name": "DC3", "price": price, "nozzle": nozzle, "out": out, "meaning": meaning}
        case Totals(nozzle, total, amount_total, of_amount, _):
            kind = "amount total" if of_amount else "total"
            meaning = f"{kind} {total} of nozzle {nozzle}"
            if amount_total is None:
                return {"name": "DC101", "nozzle": nozzle, "total": total, "meaning": meaning}
            meaning += f", amount total {amount_total}"
            return {"name": "DC101", "nozzle": nozzle, "total": total, "amount_total": amount_total, "meaning": meaning}
        case AlarmRaised(code):
            word = ALARM_WORDS.get(code, f"code {code:02X}")
            return {"name": "DC5", "alarm": code, "meaning": f"alarm {word}"}
