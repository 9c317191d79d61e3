"""Words of the wire: a digit is `E0 + d`, numbers least significant digit first, `F0`..`FF` are control words.

The check word of a block (LRC): width 4, negated sum. `E0 + (16 - s mod 16) mod 16`, s = sum of the low nibbles from
`FF` to `FB` inclusive. The length word of a host's block (DL) is made alike of the number of words after it.
"""

from __future__ import annotations

from enum import IntEnum

from pos_client.protocols.dispenser.errors import LocalProtocolError, RemoteProtocolError
from pos_client.value import dataclass

DIGIT = 0xE0
CONTROL_FIRST = 0xF0


class Control(IntEnum):
    """Section 4."""

    END = 0xF0
    PRESET_VOLUME = 0xF1
    PRESET_MONEY = 0xF2
    FILL_UP = 0xF3
    """One source only, and not enough of it: named by `describe`, never sent."""
    LEVEL_1 = 0xF4
    LEVEL_2 = 0xF5
    GRADE = 0xF6
    PRICE = 0xF7
    VALUE = 0xF8
    VOLUME = 0xF9
    MONEY = 0xFA
    CHECK = 0xFB
    FUNCTION = 0xFE
    START = 0xFF


def nibble(pump: int) -> int:
    """The pump as a nibble: 16 is 0."""
    return pump & 0x0F


def pump_of(word: int) -> int:
    """The pump a word names."""
    return word & 0x0F or 16


def digits(value: int, count: int) -> bytes:
    """A number as `count` digit words. `LocalProtocolError` when it does not fit."""
    if not 0 <= value < 10**count:
        raise LocalProtocolError(f"{value} does not fit {count} digits")
    return bytes(DIGIT + int(digit) for digit in reversed(f"{value:0{count}d}"))


def number(words: bytes) -> int:
    """The number in digit words. `RemoteProtocolError("digits")` when one of them is no decimal digit."""
    if not words or any(not DIGIT <= word <= DIGIT + 9 for word in words):
        raise RemoteProtocolError("digits", f"{words.hex(' ').upper()} is no number")
    return int("".join(str(word - DIGIT) for word in reversed(words)))


def lrc(words: bytes) -> int:
    """The check word over everything from `FF` to `FB` inclusive."""
    return DIGIT + -sum(word & 0x0F for word in words) % 16


def host_block(content: bytes) -> bytes:
    """`FF DL <content> FB LRC F0`; DL counts the words after it, `F0` included."""
    length = DIGIT + -(len(content) + 3) % 16
    start = bytes((Control.START, length)) + content + bytes((Control.CHECK,))
    return start + bytes((lrc(start), Control.END))


def pump_block(content: bytes) -> bytes:
    """`FF <content> FB LRC F0`."""
    start = bytes((Control.START,)) + content + bytes((Control.CHECK,))
    return start + bytes((lrc(start), Control.END))


@dataclass(frozen=True, slots=True)
class Field:
    """A control word and the digit words up to the next control word."""

    control: int
    words: bytes

    @property
    def value(self) -> int:
        """The number; `RemoteProtocolError` when it is none."""
        return number(self.words)


def fields(raw: bytes) -> tuple[Field, ...]:
    """The fields of a whole block between `FF` and `FB`, first the start with what follows it.

    Raises `RemoteProtocolError`: `control` when it is no block, `lrc` when its check word is wrong.
    """
    if len(raw) < 4 or raw[0] != Control.START or raw[-1] != Control.END or raw[-3] != Control.CHECK:
        raise RemoteProtocolError("control", "no block FF .. FB LRC F0")
    if raw[-2] != lrc(raw[:-2]):
        raise RemoteProtocolError("lrc", f"check word {raw[-2]:02X}, {lrc(raw[:-2]):02X} is right")
    found: list[Field] = []
    at = 0
    while at < len(raw) - 3:
        end = at + 1
        while DIGIT <= raw[end] < CONTROL_FIRST:
            end += 1
        if raw[end] < DIGIT:
            raise RemoteProtocolError("control", f"{raw[end]:02X} in a block")
        found.append(Field(raw[at], raw[at + 1 : end]))
        at = end
    return tuple(found)
