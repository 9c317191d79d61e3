"""How to look for Two-Wire: status polls, and the totals of a pump at rest, which are read and nothing more.

A status word is one byte without a check: it names its pump and a state, and noise does that once in thirty bytes. So
polls alone never make sure; the totals, a block with a check word and a fixed order of fields, do.
"""

from __future__ import annotations

from pos_client.protocols.dispenser.errors import RemoteProtocolError
from pos_client.protocols.dispenser.gilbarco_two_wire import nozzle_query as q
from pos_client.protocols.dispenser.gilbarco_two_wire.blocks import host_block_from, totals_from, transaction_from
from pos_client.protocols.dispenser.gilbarco_two_wire.formats import BY_SALE
from pos_client.protocols.dispenser.gilbarco_two_wire.reader import status_of
from pos_client.protocols.dispenser.gilbarco_two_wire.states import BAUD_RATE, Status, Word
from pos_client.protocols.dispenser.gilbarco_two_wire.words import CONTROL_FIRST, DIGIT, Control, nibble, pump_of
from pos_client.protocols.dispenser.probing import Evidence, ProbeSpec, pieces, without_echo

_USUAL_FRAME = 2
"""Words of a question and its answer."""
_BLOCKS = (transaction_from, totals_from, host_block_from)
_NO_ANSWER = (None, Status.DATA_ERROR)
"""The word of DATA ERROR is the poll itself: overheard, it is a master that asks again."""


def _question(address: int) -> bytes:
    return bytes((Word.POLL | nibble(address),))


def _proof(address: int, answer: bytes) -> bytes | None:
    """Totals, only of a pump that said it is off: elsewhere the answer may be silence, and proves nothing."""
    said = without_echo(answer, _question(address))
    at_rest = said == bytes((Status.OFF << 4 | nibble(address),))
    return bytes((Word.TOTALS | nibble(address),)) if at_rest else None


def score(raw: bytes, sent: bytes) -> Evidence:
    """The answer to `sent`, or a whole overheard conversation."""
    return _answer(without_echo(raw, sent), sent[0]) if sent else _conversation(raw)


def _answer(words: bytes, question: int) -> Evidence:
    pump = pump_of(question)
    if question & 0xF0 == Word.TOTALS:
        proved = _is_totals(words)
        return Evidence(proved, proved, 0 if proved else bool(words), (pump,) if proved else ())
    fits = [word for word in words if pump_of(word) == pump and status_of(word) not in (None, Status.SEND_DATA)]
    good = len(fits) == 1
    return Evidence(int(good), 0, len(words) - good, (pump,) if good else ())


def _is_totals(words: bytes) -> int:
    try:
        totals_from(words)
    except RemoteProtocolError:
        return 0
    return 1


def _conversation(words: bytes) -> Evidence:
    """Questions with their answers count, blocks prove; a question nobody answers is no fault, anything else is."""
    found = Evidence()
    rubbish = at = 0
    while at < len(words):
        size, evidence = _turn(words[at:])
        found += evidence
        rubbish += 0 if size else 1
        at += size or 1
    return found + Evidence(damaged=pieces(rubbish, _USUAL_FRAME))


def _turn(rest: bytes) -> tuple[int, Evidence]:
    """How many words the first turn of a conversation has (0: it is none), and what it comes to."""
    first = rest[0]
    if first == Control.START:
        return _block(rest)
    if first == q.START:
        return _record(rest[: q.SIZE])
    if first >> 4 > Word.MONEY >> 4:
        return 0, Evidence()
    pump, asked = pump_of(first), first & 0xF0
    answer = rest[1:]
    if asked in (Word.TRANSACTION, Word.TOTALS) and answer[:1] == bytes((Control.START,)):
        size, evidence = _block(answer)
        return (1 + size, evidence + Evidence(addresses=(pump,))) if size else (1, evidence)
    if asked == Word.MONEY and (digits := _leading_digits(answer)) in BY_SALE:
        return 1 + digits, Evidence(1, 0, 0, (pump,))
    if answer and asked in (Word.POLL, Word.DATA_NEXT) and pump_of(answer[0]) == pump:
        state = status_of(answer[0])
        if state not in _NO_ANSWER and (state is Status.SEND_DATA) == (asked == Word.DATA_NEXT):
            return 2, Evidence(1, 0, 0, (pump,))
    return 1, Evidence()


def _leading_digits(words: bytes) -> int:
    return next((n for n, word in enumerate(words) if not DIGIT <= word < CONTROL_FIRST), len(words))


def _block(rest: bytes) -> tuple[int, Evidence]:
    end = rest.find(Control.END, 1)
    raw = rest[: end + 1]
    for read in _BLOCKS:
        try:
            read(raw)
        except RemoteProtocolError:
            continue
        return len(raw), Evidence(1, 1)
    return 0, Evidence()


def _record(raw: bytes) -> tuple[int, Evidence]:
    try:
        answer = q.nozzle_answer_from(raw)
    except RemoteProtocolError:
        return 0, Evidence()
    return len(raw), Evidence(1, 1, 0, (answer.pump,))


PROBE = ProbeSpec(
    settings=((BAUD_RATE, "E"), (9600, "E"), (4800, "E")),
    question=_question,
    proof=_proof,
    score=score,
    unproved_most=60,
    obeys_unchecked=True,
)
"""5787 by wire; 9600 or 4800 behind a box that buffers. 5760, which one program uses, is the same to a pump."""
