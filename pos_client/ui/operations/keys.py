"""The keys of the list of points as a table. No Qt."""

from __future__ import annotations

from collections.abc import Hashable

from pos_client.domain.catalogue import Catalogue
from pos_client.services import messages as m
from pos_client.services.snapshots import TerminalSnapshot
from pos_client.ui.keys import Action, AskUndo, BarKey, Key, MoveRow, Wish
from pos_client.ui.operations.view_model import can_undo, chosen
from pos_client.ui.shift.keys import Place, moved


def pressed(key: Key, place: Place, snapshot: TerminalSnapshot | None) -> list[Action]:
    """What a key does here: rows are chosen, F7 asks why the chosen one is to be undone, Esc leads back."""
    if (rows := moved(key, place)) is not None:
        return [MoveRow(rows)]
    match key:
        case Key.ESCAPE | Key.F12:
            return [m.ShowOperations(shown=False), Wish.SALES]
        case Key.F7 | Key.ENTER if (row := chosen(snapshot, place.chosen)) is not None and can_undo(row):
            return [m.ShowOperations(shown=False), AskUndo(row)]
        case Key.DELETE if snapshot is not None and snapshot.notice is not None:
            return [m.DismissMessage()]
    return []


def bar(words: Catalogue, row_name: Hashable, snapshot: TerminalSnapshot | None) -> tuple[BarKey, ...]:
    """The bottom bar of the page."""
    return (
        BarKey("esc", "Esc", words.say("shift.key.back_to_sales")),
        BarKey("", words.say("shift.key.rows_cap"), words.say("shift.key.rows"), row_name is not None),
        BarKey("f7", "F7", words.say("operations.key.undo"), can_undo(chosen(snapshot, row_name))),
    )
