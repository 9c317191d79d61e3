"""How to look for DART: polls alone. A head repeats what it had to say until it is acknowledged, so a poll takes
nothing away from anybody; RETURN STATUS would move its block counter, and is not needed.
"""

from __future__ import annotations

from collections.abc import Sequence

from pos_client.protocols.dispenser.dart.frames import Ack, Data, Eot, Frame, Nak, Poll
from pos_client.protocols.dispenser.dart.reader import Damage, FrameReader
from pos_client.protocols.dispenser.probing import Evidence, ProbeSpec, pieces, without_echo

_USUAL_FRAME = 9
"""Bytes of a block with one command."""


def _question(address: int) -> bytes:
    return Poll(address).to_bytes()


def _proof(address: int, answer: bytes) -> None:
    """EOT is three bytes that have to fit, and a block carries a CRC: nothing more is asked."""
    return


def score(raw: bytes, sent: bytes) -> Evidence:
    """Frames of an answer to `sent`, or of a whole overheard conversation."""
    frames, damaged = _frames(without_echo(raw, sent))
    if not sent:
        return Evidence(len(frames), _blocks(frames), damaged, _devices(frames))
    asked = sent[0]
    good = [frame for frame in frames if isinstance(frame, Eot | Data | Nak) and frame.address == asked]
    return Evidence(len(good), _blocks(good), damaged + len(frames) - len(good), (asked,) if good else ())


def _blocks(frames: Sequence[Frame]) -> int:
    return sum(isinstance(frame, Data) for frame in frames)


def _frames(raw: bytes) -> tuple[list[Frame], int]:
    """The frames in it, and how many the rest comes to. What the reader drops unseen is part of the rest."""
    reader = FrameReader()
    found: list[Frame] = []
    damaged = read = 0
    reader.receive(raw)
    while (item := reader.next_frame()) is not None:
        if isinstance(item, Damage):
            damaged += pieces(len(item.raw), _USUAL_FRAME)
            read += len(item.raw)
        else:
            found.append(item)
            read += len(item.to_bytes())
    return found, damaged + pieces(len(raw) - read, _USUAL_FRAME)


def _devices(frames: list[Frame]) -> tuple[int, ...]:
    """Who answered: EOT is a device's alone, a block after a poll is its answer, an ACK shows that both are there."""
    spoke: set[int] = set()
    before: Frame | None = None
    for frame in frames:
        asked_for = isinstance(before, Poll) and isinstance(frame, Data)
        taken = isinstance(before, Data) and isinstance(frame, Ack | Nak)
        if isinstance(frame, Eot) or (before is not None and before.address == frame.address and (asked_for or taken)):
            spoke.add(frame.address)
        before = frame
    return tuple(sorted(spoke))


PROBE = ProbeSpec(
    settings=((9600, "O"), (19_200, "O"), (9600, "N"), (19_200, "N")),
    question=_question,
    proof=_proof,
    score=score,
    unproved_most=90,
)
"""Even parity is left out on purpose: no source has it, and a Two-Wire box at 9600 8E1 would read polls as words."""
