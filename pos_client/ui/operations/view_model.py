"""The list of points in words: what was earned or used, by whom, on which sale, and whether it can be undone. No Qt."""

from __future__ import annotations

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.formatting import clock, grouped
from pos_client.domain.moment import VIETNAM
from pos_client.services.operation_snapshots import REVERSIBLE, OperationRow, OperationState
from pos_client.services.snapshots import TerminalSnapshot
from pos_client.ui.parts.columns import CellText, Column, TableData, TableRow
from pos_client.ui.tone import Shape, Tone
from pos_client.ui.wording import signed

_STATE: dict[OperationState, tuple[Tone, Shape]] = {
    OperationState.WAITING: (Tone.UNKNOWN, Shape.DOTS),
    OperationState.DONE: (Tone.DONE, Shape.TICK),
    OperationState.REFUSED: (Tone.NEUTRAL, Shape.CROSS),
    OperationState.REVERSING: (Tone.PROGRESS, Shape.DOTS),
    OperationState.REVERSED: (Tone.NEUTRAL, Shape.BAR),
}
NOTHING = "–"


def table(words: Catalogue, rows: tuple[OperationRow, ...] | None) -> TableData:
    """The rows, newest first."""
    say = words.say
    columns = (
        Column(say("operations.column.at"), 148),
        Column(say("operations.column.what"), 150, grows=True),
        Column(say("operations.column.points"), 150, right=True),
        Column(say("operations.column.customer"), 170, rank=1),
        Column(say("operations.column.receipt"), 190, rank=2),
        Column(say("operations.column.state"), 216),
    )
    return TableData(columns, tuple(_row(words, row) for row in rows or ()), say("operations.empty"))


def caption(words: Catalogue, rows: tuple[OperationRow, ...] | None) -> tuple[str, str, Tone]:
    """How many there are, and how undoing goes."""
    title = words.say("operations.count", count=grouped(len(rows or ())))
    return title, words.say("operations.hint"), Tone.NEUTRAL


def chosen(snapshot: TerminalSnapshot | None, name: object) -> OperationRow | None:
    """The row under the cursor."""
    rows = snapshot.operations if snapshot is not None else None
    return next((row for row in rows or () if row.operation_id == name), None)


def can_undo(row: OperationRow | None) -> bool:
    """Whether it may be asked for; a manager decides."""
    return row is not None and row.state in REVERSIBLE


def _row(words: Catalogue, row: OperationRow) -> TableRow:
    tone, shape = _STATE[row.state]
    at = row.at.astimezone(VIETNAM)
    word = row.state.value
    if row.problem and row.state is OperationState.DONE:
        word, tone, shape = "not_reversed", Tone.ATTENTION, Shape.BANG
    return TableRow(
        row.operation_id,
        (
            CellText(f"{clock(at)}  {at:%d/%m}"),
            CellText(words.say(f"operations.what.{row.operation.value}"), strong=True),
            CellText(words.say("operations.points", points=signed(row.points)), strong=True),
            CellText(row.masked_customer or NOTHING),
            CellText(row.receipt_number.partition("-")[2] or NOTHING),
            CellText(words.say(f"operations.state.{word}"), tone, shape),
        ),
    )
