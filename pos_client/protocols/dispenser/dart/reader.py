"""Finds frames in whatever comes over the line: crumbs, several at once, noise before, a damaged one in the middle.

A piece is what lies before an unescaped stop flag. A piece that is no frame as a whole is tried from each later byte
that could be an address, because stray bytes come before good frames after a reconnect (section 2.4), and because a
frame that lost its end must not swallow the next one. What cannot be saved is handed over as `Damage`, with the block
number where it can be guessed, so that a NAK can name it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from pos_client.protocols.dispenser.dart.frames import ESCAPE, STOP, Frame, from_bytes
from pos_client.protocols.dispenser.dart.states import ADDRESS_FIRST, ADDRESS_LAST, FRAME_MAX, Control
from pos_client.protocols.dispenser.errors import RemoteProtocolError
from pos_client.protocols.dispenser.receive_buffer import ReceiveBuffer
from pos_client.value import dataclass

NOISE, INCOMPLETE = "noise", "incomplete"
_CONTROLS = {int(control) for control in Control}


@dataclass(frozen=True, slots=True)
class Damage:
    """Bytes that are no frame. `address` and `number`: of the DATA block they seem to have been."""

    raw: bytes
    reason: str
    address: int | None = None
    number: int | None = None


class FrameReader:
    """Bytes in, frames and damage out, in order."""

    def __init__(self) -> None:
        self._buffer = ReceiveBuffer(FRAME_MAX)
        self._found: deque[Frame | Damage] = deque()

    @property
    def unfinished(self) -> bool:
        """Whether a frame has begun and not ended."""
        return len(self._buffer) > 0

    def receive(self, raw: bytes) -> None:
        """Take what was read."""
        self._buffer.append(raw)

    def next_frame(self) -> Frame | Damage | None:
        """The next frame or damage; None until more bytes come."""
        if not self._found:
            piece = self._buffer.take_through(STOP, ESCAPE)
            if piece is None:
                return None
            self._found.extend(_interpret(piece))
        return self._found.popleft()

    def clear(self) -> bytes:
        """Drop an unfinished frame and whatever was not asked for yet; returns the unfinished bytes."""
        self._found.clear()
        return self._buffer.clear()


def incomplete(raw: bytes) -> Damage:
    """Bytes that no stop flag ends: the beginning of a frame, or nothing at all."""
    for start in _starts(raw):
        control = raw[start + 1] if start + 1 < len(raw) else Control.POLL
        if control & 0xF0 in _CONTROLS:
            return Damage(raw, INCOMPLETE, raw[start])
    return Damage(raw, NOISE)


def _starts(piece: bytes) -> Iterator[int]:
    """Where a frame may begin, so that it is not longer than any may be."""
    first = max(len(piece) - 2 * FRAME_MAX, 0)
    return (at for at in range(first, len(piece)) if ADDRESS_FIRST <= piece[at] <= ADDRESS_LAST)


def _interpret(piece: bytes) -> list[Frame | Damage]:
    if piece[-1] != STOP:
        return [incomplete(piece)]
    spoilt: tuple[int, Damage] | None = None
    for start in _starts(piece):
        try:
            frame = from_bytes(piece[start:])
        except RemoteProtocolError as error:
            found = _damage(piece[start:], error)
            if spoilt is None or (spoilt[1].number is None and found.number is not None):
                spoilt = start, found
        else:
            return [incomplete(piece[:start]), frame] if start else [frame]
    if spoilt is None:
        return [Damage(piece, NOISE)]
    start, damage = spoilt
    return [Damage(piece[:start], NOISE), damage] if start else [damage]


def _damage(piece: bytes, error: RemoteProtocolError) -> Damage:
    is_block = piece[1] & 0xF0 == Control.DATA
    return Damage(piece, error.kind, piece[0], piece[1] & 0x0F if is_block else None)
