"""What sources disagree about, or only one source says, as options with the defaults the protocol notes name; see
`options_text.py` for how they are written.

Parity, speed, echo, the answer time-out, the pause before a POLL or block, and how many misses make a head lost are
settings of every line (`LineSetup`); decimals are settings of a head. Marks: C several sources, 1 one, D they disagree.
"""

from __future__ import annotations

from pos_client.protocols.dispenser.dart.states import INTER_BYTE_MS
from pos_client.protocols.dispenser.options_text import number, one_of, switch
from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class LineOptions:
    """Our end."""

    wrap: int = number(1, 0, 1)
    """the number of our block after F (D); both are understood"""
    ack_number: str = one_of("echo", "zero")
    """what our ACK names: the block's number, or always 0 (D)"""
    ack_match: str = one_of("strict", "lenient")
    """an ACK of another number than ours: the counters disagree, start at 0 (C2); or good enough"""
    data_tries: int = number(5, 1, 10)
    """sendings of one block before a head counts as not answering (3 or 5)"""
    quiet_polls: int = number(1, 0, 5)
    """POLLs that a head changing its state may leave unanswered before it counts as a miss (1)"""
    nak_wait: bool = switch(True)
    """listen after our NAK, because a pump may repeat at once (D); else its block comes with the next POLL only"""
    gap_ms: int = number(INTER_BYTE_MS, 5, 200)
    """quiet time after which an unfinished frame is dropped (1)"""
    ack_pause_ms: int = number(5, 0, 150)
    """before our ACK or NAK (D)"""
    keep_alive_s: int = number(60, 0, 600)
    """RETURN STATUS to a resting head that often (1: every 2 s); 0: never"""
    reset_tries: int = number(5, 1, 10)
    """a head was recorded that acknowledged RESET and stayed in its state (C2)"""
    authorise_blocks: str = one_of("one", "three")
    """nozzles, preset and AUTHORISE in one block or in three"""
    no_limit: str = one_of("omit", "volume", "amount")
    """how "no limit" is said: no preset, 999 L, or the most money the field holds (C2 each)"""
    prices_first: bool = switch(False)
    """repeat all prices before every AUTHORISE (C2)"""
    resume: bool = switch(False)
    """CD1 0E lets a suspended head go on (1)"""
    emergency_stop: bool = switch(True)
    """alarm 09 stops what its head may be delivering; the other alarms are told, no more (1)"""
    cross_check: bool = switch(True)
    """compare each delivery with what its total moved (C2)"""
    cabinet_heads: int = number(2, 1, 32)
    """so many neighbouring addresses share a cabinet; its prices change only while none of its heads is busy (C2)"""


@dataclass(frozen=True, slots=True)
class DeviceOptions:
    """A simulated head."""

    totals_form: str = one_of("10", "0D", "06")
    """length of its totals answer, hex (C4, 1, 1)"""
    wrap: int = number(1, 0, 1)
    """the number of its block after F (D)"""
    ack_match: str = one_of("lenient", "strict")
    """whether an ACK of another number is one (D)"""
    ack_poll: bool = switch(True)
    """understand ACK and POLL in one (1)"""
    nak_repeat: str = one_of("poll", "at_once")
    """when a block is repeated after our NAK (D)"""
    suspended: str = one_of("8", "B")
    """the status byte of "suspended" (D)"""
    suspend_commands: bool = switch(True)
    """obey CD1 0D (suspend) and 0E (resume) (1)"""
    number_jump: bool = switch(False)
    """block numbers jump after a STOP (1)"""
    quiet_change: bool = switch(False)
    """leave one POLL unanswered after a change of state (1)"""
    announce: bool = switch(True)
    """after a restored cable, say DC2, DC3 and DC1 unasked (1)"""
    status_with_price: bool = switch(True)
    """answer RETURN STATUS with DC3 as well (often)"""
    nozzle_in: str = one_of("number", "zero")
    """what DC3 names when the nozzle hangs: its number, or 00 (C2 each)"""
    end_order: str = one_of("231", "213", "321", "312", "123", "132")
    """the order of DC1, DC2, DC3 at the end of a delivery (varies)"""
    alarm_code: int = number(9, 1, 15)
    """what the fault `alarm` says in DC5 (1)"""
