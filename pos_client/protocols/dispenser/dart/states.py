"""DART's codes, timing constants and tables, under the names the specification gives them.

Marks in the comments: C = confirmed by several sources, 1 = one source only, D = sources disagree, R = our choice.
"""

from __future__ import annotations

from enum import Enum, IntEnum, auto

from pos_client.protocols.dispenser.events import HeadState

ADDRESS_FIRST = 0x50
ADDRESS_LAST = 0x6F
"""One address a head; the number in the pump's setup (1..32) + 4Fh."""
NOZZLE_LAST = 15
FRAME_MAX = 256
"""Longest block accepted, bytes (R); see `BLOCK_MAX` for what we send."""
BLOCK_MAX = 60

ANSWER_TIMEOUT_MS = 120
"""To the first byte of an answer (D: 50..120)."""
INTER_BYTE_MS = 15
"""A quiet gap after which an unfinished frame is dropped (1)."""
ADAPTER_LATENCY_MS = 20
"""USB serial adapters hand bytes over in lumps 16 ms apart; added to the quiet gap, or good frames would be cut."""
INTER_FRAME_MS = 35
"""Before a POLL or DATA (D: 35..150)."""
BITS_PER_BYTE = 11
AUTHORISE_TRIES = 3
STOP_TRIES = 5
TOTAL_TRIES = 3
PRICE_TRIES = 3
CLOSE_READS = 6
"""Readings of a figure in which two neighbours must be equal before it counts."""
DRAIN_POLLS = 12
"""Polls spent on emptying the head's queue before a reading that has to be fresh."""
STATE_WAIT_MS = 600
"""How long a head may take to show what an acknowledged command did; it may have to be polled some times (R)."""
PROOF_POLLS = 3
"""Answers to POLLs without the proof, before it counts as missing."""
CHANGE_MS = 1000
"""So long after a change of state a head may still be busy with it, and leave a POLL unanswered."""
POLL_MOVING_MS = 150
"""Poll of a head while filling: 150..300 ms gives 3..6 display updates a second (C)."""
POLL_RESTING_MS = 300
POLL_LOST_MS = 1000
NEVER_MS = 10**12
WRONG_PRICE_MS = 5000
"""How often a head that did not take its prices is looked at again."""
NO_LIMIT_LITRES = 999
"""The volume that means "no limit"; in money it is the most the field holds."""


class Control(IntEnum):
    """High nibble of the control byte; the low nibble is the block number."""

    POLL = 0x20
    DATA = 0x30
    NAK = 0x50
    EOT = 0x70
    ACK = 0xC0
    ACKPOLL = 0xE0


class Status(IntEnum):
    """Status byte of DC1."""

    NOT_PROGRAMMED = 0
    RESET = 1
    AUTHORISED = 2
    FILLING = 4
    COMPLETED = 5
    MAX_REACHED = 6
    SWITCHED_OFF = 7
    SUSPENDED = 8
    SUSPENDED_B = 0x0B
    """8 or B by one source each (D); both mean suspended"""


class CommandCode(IntEnum):
    """Command byte of CD1; those marked 1 are named by one list only."""

    RETURN_STATUS = 0x00
    RETURN_PARAMETERS = 0x02
    """1"""
    RETURN_IDENTITY = 0x03
    """1"""
    RETURN_FILLING_INFO = 0x04
    RESET = 0x05
    AUTHORISE = 0x06
    STOP = 0x08
    SWITCH_OFF = 0x0A
    SUSPEND = 0x0D
    """1"""
    RESUME = 0x0E
    """1"""
    RETURN_PRICES = 0x0F
    """1"""


EMERGENCY_STOP = 0x09
"""The one alarm that is acted upon."""
ALARM_WORDS: dict[int, str] = {
    0x01: "cpu_restart",
    0x03: "ram",
    0x04: "program_memory",
    0x06: "pulser",
    0x07: "pulser_current",
    0x09: "emergency_stop",
    0x0A: "power_failure",
    0x0B: "pressure",
    0x0C: "blend",
    0x0D: "low_leak",
    0x0E: "high_leak",
    0x0F: "hose_leak",
}


class HeadEvent(Enum):
    """What moves a head's state machine."""

    PRICES = auto()
    RESET = auto()
    AUTHORISE = auto()
    ALLOWED_NOZZLE_OUT = auto()
    NOZZLE_IN = auto()
    STOP = auto()
    PRESET_REACHED = auto()
    SWITCH_OFF = auto()
    SUSPEND = auto()
    RESUME = auto()
    UNBIDDEN = auto()
    """the valve opens although nobody authorised (a fault)"""


