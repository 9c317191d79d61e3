"""The keys of the page of signs as a table. No Qt."""

from __future__ import annotations

from collections.abc import Hashable

from pos_client.domain.catalogue import Catalogue
from pos_client.services import messages as m
from pos_client.services.snapshots import TerminalSnapshot
from pos_client.ui.keys import FORMS, Action, BarKey, Export, Key, MoveRow, Wish, form_bar
from pos_client.ui.shift.keys import Place, moved


def pressed(key: Key, place: Place, snapshot: TerminalSnapshot | None) -> list[Action]:
    """What a key does here: rows are looked at, Esc leads back and closes the list."""
    if (rows := moved(key, place)) is not None:
        return [MoveRow(rows)]
    match key:
        case Key.ESCAPE | Key.F12:
            return [m.ShowRadar(shown=False), Wish.SALES]
        case Key.DELETE if snapshot is not None and snapshot.notice is not None:
            return [m.DismissMessage()]
        case _ if key in FORMS and snapshot is not None and snapshot.radar is not None:
            return [Export(FORMS[key])]
    return []


def bar(words: Catalogue, row_name: Hashable) -> tuple[BarKey, ...]:
    """The bottom bar of the page."""
    return (
        BarKey("esc", "Esc", words.say("shift.key.back_to_sales")),
        BarKey("", words.say("shift.key.rows_cap"), words.say("shift.key.rows"), row_name is not None),
        *form_bar(enabled=True),
    )
