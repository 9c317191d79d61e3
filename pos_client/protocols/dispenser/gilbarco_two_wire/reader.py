"""Finds the answer that is waited for in whatever comes: crumbs, noise before it, words of other pumps.

Only what was asked for is looked for. A status word has no check: that it names the right pump is all that can be asked
of it, so a state counts when it was read twice (`knowledge.py`).
"""

from __future__ import annotations

from collections.abc import Callable

from pos_client.protocols.dispenser.errors import RemoteProtocolError
from pos_client.protocols.dispenser.gilbarco_two_wire import nozzle_query
from pos_client.protocols.dispenser.gilbarco_two_wire.blocks import running_money, totals_from, transaction_from
from pos_client.protocols.dispenser.gilbarco_two_wire.dialogue import Answer, Expect
from pos_client.protocols.dispenser.gilbarco_two_wire.states import TOLERATED, Status
from pos_client.protocols.dispenser.gilbarco_two_wire.words import DIGIT, Control, pump_of

_STATES = {int(status): status for status in Status}


def status_of(word: int, tolerant: bool = False) -> Status | None:
    """The state a status word names; None when it is none. Its pump is another matter."""
    state = _STATES.get(word >> 4)
    return TOLERATED.get(word >> 4) if state is None and tolerant else state


def find(expect: Expect, pump: int, words: bytes, digits: int, tolerant: bool) -> Answer | None:
    """The answer in what has come so far; None while there is none. `digits`: of running money."""
    match expect:
        case Expect.STATUS:
            return _first_status(pump, words, tolerant)
        case Expect.TRANSACTION:
            return _block(words, transaction_from)
        case Expect.TOTALS:
            return _block(words, totals_from)
        case Expect.MONEY:
            return _money(words, digits)
        case Expect.NOZZLE:
            return _nozzle(pump, words)
        case Expect.NOTHING:
            return None


def _first_status(pump: int, words: bytes, tolerant: bool) -> Status | None:
    for word in words:
        state = status_of(word, tolerant)
        if state is not None and pump_of(word) == pump:
            return state
    return None


def _block(words: bytes, parse: Callable[[bytes], Answer]) -> Answer | None:
    """The first stretch from an `FF` to an `F0` that makes sense."""
    for start, word in enumerate(words):
        end = words.find(Control.END, start)
        if word == Control.START and end >= 0:
            try:
                return parse(words[start : end + 1])
            except RemoteProtocolError:
                continue
    return None


def _money(words: bytes, digits: int) -> int | None:
    for start in range(len(words) - digits + 1):
        run = words[start : start + digits]
        if all(DIGIT <= word <= DIGIT + 9 for word in run):
            return running_money(run)
    return None


def _nozzle(pump: int, words: bytes) -> Answer | None:
    for start, word in enumerate(words):
        if word == nozzle_query.START and len(words) - start >= nozzle_query.SIZE:
            try:
                found = nozzle_query.nozzle_answer_from(words[start : start + nozzle_query.SIZE])
            except RemoteProtocolError:
                continue
            if found.pump == pump:
                return found
    return None
