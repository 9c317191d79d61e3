"""What people have open and typed in the pages of the cashier's window, carried into pages of another language.

What is sold, asked or awaited is none of it: that is the terminal's, and every page draws it from the snapshot.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QLineEdit, QWidget

from pos_client.ui.shell.hands import Front
from pos_client.ui.shell.pages import Pages
from pos_client.ui.shell.sales_page import Slot
from pos_client.ui.shift.keys import Tab
from pos_client.ui.technician.sides import Side
from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class Carried:
    """Fields by their names, those of the pages there were; `tab`: of the shift's page. `amount`: another number of
    points is being typed. `draft`: settings as typed and as in the file."""

    slot: Slot
    fields: dict[str, str]
    amount: bool
    tab: Tab | None
    cursor: str = ""
    side: Side = Side.LINES
    draft: tuple[dict[str, Any], dict[str, Any]] | None = None


def taken(pages: Pages, cursor: QWidget | None) -> Carried:
    """What is open now. `cursor`: the widget that has it."""
    technician = pages.technician if pages.is_made(Front.TECHNICIAN) else None
    return Carried(
        Slot(pages.sales.slot.currentIndex()),
        {field.objectName(): field.text() for field in pages.fields},
        not pages.sales.sale.points.amount_field.isHidden(),
        pages.shift.tab if pages.is_made(Front.SHIFT) else None,
        cursor.objectName() if isinstance(cursor, QLineEdit) else "",
        technician.side if technician is not None else Side.LINES,
        (technician.draft.tree(), technician.draft.saved_tree()) if technician is not None else None,
    )


def put(pages: Pages, carried: Carried) -> None:
    """Open and fill in the same in new pages that have drawn the snapshot; the cursor goes where it was."""
    sales = pages.sales
    if carried.slot is not Slot.CHIP:
        sales.open_entry(carried.slot)
    if carried.amount:
        sales.sale.points.open_amount("")
    if carried.tab is not None:
        pages.shift.show_tab(carried.tab)
    for field in pages.fields:
        field.setText(carried.fields.get(field.objectName(), ""))
    if carried.draft is not None and (technician := pages.technician) is not None:
        technician.retake(*carried.draft)
        technician.open(carried.side)
    where = next((f for f in pages.fields if f.objectName() == carried.cursor and f.isVisible()), None)
    if where is not None:
        where.setFocus()
