"""A table as plain values: columns, rows and what each cell says. No Qt."""

from __future__ import annotations

from collections.abc import Hashable

from pos_client.ui.tone import Shape, Tone
from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """`least_px`: the narrowest that still reads, at the base scale. `rank`: 0 stays always; of the others all columns
    of the highest go first where the room is short."""

    title: str
    least_px: int
    right: bool = False
    rank: int = 0
    grows: bool = False


@dataclass(frozen=True, slots=True)
class CellText:
    """A cell: its words or figure, how urgent it is, and the sign beside it."""

    text: str
    tone: Tone = Tone.NEUTRAL
    shape: Shape | None = None
    strong: bool = False


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row under a name of its own, by which it stays chosen while figures change."""

    name: Hashable
    cells: tuple[CellText, ...]


@dataclass(frozen=True, slots=True)
class TableData:
    """A whole table; `empty` is said when it has no rows."""

    columns: tuple[Column, ...]
    rows: tuple[TableRow, ...] = ()
    empty: str = ""


def widths(columns: tuple[Column, ...], room: int, percent: int) -> tuple[int, ...]:
    """Pixels of each column in `room` at a scale; 0: left out. What is left over goes to those that grow, else to all
    alike."""
    least = [column.least_px * percent // 100 for column in columns]
    shown = set(range(len(columns)))
    while sum(least[i] for i in shown) > room:
        highest = max(columns[i].rank for i in shown)
        if not highest:
            break
        shown = {i for i in shown if columns[i].rank < highest}
    growing = [i for i in sorted(shown) if columns[i].grows] or sorted(shown)
    spare, made = max(0, room - sum(least[i] for i in shown)), [0] * len(columns)
    for i in shown:
        made[i] = least[i]
    for place, i in enumerate(growing):
        made[i] += (spare * (place + 1)) // len(growing) - (spare * place) // len(growing)
    return tuple(made)
