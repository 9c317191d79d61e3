"""Transactions in words and as named whole numbers, for `describe.py`."""

from __future__ import annotations

from functools import partial

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
)
from pos_client.protocols.dispenser.descriptions import Description, field, hexadecimal

Reading = tuple[list[Description], str]
_ONE_LIST_ONLY = {
    ("CD", 0x07): "output",
    ("CD", 0x09): "parameters",
    ("CD", 0x0D): "filling type",
    ("CD", 0x0E): "suspend nozzle",
    ("CD", 0x0F): "resume nozzle",
    ("DC", 0x07): "parameters",
    ("DC", 0x09): "identity",
    ("DC", 0x0E): "suspended",
    ("DC", 0x0F): "resumed",
}
"""Transactions of which nothing but a name is known."""


def unknown(side: str, tlv: Tlv) -> Reading:
    """A transaction that is skipped by its length. `side`: CD or DC."""
    name = _ONE_LIST_ONLY.get((side, tlv.number), "not known")
    content = field("data", int.from_bytes(tlv.data, "big"), hex=hexadecimal(tlv.data))
    return [content | {"transaction": f"{side}{tlv.number}"}], f"transaction {tlv.number:02X}, {name}"


def of_controller(meant: ControllerTransaction) -> Reading:
    """What the controller says."""
    match meant:
        case Command(code):
            word = _plain(code.name)
            return [_cd(1)("command", int(code), word=word)], word
        case AllowedNozzles(nozzles):
            fields = [_cd(2)("allowed_nozzle", nozzle) for nozzle in nozzles]
            return fields, f"allowed nozzles {', '.join(map(str, nozzles)) or 'none'}"
        case PresetVolume(volume):
            return [_cd(3)("preset_volume", volume)], f"preset volume {volume}"
        case PresetAmount(amount):
            return [_cd(4)("preset_amount", amount)], f"preset amount {amount}"
        case Prices(prices):
            numbered = list(enumerate(prices, start=1))
            fields = [_cd(5)("price", price, nozzle=nozzle) for nozzle, price in numbered]
            return fields, "prices " + ", ".join(f"nozzle {nozzle} = {price}" for nozzle, price in numbered)
        case AskTotals(nozzle, of_amount):
            what = "amount" if of_amount else "volume"
            return [_cd(101)("nozzle", nozzle, asked=what)], f"ask {what} total of nozzle {nozzle}"


def of_pump(meant: PumpTransaction) -> Reading:
    """What the pump says."""
    match meant:
        case StatusIs(status):
            word = _plain(status.name)
            return [_dc(1)("status", int(status), word=word)], f"state {int(status)}, {word}"
        case Filled(volume, amount):
            fields = [_dc(2)("volume", volume), _dc(2)("amount", amount)]
            return fields, f"filled volume {volume}, amount {amount}"
        case NozzlePrice(price, nozzle, out):
            where = f"nozzle {nozzle} {'out' if out else 'in'}" if nozzle else "no nozzle selected"
            fields = [_dc(3)("price", price), _dc(3)("nozzle", nozzle), _dc(3)("nozzle_out", int(out))]
            return fields, f"price {price}, {where}"
        case Totals():
            return _totals(meant)
        case AlarmRaised(code):
            word = ALARM_WORDS.get(code, f"code_{code:02X}")
            return [_dc(5)("alarm", code, word=word)], f"alarm {word}"


def _totals(meant: Totals) -> Reading:
    named = partial(_dc(101), nozzle=meant.nozzle)
    name, words = ("total_amount", "total amount") if meant.of_amount else ("total", "total")
    fields, meaning = [named(name, meant.total)], f"{words} {meant.total} of nozzle {meant.nozzle}"
    if meant.amount_total is not None:
        fields.append(named("total_amount", meant.amount_total))
        meaning += f", total amount {meant.amount_total}"
    if meant.meters is not None:
        fields += [named(f"meter_{n}", count) for n, count in enumerate(meant.meters, start=1)]
    return fields, meaning


def _cd(number: int) -> partial[Description]:
    return partial(field, transaction=f"CD{number}")


def _dc(number: int) -> partial[Description]:
    return partial(field, transaction=f"DC{number}")


def _plain(name: str) -> str:
    return name.replace("_", " ").lower()
