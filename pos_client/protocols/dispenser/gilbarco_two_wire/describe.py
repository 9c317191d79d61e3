"""Wire words for a technician: one plain dictionary a frame (`descriptions.py`), never an exception.

    {"ok": true, "from": "dispenser", "kind": "block", "pump": 5, "block": "transaction", "fields": [...], ...}

`kind`: command, status, block, digits (running money, which has no frame). A word alone does not say who sent it, nor a
block which pump it is of. `sender` tells the one; what stands before tells both: an answer follows its question, a
block of ours its `2p` and `Dp`. Without either, `65` is taken for the state OFF (unless digits follow, which answer the
question for money) and `05` for the poll.
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
from pos_client.protocols.dispenser.gilbarco_two_wire import nozzle_query as q
from pos_client.protocols.dispenser.gilbarco_two_wire import told
from pos_client.protocols.dispenser.gilbarco_two_wire.blocks import running_money
from pos_client.protocols.dispenser.gilbarco_two_wire.formats import BY_SALE
from pos_client.protocols.dispenser.gilbarco_two_wire.states import (
    ANSWER_WORDS_MAX,
    STOP_ALL_WORDS,
    Status,
    Word,
)
from pos_client.protocols.dispenser.gilbarco_two_wire.words import CONTROL_FIRST, DIGIT, Control, pump_of
from pos_client.value import dataclass

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
_RECORD = bytes((q.START, 0xB0, 0xB3))
"""`:03`, with which every answer to function 010 begins."""


@dataclass(frozen=True, slots=True)
class _Before:
    """What stands directly before a frame: a word of the host, or the `Dp` that answers `2p`; and its pump."""

    word: Word | None = None
    pump: int | None = None

    def pump_after(self, word: Word) -> dict[str, int]:
        """The pump of what follows that word; nothing when something else stands before."""
        return {"pump": self.pump} if self.pump is not None and self.word is word else {}


def describe(raw: bytes, sender: str | None = None) -> list[Description]:
    """All frames in `raw`, in order. `sender`: `controller`, `dispenser`, or None for unknown.

    Words that are no frame, and blocks whose content makes no sense, have `ok` false and an `error`.
    """
    found: list[Description] = []
    at, before = 0, _Before()
    while at < len(raw):
        taken, frame = _frame(raw[at:], sender, before)
        found.append(frame | {"bytes": hexadecimal(raw[at : at + taken])})
        before = _after(frame, before)
        at += taken
    return found


def _after(frame: Description, before: _Before) -> _Before:
    """What the next frame has before it."""
    pump = frame.get("pump")
    if frame.get("kind") == "command" and isinstance(pump, int):
        return _Before(Word[str(frame["command"])], pump)
    is_ready = frame.get("state") == Status.SEND_DATA.name and before.word is Word.DATA_NEXT
    return before if is_ready and pump == before.pump else _Before()


def _frame(rest: bytes, sender: str | None, before: _Before) -> tuple[int, Description]:
    """How many words the first frame has, and what it says."""
    first = rest[0]
    if first == Control.START:
        return _block(rest, sender, before)
    if rest.startswith(_RECORD) and sender != CONTROLLER:
        return _record(rest)
    if _is_digit(first):
        return _digits(rest, sender, before)
    if first in STOP_ALL_WORDS.values() and (sender == CONTROLLER or (first == STOP_ALL_WORDS["FC"] and not sender)):
        return 1, about(CONTROLLER, "command", command="STOP_ALL", fields=[], meaning="stop, all pumps")
    if first >= CONTROL_FIRST:
        return 1, damaged("control", "a control word outside a block")
    if sender == DISPENSER or (sender is None and _reads_as_state(rest, before)):
        return 1, _state(first)
    return 1, _command(first)


def _reads_as_state(rest: bytes, before: _Before) -> bool:
    """Whether a word without a known sender is a state: it can be nothing else, or answers the word before it."""
    high = rest[0] & 0xF0
    if high not in _WORDS:
        return True
    if before == _Before(Word.POLL, pump_of(rest[0])):
        return high in (Word.POLL, Word.MONEY)
    return high == Word.MONEY and not (len(rest) > 1 and _is_digit(rest[1]))


def _is_digit(word: int) -> bool:
    return DIGIT <= word < CONTROL_FIRST


def _is_inside(word: int) -> bool:
    """Whether it can stand between the first and the last word of a block."""
    return word >= DIGIT and word not in (Control.START, Control.END, STOP_ALL_WORDS["FC"])


def _run(words: bytes, belongs: Callable[[int], bool]) -> int:
    """How many words there are from the start that belong together."""
    return next((n for n, word in enumerate(words) if not belongs(word)), len(words))


def _command(word: int) -> Description:
    command = _WORDS.get(word & 0xF0)
    if command is None:
        return damaged("command", f"{word:02X} is no word of a host")
    pump = pump_of(word)
    meaning = f"{_COMMANDS[command]} (pump {pump})"
    return about(CONTROLLER, "command", pump=pump, command=command.name, fields=[], meaning=meaning)


def _state(word: int) -> Description:
    state, pump = _STATES.get(word >> 4), pump_of(word)
    if state is None:
        return damaged("status", f"{word:02X} is no status word")
    meaning = f"pump {pump}: {state.name.replace('_', ' ').lower()}"
    fields = [field("status", int(state))]
    return about(DISPENSER, "status", pump=pump, state=state.name, fields=fields, meaning=meaning)


def _digits(rest: bytes, sender: str | None, before: _Before) -> tuple[int, Description]:
    size = _run(rest, _is_digit)
    if sender == CONTROLLER:
        return size, damaged("digits", "a host sends digits in blocks alone")
    if size not in BY_SALE:
        return size, damaged("length", f"{size} digits belong to nothing")
    try:
        money = running_money(rest[:size])
    except RemoteProtocolError as error:
        return size, damaged(error.kind, error.detail)
    pump = before.pump_after(Word.MONEY)
    values = {"money": money, "fields": [field("amount", money)]}
    return size, about(DISPENSER, "digits", **pump, **values, meaning=f"running money {money}")


def _record(rest: bytes) -> tuple[int, Description]:
    size = min(rest.find(q.END) + 1 or len(rest), q.SIZE)
    try:
        return size, _told(DISPENSER, told.read_nozzle_answer(rest[:size]), {})
    except RemoteProtocolError as error:
        return size, damaged(error.kind, error.detail)


def _block(rest: bytes, sender: str | None, before: _Before) -> tuple[int, Description]:
    inside = 1 + _run(rest[1:], _is_inside)
    if inside == len(rest):
        return inside, damaged("incomplete", "no end of block F0 yet")
    if rest[inside] != Control.END:
        return inside, damaged("incomplete", f"{rest[inside]:02X} before the end of this block")
    raw = rest[: inside + 1]
    if len(raw) > ANSWER_WORDS_MAX:
        return len(raw), damaged("length", f"no block has {len(raw)} words")
    error = RemoteProtocolError("content", "no block of any kind")
    for who, after, read in _READERS:
        if sender in (None, who):
            try:
                return len(raw), _told(who, read(raw), before.pump_after(after))
            except RemoteProtocolError as wrong:
                error = wrong if wrong.kind != "content" or error.kind == "content" else error
    return len(raw), damaged(error.kind, error.detail)


def _told(sender: str, block: told.Told, pump: dict[str, int]) -> Description:
    """`pump`: as what stands before says it; what a block says itself goes before that."""
    pump = pump if block.pump is None else {"pump": block.pump}
    return about(sender, "block", **pump, block=block.name, fields=block.fields, meaning=block.meaning)


_READERS = (
    (DISPENSER, Word.TRANSACTION, told.read_sale),
    (DISPENSER, Word.TOTALS, told.read_totals),
    (CONTROLLER, Word.DATA_NEXT, told.read_host_block),
)
