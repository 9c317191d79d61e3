"""Wire words for a technician: one plain dictionary a frame, errors as dictionaries too, never an exception.

    {"ok": true, "kind": "command|status|block|digits", "pump": 5, "block": "transaction", "fields": [...], ...}

A word alone does not say who sent it: `65` is OFF of pump 5, or the question for its running money. `sender` tells,
or what stands before: an answer follows its question. Else `65` is taken for the state and `05` for the poll.
"""

from __future__ import annotations

from collections.abc import Callable

from pos_client.protocols.dispenser.descriptions import (
    CONTROLLER,
    DISPENSER,
    Description,
    about,
    damaged,
    field,
    hexadecimal,
)
from pos_client.protocols.dispenser.errors import RemoteProtocolError
from pos_client.protocols.dispenser.gilbarco_two_wire import blocks as b
from pos_client.protocols.dispenser.gilbarco_two_wire import nozzle_query as q
from pos_client.protocols.dispenser.gilbarco_two_wire.formats import BY_SALE
from pos_client.protocols.dispenser.gilbarco_two_wire.states import STOP_ALL_WORDS, Status, Word
from pos_client.protocols.dispenser.gilbarco_two_wire.words import CONTROL_FIRST, DIGIT, Control, pump_of

_Fields = list[Description]
_BLOCK_MAX = 260
_COMMANDS = {
    Word.POLL: "how do you stand?",
    Word.AUTHORISE: "authorise",
    Word.DATA_NEXT: "a block for you follows",
    Word.STOP: "stop",
    Word.TRANSACTION: "tell your last sale",
    Word.TOTALS: "tell your totals",
    Word.MONEY: "tell the money of the running sale",
}
_STATES = {int(status): status for status in Status}
_WORDS = {int(word): word for word in Word}


def describe(raw: bytes, sender: str | None = None) -> list[Description]:
    """All frames in `raw`, in order. `sender`: `controller`, `dispenser`, or None for unknown."""
    found: list[Description] = []
    at, asked = 0, 0
    while at < len(raw):
        taken, told = _frame(raw[at:], sender, asked)
        found.append(told | {"bytes": hexadecimal(raw[at : at + taken])})
        asked = raw[at] if taken == 1 and told.get("kind") == "command" else 0
        at += taken
    return found


def _frame(rest: bytes, sender: str | None, asked: int) -> tuple[int, Description]:
    """How many words the first frame has, and what it says."""
    first = rest[0]
    if first == Control.START:
        return _block(rest, sender)
    if first == q.START and (len(rest) >= q.SIZE and rest[q.SIZE - 1] == q.END):
        return _record(rest[: q.SIZE])
    if DIGIT <= first < CONTROL_FIRST:
        return _digits(rest)
    if first == STOP_ALL_WORDS["FC"] and sender != DISPENSER:
        return 1, about(CONTROLLER, "command", meaning="stop, all pumps", command="STOP_ALL")
    if first >= CONTROL_FIRST:
        return 1, damaged("control", "a control word outside a block")
    if sender == DISPENSER or (sender is None and _reads_as_state(first, asked)):
        return 1, _state(first)
    return 1, _command(first)


def _reads_as_state(word: int, asked: int) -> bool:
    """Whether a word without a known sender is a state: it can be nothing else, or answers the word before it."""
    high = word & 0xF0
    if high not in _WORDS:
        return True
    return high == Word.MONEY if not asked else high in (Word.POLL, Word.MONEY) and pump_of(word) == pump_of(asked)


def _command(word: int) -> Description:
    command = _WORDS.get(word & 0xF0)
    if command is None:
        return damaged("command", f"{word:02X} is no word of a host")
    return about(
        CONTROLLER,
        "command",
        pump=pump_of(word),
        command=command.name,
        meaning=f"{_COMMANDS[command]} (pump {pump_of(word)})",
    )


def _state(word: int) -> Description:
    state = _STATES.get(word >> 4)
    if state is None:
        return damaged("status", f"{word:02X} is no status word")
    fields = [field("status", int(state))]
    meaning = f"pump {pump_of(word)}: {state.name.replace('_', ' ').lower()}"
    return about(DISPENSER, "status", pump=pump_of(word), status=state.name, fields=fields, meaning=meaning)


