"""What sources disagree about, or only one source says, as options with the defaults the protocol notes name; see
`options_text.py` for how they are written.
"""

from __future__ import annotations

from pos_client.protocols.dispenser.gilbarco_two_wire.formats import EIGHT, FORMATS, SIX
from pos_client.protocols.dispenser.options_text import number, one_of, read, switch
from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class LineOptions:
    """Our end. Times in milliseconds. `auto` of a number of digits: as the pump's format has it."""

    format: str = one_of("auto", "6", "8")
    """digits of a sale's money; auto: as the pump's totals answer shows"""
    echo: str = one_of("auto", "on", "off")
    """whether the loop box returns our own words (D: 2 see it, 4 do not)"""
    stop_all: str = one_of("FC", "F0", "off")
    tolerant_states: bool = switch(False)
    """take E, 1, 3 and F as states (1)"""
    price_level: int = number(1, 1, 2)
    """the level in force: shown, compared, named in presets"""
    price_levels: int = number(1, 1, 2)
    """how many levels a price change writes"""
    price_digits: str = one_of("auto", "4", "6")
    preset_money_digits: str = one_of("auto", "5", "6", "8")
    preset_volume_digits: str = one_of("auto", "5", "6", "8")
    """auto: 5 in the 6-digit format (D: 5 or 6), else 8"""
    preset_volume_decimals: str = one_of("auto", "0", "1", "2", "3")
    """auto: 2 with five digits (1), else those of a sale's volume"""
    preset_hose: str = one_of("auto", "always", "never")
    """level and grade in presets (D); auto: the grade when one hose only is allowed"""
    hose_needs_volume: bool = switch(False)
    """only a volume preset can be tied to one hose (1)"""
    cancel_preset: bool = switch(True)
    """a money preset of 0 takes an unused preset back (1)"""
    nozzle_query: bool = switch(True)
    """ask which nozzle is out with special function 010"""
    total_digit: str = one_of("warn", "off")
    """what function 010 says of the decimals of the totals (1), compared with the settings"""
    cross_check: bool = switch(True)
    """compare each sale with what the totals moved (1)"""
    pump_number: str = one_of("warn", "off")
    """the pump number in a transaction answer (D: one program reads the hose there)"""
    resume: bool = switch(False)
    """`1p` lets a stopped pump go on (D)"""
    money_after_ms: int = number(1500, 0, 10_000)
    """from the start of a sale to the first question for its money (1)"""
    data_retry_ms: int = number(2000, 0, 10_000)
    """after a failed `2p` or a refused block (1)"""
    authorise_pause_ms: int = number(100, 0, 2000)
    """between a preset and `1p` (1)"""
    stop_wait_ms: int = number(200, 0, 2000)
    """between `3p` and the question whether it worked (1)"""
    readback_ms: int = number(1000, 0, 10_000)
    """between new prices and reading them back (1)"""
    cabinet_heads: int = number(2, 1, 16)
    """so many neighbouring pump numbers share a cabinet; prices change only while all its nozzles hang (1)"""


@dataclass(frozen=True, slots=True)
class DeviceOptions:
    """A simulated pump."""

    format: str = one_of("8", "6")
    levels: int = number(2, 1, 2)
    stop_all: str = one_of("FC", "F0", "off")
    """the word to all pumps that it obeys (D)"""
    echo: bool = switch(False)
    """the line's box returns every word sent; that of the first pump counts"""
    resume: bool = switch(True)
    """`1p` in STOP resumes (D)"""
    a_word: str = one_of("EA", "EB")
    strict_length: bool = switch(False)
    """refuse a block whose DL is not right (1: pumps accept one too small)"""
    strict_states: bool = switch(True)
    """silence for a command that is not legal now (1)"""
    skip_end_states: str = one_of("off", "on", "peot", "feot")
    """one end state, or both, as a slow host sees it; on: from BUSY to OFF at once"""
    auth_polls: int = number(0, 0, 20)
    """polls for which AUTH is shown before BUSY when a nozzle is out (C3: it may pass through)"""
    end_polls: int = number(1, 1, 20)
    """polls for which PEOT and FEOT are shown each"""
    function_010: bool = switch(True)
    total_digit: int = number(2, 0, 2)
    """index 9 of the answer to function 010: decimals of the totals (1)"""
    unused_grades: int = number(0, 0, 5)
    """grades listed with zeros after those there are"""


def total_digits(text: str) -> int:
    """How many digits a totalizer has, by the format these options name. Where the pump's answer tells the format,
    those of the shorter one: a reading that is longer shows by itself that there are more."""
    return FORMATS.get(read(LineOptions, text).format, SIX).totals


def price_digits(text: str) -> int:
    """How many digits a unit price may have: as set, else those of the pump's format; unknown: of the longer one."""
    chosen = read(LineOptions, text)
    return FORMATS.get(chosen.format, EIGHT).price if chosen.price_digits == "auto" else int(chosen.price_digits)
