"""The serial PIN pad, our own protocol: 9600 baud, 8 bits, no parity, one stop bit; lines of ASCII, from the pad alone.

    @  n n  t  body  *  s s  CR LF

    nn    number of the line, two hexadecimal digits, 00 again after FF: a gap means that a line was lost
    t     K: a key; body is 0..9, O (OK), C (clear the last digit) or X (cancel)
          H: "I am here", at least once a second; body is the pad's own number, 1..16 letters and digits
    ss    all bytes between @ and * XORed, two hexadecimal digits

The customer's "not me" is key 0, as on every keypad. A pad that has lost power begins at 00 again, which is a gap too:
what was typed before it is not gone on with. Nothing is sent to the pad, so it cannot be asked for anything, and a
wrong device on the port is not disturbed.
"""

from __future__ import annotations

from collections.abc import Iterator

from pos_client.protocols.keypad.keys import Key, OtherKey
from pos_client.value import dataclass

BAUD_RATE = 9600
HEARTBEAT_MS = 1000
SILENT_MS = 3500
"""Three heartbeats, and the pad is lost."""
LONGEST = 24
_BODY_AT, _SUM_AT = 4, -3
_LETTERS = {OtherKey.OK: "O", OtherKey.CLEAR: "C", OtherKey.CANCEL: "X"}
_KEYS: dict[int, Key] = {
    **{0x30 + digit: digit for digit in range(10)},
    **{ord(letter): key for key, letter in _LETTERS.items()},
}


@dataclass(frozen=True, slots=True, repr=False)
class PadKey:
    """A key was pressed. Its `repr` does not say which."""

    key: Key

    def __repr__(self) -> str:
        return "PadKey(•)"


@dataclass(frozen=True, slots=True)
class PadHere:
    """The pad of this number is there."""

    number: str


@dataclass(frozen=True, slots=True)
class PadGap:
    """A line was lost or damaged: it may have been a key."""


PadEvent = PadKey | PadHere | PadGap


class PadReader:
    """Bytes of the pad in, events out. What was read is overwritten: lines hold digits."""

    def __init__(self) -> None:
        self._line = bytearray()
        self._expected: int | None = None
        self._noise = False

    def receive(self, raw: bytes) -> Iterator[PadEvent]:
        """What the bytes complete, in order."""
        for byte in raw:
            if byte in b"\r\n":
                if self._line or self._noise:
                    yield from self._end_of_line()
            elif len(self._line) >= LONGEST:
                self._noise = True
            else:
                self._line.append(byte)

    def _end_of_line(self) -> Iterator[PadEvent]:
        line, noise, self._noise = self._line, self._noise, False
        self._line = bytearray()
        number = None if noise else _number(line)
        if number is None:
            if self._expected is not None:
                self._expected = None
                yield PadGap()
        else:
            if self._expected not in (None, number):
                yield PadGap()
            self._expected = (number + 1) % 256
            yield from _said(line)
        line[:] = bytes(len(line))


def _number(line: bytearray) -> int | None:
    """The number of a line that is whole, None for a damaged one."""
    if len(line) < _BODY_AT - _SUM_AT + 1 or line[0] != ord("@") or line[_SUM_AT] != ord("*"):
        return None
    try:
        told, number = int(line[_SUM_AT + 1 :], 16), int(line[1:3], 16)
    except ValueError:
        return None
    return number if told == _sum(line[1:_SUM_AT]) else None


def _said(line: bytearray) -> Iterator[PadEvent]:
    body = line[_BODY_AT:_SUM_AT]
    if line[3] == ord("K") and len(body) == 1 and body[0] in _KEYS:
        yield PadKey(_KEYS[body[0]])
    elif line[3] == ord("H") and body.isalnum():
        yield PadHere(body.decode("ascii"))
    body[:] = bytes(len(body))


def _sum(part: bytes | bytearray) -> int:
    total = 0
    for byte in part:
        total ^= byte
    return total


class PadWriter:
    """The pad's end of the wire."""

    def __init__(self) -> None:
        self._number = 0

    def key(self, key: Key) -> bytes:
        """A key was pressed."""
        return self._written(f"K{_LETTERS[key] if isinstance(key, OtherKey) else key}")

    def here(self, number: str) -> bytes:
        """The heartbeat."""
        return self._written(f"H{number}")

    def _written(self, said: str) -> bytes:
        text = f"{self._number:02X}{said}".encode("ascii")
        self._number = (self._number + 1) % 256
        return b"@%b*%02X\r\n" % (text, _sum(text))