def _digits(rest: bytes) -> tuple[int, Description]:
    size = next((n for n, word in enumerate(rest) if not DIGIT <= word < CONTROL_FIRST), len(rest))
    if size not in BY_SALE:
        return size, damaged("length", f"{size} digits belong to nothing")
    try:
        money = b.running_money(rest[:size])
    except RemoteProtocolError as error:
        return size, damaged(error.kind, error.detail)
    fields = [field("amount", money)]
    return size, about(DISPENSER, "digits", fields=fields, meaning=f"running money {money}")


def _record(raw: bytes) -> tuple[int, Description]:
    try:
        answer = q.nozzle_answer_from(raw)
    except RemoteProtocolError as error:
        return len(raw), damaged(error.kind, error.detail)
    meaning = f"nozzle {answer.hose} is out" if answer.hose else "no nozzle is out"
    fields = [field("nozzle_out", answer.hose), field("details", int(answer.details))]
    told = about(DISPENSER, "block", pump=answer.pump, block="nozzle_answer", fields=fields, meaning=meaning)
    return len(raw), told


def _block(rest: bytes, sender: str | None) -> tuple[int, Description]:
    end = next((n for n, word in enumerate(rest[1:], 1) if word in (Control.END, Control.START) or word < DIGIT), 0)
    if not end or end > _BLOCK_MAX:
        return len(rest), damaged("incomplete", "no end of block F0 yet")
    if rest[end] != Control.END:
        return end, damaged("incomplete", "another frame begins before the end of this block")
    raw = rest[: end + 1]
    error = RemoteProtocolError("content", "no block of any kind")
    for who, name, read in _READERS:
        if sender in (None, who):
            try:
                fields, meaning = read(raw)
            except RemoteProtocolError as wrong:
                error = wrong if wrong.kind != "content" or error.kind == "content" else error
            else:
                return len(raw), about(who, "block", block=name(raw), fields=fields, meaning=meaning)
    return len(raw), damaged(error.kind, error.detail)


def _read_sale(raw: bytes) -> tuple[_Fields, str]:
    sale = b.transaction_from(raw)
    values = {
        "pump": sale.pump,
        "nozzle": sale.grade + 1,
        "level": sale.level,
        "price": sale.price,
        "volume": sale.volume,
        "amount": sale.money,
    }
    meaning = f"sale at nozzle {sale.grade + 1}: price {sale.price}, volume {sale.volume}, amount {sale.money}"
    return _named(values), meaning


def _read_totals(raw: bytes) -> tuple[_Fields, str]:
    fields: _Fields = []
    sentences = []
    for each in b.totals_from(raw).grades:
        nozzle = each.grade + 1
        values = {"total": each.volume, "amount_total": each.money, "price_1": each.price_1, "price_2": each.price_2}
        fields += _named({"nozzle": nozzle} | values)
        sentences.append(f"nozzle {nozzle}: total {each.volume}, amount total {each.money}, price {each.price_1}")
    return fields, "; ".join(sentences)


def _read_host(raw: bytes) -> tuple[_Fields, str]:
    values, meaning = _host_values(b.host_block_from(raw))
    if not b.length_is_right(raw):
        meaning += " (its length word is wrong)"
    return _named(values), meaning


def _host_values(block: b.HostBlock) -> tuple[dict[str, int | None], str]:
    match block:
        case b.SetPrice(level, grade, price, _):
            values: dict[str, int | None] = {"level": level, "nozzle": grade + 1, "price": price}
            return values, f"price {level} of nozzle {grade + 1} = {price}"
        case b.Preset(is_money, value, _, level, grade):
            kind = "amount" if is_money else "volume"
            nozzle = None if grade is None else grade + 1
            where = "" if nozzle is None else f" for nozzle {nozzle}"
            return {"level": level, "nozzle": nozzle, kind: value}, f"preset {kind} {value}{where}"
        case b.ChooseLevel(level):
            return {"level": level}, f"price level {level}"
        case b.SpecialFunction(function):
            return {"function": function}, f"special function {function:03d}"


def _named(values: dict[str, int] | dict[str, int | None]) -> _Fields:
    return [field(name, value) for name, value in values.items() if value is not None]


_HOST_NAMES: dict[type[b.HostBlock], str] = {
    b.SetPrice: "price",
    b.Preset: "preset",
    b.ChooseLevel: "level",
    b.SpecialFunction: "function",
}
_READERS: tuple[tuple[str, Callable[[bytes], str], Callable[[bytes], tuple[_Fields, str]]], ...] = (
    (DISPENSER, lambda raw: "transaction", _read_sale),
    (DISPENSER, lambda raw: "totals", _read_totals),
    (CONTROLLER, lambda raw: _HOST_NAMES[type(b.host_block_from(raw))], _read_host),
)