HEAD_TRANSITIONS: dict[tuple[Status, HeadEvent], Status] = {
    (Status.NOT_PROGRAMMED, HeadEvent.PRICES): Status.COMPLETED,
    (Status.COMPLETED, HeadEvent.RESET): Status.RESET,
    (Status.MAX_REACHED, HeadEvent.RESET): Status.RESET,
    (Status.SWITCHED_OFF, HeadEvent.RESET): Status.RESET,
    (Status.RESET, HeadEvent.RESET): Status.RESET,
    (Status.RESET, HeadEvent.AUTHORISE): Status.AUTHORISED,
    (Status.RESET, HeadEvent.STOP): Status.COMPLETED,
    (Status.AUTHORISED, HeadEvent.ALLOWED_NOZZLE_OUT): Status.FILLING,
    (Status.AUTHORISED, HeadEvent.STOP): Status.COMPLETED,
    (Status.AUTHORISED, HeadEvent.NOZZLE_IN): Status.COMPLETED,
    (Status.FILLING, HeadEvent.NOZZLE_IN): Status.COMPLETED,
    (Status.FILLING, HeadEvent.STOP): Status.COMPLETED,
    (Status.FILLING, HeadEvent.PRESET_REACHED): Status.MAX_REACHED,
    (Status.FILLING, HeadEvent.SUSPEND): Status.SUSPENDED,
    (Status.SUSPENDED, HeadEvent.RESUME): Status.FILLING,
    (Status.SUSPENDED, HeadEvent.STOP): Status.COMPLETED,
    (Status.SUSPENDED, HeadEvent.NOZZLE_IN): Status.COMPLETED,
    **{(status, HeadEvent.UNBIDDEN): Status.FILLING for status in (Status.RESET, Status.COMPLETED)},
    **{(status, HeadEvent.SWITCH_OFF): Status.SWITCHED_OFF for status in Status},
}
"""Section 7, for the device's end. What is absent changes nothing."""


class Delivery(Enum):
    """How far the controller's proof of a delivery has come."""

    NONE = auto()
    ARMED = auto()
    """authorised, nothing seen yet"""
    RUNNING = auto()
    """state filling (or suspended) was seen"""
    ENDED = auto()
    """state completed or maximum after that; to be proved once the nozzle is in"""


_OVER = (Status.COMPLETED, Status.MAX_REACHED)
_FLOWING = (Status.FILLING, Status.SUSPENDED, Status.SUSPENDED_B)

DELIVERY_TRANSITIONS: dict[tuple[Delivery, Status], Delivery] = {
    **{(phase, Status.AUTHORISED): Delivery.ARMED for phase in Delivery},
    **{(phase, flowing): Delivery.RUNNING for phase in Delivery for flowing in _FLOWING},
    **{(phase, over): Delivery.ENDED for phase in Delivery if phase is not Delivery.NONE for over in _OVER},
    (Delivery.RUNNING, Status.SWITCHED_OFF): Delivery.RUNNING,
    (Delivery.ENDED, Status.SWITCHED_OFF): Delivery.ENDED,
}
"""The controller's view of a delivery by the status it reads; what is absent is `NONE`.

Falling to NONE from RUNNING or ENDED means that the figures are gone (power cut, foreign RESET): then nothing is
reported as delivered, and the totals are read instead."""

NEUTRAL: dict[Status, HeadState] = {
    Status.NOT_PROGRAMMED: HeadState.NOT_PROGRAMMED,
    Status.AUTHORISED: HeadState.AUTHORISED,
    Status.SUSPENDED: HeadState.SUSPENDED,
    Status.SUSPENDED_B: HeadState.SUSPENDED,
    Status.SWITCHED_OFF: HeadState.CLOSED,
}
"""Status bytes whose neutral word does not depend on nozzle and volume (those are in `knowledge.py`)."""


def next_number(number: int, after_f: int = 1) -> int:
    """The block number after `number`: after F comes 1, because 0 means "just restarted" (D: some send 0)."""
    return after_f if number == 0x0F else number + 1


def is_repetition(number: int, previous: int | None) -> bool:
    """Whether a block repeats the previous one. Number 0 is always new: there are masters that only send 0."""
    return number != 0 and number == previous


FAULTS = (
    *("ignored_reset", "ignored_prices", "missed_ack", "refused_block", "alarm", "suspended", "unsteady_figures"),
    *("unauthorised", "wrong_address", "second_answer", "collision"),
)
"""What a device can do wrong by itself; what can go wrong on the wire is the transport's business."""
