"""Finds frames in whatever comes over the line: crumbs, several at once, noise before, a damaged one in the middle.

A piece is what lies before an unescaped stop flag. A piece that is no frame as a whole is tried from each later byte
that could be an address, because stray bytes come before good frames after a reconnect (section 2.4). What cannot be
saved is handed over as `Damage`, with the block number where it can be guessed, so that a NAK can name it.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from pos_client.protocols.dispenser.dart.frames import ESCAPE, STOP, Frame, from_bytes
from pos_client.protocols.dispenser.dart.states import ADDRESS_FIRST, ADDRESS_LAST, FRAME_MAX, Control
from pos_client.protocols.dispenser.errors import RemoteProtocolError
from pos_client.protocols.dispenser.receive_buffer import ReceiveBuffer


@dataclass(frozen=True, slots=True)
class Damage:
    """Bytes up to a stop flag that are no frame. `address` and `number`: of the DATA block they seem to have been."""

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


def _interpret(piece: bytes) -> list[Frame | Damage]:
    first: Damage | None = None
    for start, byte in enumerate(piece):
        if not ADDRESS_FIRST <= byte <= ADDRESS_LAST:
            continue
        try:
            frame = from_bytes(piece[start:])
        except RemoteProtocolError as error:
            first = first or _damage(piece, start, error)
        else:
            return [Damage(piece[:start], "noise"), frame] if start else [frame]
    return [first or Damage(piece, "noise")]


def _damage(piece: bytes, start: int, error: RemoteProtocolError) -> Damage:
    control = piece[start + 1]
    if control & 0xF0 != Control.DATA:
        return Damage(piece, error.kind, piece[start])
    return Damage(piece, error.kind, piece[start], control & 0x0F)
