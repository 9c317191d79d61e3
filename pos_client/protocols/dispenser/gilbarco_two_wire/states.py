"""Two-Wire's codes, timing constants and state tables, under the words of the protocol notes.

Marks in the comments: C = confirmed by several sources, 1 = one source only, D = sources disagree, R = our choice. What
is marked D or 1 and can be told apart from outside is an option (`options.py`).
"""

from __future__ import annotations

from enum import Enum, IntEnum, auto

from pos_client.protocols.dispenser.events import HeadState
from pos_client.protocols.dispenser.gilbarco_two_wire.formats import EIGHT
from pos_client.protocols.dispenser.turns import Urgency

PUMP_FIRST, PUMP_LAST = 1, 16
"""Pump 16 is written as nibble 0 (C5)."""
GRADE_MAX = 6
BAUD_RATE = 5787
BITS_PER_WORD = 11
ANSWER_TIMEOUT_MS = 150
"""To the first word of an answer, beside wire time (D: 68..1000)."""
INTER_FRAME_MS = 5
"""Pause of the host after an answer: at least 5, programs use 10 (C2)."""
INTER_WORD_MS = 40
"""A gap that ends an answer: some words of wire time and the 16 ms in which USB adapters deliver their lumps (R)."""
BLOCK_PAUSE_MS = 20
"""Between `Dp` and the block: 10..50 (C2)."""
AFTER_WORD_MS = 70
"""Between `1p` and the next status poll: at least 68 (C2)."""
ANSWER_WORDS_MAX = EIGHT.totals_words(GRADE_MAX)
"""The longest answer: totals of six grades in the 8-digit format."""
SETTLED_POLLS = 2
"""Polls that have to say the same before a state counts: a status word carries no check (R)."""

AUTHORISE_TRIES = 5
STOP_TRIES = 5
BLOCK_TRIES = 5
READ_TRIES = 5
PRICE_TRIES = 3
CLOSE_READS = 8
"""Readings in which enough neighbours must be equal before figures count as final."""
EQUAL_READS = 2
STRANGE_READS = 4
"""Equal answers in a row that are believed though something is strange about them: totals that no known sale explains
(their answer does not say which pump it is of), a sale under another pump's number (R)."""
QUERY_TRIES = 3
QUERY_ROUNDS = 3
"""So often so many tries without an answer to function 010, until it is not asked any more (R)."""

POLL_MS = {Urgency.MOVING: 100, Urgency.RESTING: 150, Urgency.LOST: 1000}
"""From one turn of a pump to its next, while the line has room: 100..500 in programs (C4)."""
QUERY_PAUSE_MS = 150
"""Between two questions which nozzle is out (R)."""
END_STATE_MS = 30_000
"""A pump that shows an end state for so long waits for its sale to be read, not for its nozzle (R)."""


class Word(IntEnum):
    """High nibble of a command word; the low one names the pump (section 2)."""

    POLL = 0x00
    AUTHORISE = 0x10
    DATA_NEXT = 0x20
    STOP = 0x30
    TRANSACTION = 0x40
    TOTALS = 0x50
    MONEY = 0x60


STOP_ALL_WORDS = {"FC": 0xFC, "F0": 0xF0}


class Status(IntEnum):
    """High nibble of a status word (section 3)."""

    DATA_ERROR = 0x0
    OFF = 0x6
    CALL = 0x7
    AUTH = 0x8
    BUSY = 0x9
    PEOT = 0xA
    FEOT = 0xB
    STOP = 0xC
    SEND_DATA = 0xD


TOLERATED = {0xE: Status.OFF, 0x1: Status.BUSY, 0x3: Status.PEOT, 0xF: Status.STOP}
"""Nibbles one host maps as well (1)."""

RESTING = (Status.OFF, Status.CALL)
ENDED = (Status.PEOT, Status.FEOT)
READABLE = (*RESTING, *ENDED, Status.STOP)
"""Where `4p` and `5p` are answered."""

