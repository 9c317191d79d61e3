"""Frames of the wires in words: columns, a row, the whole of one frame, and the file of what is shown. No Qt."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.moment import VIETNAM
from pos_client.domain.wire import Direction, WireFrame
from pos_client.ui.parts.columns import CellText, Column
from pos_client.ui.tone import Shape, Tone
from pos_client.value import dataclass

SET_ANEW = timedelta(seconds=1)
_NUMBER = re.compile(r"\d+")
_PARTS = re.compile(r"(; | / |, |: | \(|\)$)")


@dataclass(frozen=True, slots=True)
class WireClock:
    """What the wall clock said when the wire's clock said something."""

    ticks_ms: int
    wall: datetime

    def differs(self, other: WireClock) -> bool:
        """Whether somebody has set the computer's clock between the two."""
        passed = timedelta(milliseconds=self.ticks_ms - other.ticks_ms)
        return abs(self.wall - other.wall - passed) > SET_ANEW

    def say(self, at_ms: int) -> str:
        """'08:15:02,417'."""
        at = self.wall + timedelta(milliseconds=at_ms - self.ticks_ms)
        return f"{at:%H:%M:%S},{at.microsecond // 1000:03d}"


UNSET = WireClock(0, datetime(2000, 1, 1, tzinfo=VIETNAM))
"""Before the terminal has said what time it is."""


def columns(words: Catalogue) -> tuple[Column, ...]:
    """Time, line, who, head, kind, meaning, bytes; where the room is short the bytes go first, then the line."""
    return (
        Column(words.say("tech.wire.time"), 122),
        Column(words.say("tech.wire.line"), 92, rank=1),
        Column(words.say("tech.wire.who"), 96),
        Column(words.say("tech.wire.head"), 58, right=True),
        Column(words.say("tech.wire.kind"), 128),
        Column(words.say("tech.wire.meaning"), 250, grows=True),
        Column(words.say("tech.wire.bytes"), 200, rank=2, grows=True),
    )


def cells(words: Catalogue, clock: WireClock, frame: WireFrame) -> tuple[CellText, ...]:
    """One row; a damaged frame has its sign and its colour."""
    ours = frame.direction is Direction.SENT
    return (
        CellText(clock.say(frame.at_ms)),
        CellText(frame.line),
        CellText(words.say(f"tech.wire.{frame.direction.value}"), Tone.PROGRESS if ours else Tone.NEUTRAL),
        CellText("" if frame.head is None else str(frame.head)),
        CellText(kind(words, frame.kind)) if frame.ok else CellText(kind(words, frame.kind), Tone.DANGER, Shape.BANG),
        CellText(frame.meaning, Tone.NEUTRAL if frame.ok else Tone.DANGER),
        CellText(frame.bytes_hex),
    )


def said(words: Catalogue, frame: WireFrame) -> WireFrame:
    """A frame with its meaning in the language of the screens, so that what is searched is what is read."""
    return replace(frame, meaning=meaning(words, frame.meaning))


def kind(words: Catalogue, name: str) -> str:
    """What sort of frame it is; one nobody has words for is said as the protocol names it."""
    key = f"tech.kind.{name}"
    return words.say(key) if words.knows(key) else name


def meaning(words: Catalogue, text: str) -> str:
    """What a protocol says of a frame, phrase by phrase in the language of the screens.

    Protocols speak English. A phrase is looked up by its words, with every number replaced: "block 3 accepted" is
    `wire_word.block_n_accepted`, whose place {a} is the 3. One that is not known stays as it is.
    """
    return "".join(part if _PARTS.fullmatch(part) else _phrase(words, part) for part in _PARTS.split(text))


def _phrase(words: Catalogue, text: str) -> str:
    key = "wire_word." + re.sub(r"[^a-z]+", "_", _NUMBER.sub("n", text.lower())).strip("_")
    if not words.knows(key):
        return text
    return words.say(key, **dict(zip("abcdefgh", _NUMBER.findall(text), strict=False)))


def whole(words: Catalogue, clock: WireClock, frame: WireFrame) -> str:
    """The whole of one frame, in lines."""
    head = "" if frame.head is None else words.say("tech.wire.of_head", head=frame.head)
    who = words.say(f"tech.wire.{frame.direction.value}")
    first = " · ".join(part for part in (clock.say(frame.at_ms), frame.line, who, head) if part)
    return f"{first}\n{kind(words, frame.kind)}: {frame.meaning}\n{frame.bytes_hex}"


def as_text(words: Catalogue, clock: WireClock, frames: Iterable[WireFrame]) -> str:
    """What is shown, as a file: one line a frame, with tabs between."""
    rows = ("\t".join(cell.text for cell in cells(words, clock, frame)) for frame in frames)
    return "\n".join(("\t".join(column.title for column in columns(words)), *rows)) + "\n"