LEGAL: dict[Word, tuple[Status, ...]] = {
    Word.AUTHORISE: (*RESTING, Status.STOP),
    Word.DATA_NEXT: RESTING,
    Word.TRANSACTION: READABLE,
    Word.TOTALS: READABLE,
    Word.MONEY: (Status.BUSY,),
}
"""States in which a command is obeyed or answered; what is absent always is (1: elsewhere there is silence)."""


class PumpEvent(Enum):
    """What moves a pump's state machine."""

    NOZZLE_OUT = auto()
    NOZZLE_IN = auto()
    AUTHORISE = auto()
    FLOW_ALLOWED = auto()
    """authorised, and an allowed nozzle is out"""
    STOP = auto()
    PRESET_REACHED = auto()
    POLLED = auto()
    """long enough in this state, nozzle in"""


PUMP_TRANSITIONS: dict[tuple[Status, PumpEvent], Status] = {
    (Status.OFF, PumpEvent.NOZZLE_OUT): Status.CALL,
    (Status.CALL, PumpEvent.NOZZLE_IN): Status.OFF,
    (Status.OFF, PumpEvent.AUTHORISE): Status.AUTH,
    (Status.CALL, PumpEvent.AUTHORISE): Status.AUTH,
    (Status.AUTH, PumpEvent.FLOW_ALLOWED): Status.BUSY,
    (Status.AUTH, PumpEvent.STOP): Status.OFF,
    (Status.BUSY, PumpEvent.STOP): Status.STOP,
    (Status.BUSY, PumpEvent.NOZZLE_IN): Status.PEOT,
    (Status.BUSY, PumpEvent.PRESET_REACHED): Status.PEOT,
    (Status.STOP, PumpEvent.AUTHORISE): Status.BUSY,
    (Status.STOP, PumpEvent.NOZZLE_IN): Status.PEOT,
    (Status.PEOT, PumpEvent.POLLED): Status.FEOT,
    (Status.FEOT, PumpEvent.POLLED): Status.OFF,
}
"""Section 6, for the device's end. What is absent changes nothing."""


class Sale(Enum):
    """How far the controller's proof of a sale has come."""

    NONE = auto()
    ARMED = auto()
    """authorised, or said so once: litres may flow"""
    RUNNING = auto()
    ENDED = auto()
    """over, not proved yet"""
    TOLD = auto()
    """proved and told, and the pump still shows an end state"""


SALE_TRANSITIONS: dict[tuple[Sale, Status], Sale] = {
    **{(sale, flowing): Sale.RUNNING for sale in Sale for flowing in (Status.BUSY, Status.STOP)},
    (Sale.NONE, Status.AUTH): Sale.ARMED,
    (Sale.TOLD, Status.AUTH): Sale.ARMED,
    **{(sale, end): Sale.ENDED for sale in Sale if sale is not Sale.TOLD for end in ENDED},
    **{(sale, rest): Sale.ENDED for sale in (Sale.ARMED, Sale.RUNNING, Sale.ENDED) for rest in RESTING},
    **{(Sale.TOLD, rest): Sale.NONE for rest in RESTING},
}
"""The controller's view of a sale by the states it reads twice; what is absent changes nothing.

ARMED and at rest again is ENDED too: both end states, and BUSY itself, can be missed; the totals decide (section 7)."""

NEUTRAL: dict[Status, HeadState] = {
    Status.OFF: HeadState.IDLE,
    Status.CALL: HeadState.CALLING,
    Status.AUTH: HeadState.AUTHORISED,
    Status.PEOT: HeadState.ENDING,
    Status.FEOT: HeadState.ENDING,
    Status.STOP: HeadState.SUSPENDED,
}
"""BUSY is `STARTED` or `DELIVERING`, by the running money."""

FAULTS = ("no_answer", "wrong_pump", "bad_lrc", "cut_short", "refused_block", "unauthorised", "twin")
"""What a pump can do wrong by itself; what can go wrong on the wire is the transport's business.

`unauthorised`: its valve opens when a nozzle is lifted. `twin`: so many answers come from a second pump with the same
number as well, which obeys every word too.
"""
