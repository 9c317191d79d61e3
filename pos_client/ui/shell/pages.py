"""The pages of the cashier's window: the home screen, and those that are left again by Esc.

A till that starts needs the home screen alone. Every other page is made, and its code loaded, when it is first wanted;
`make_next` makes those that are left one by one, for the time in which nobody presses a key.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar, cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QWidget

from pos_client.services.snapshots import TerminalSnapshot
from pos_client.ui.keys import BarKey
from pos_client.ui.shell.hands import Front
from pos_client.ui.shell.making import Makers
from pos_client.ui.shell.sales_page import SalesPage
from pos_client.ui.shift.keys import Place, Tab

if TYPE_CHECKING:
    from pos_client.ui.operations.page import OperationsPage
    from pos_client.ui.radar.page import RadarPage
    from pos_client.ui.records.page import RecordsPage
    from pos_client.ui.shift.page import ShiftPage
    from pos_client.ui.technician.page import TechnicianPage

Page = TypeVar("Page", bound=QWidget)


class Pages(QStackedWidget):
    """Home, shift, the list of points, the signs, and the technician's and the list of sales if there are such.

    `made(Front)` is emitted once for each page but home, when there is one.
    """

    made = Signal(object)

    def __init__(self, sales: SalesPage, makers: Makers, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sales, self._makers = sales, makers
        self._pages: dict[Front, QWidget] = {Front.SALES: sales}
        self.addWidget(sales)

    # ── made when wanted ───────────────────────────────────────────────────────────────────────────────────────

    @property
    def shift(self) -> ShiftPage:
        """The shift's page."""
        page = self._wanted(Front.SHIFT, self._makers.shift)
        assert page is not None
        return page

    @property
    def operations(self) -> OperationsPage:
        """The list of points."""
        page = self._wanted(Front.OPERATIONS, self._makers.operations)
        assert page is not None
        return page

    @property
    def radar(self) -> RadarPage:
        """The signs."""
        page = self._wanted(Front.RADAR, self._makers.radar)
        assert page is not None
        return page

    @property
    def technician(self) -> TechnicianPage | None:
        """The technician's page, where there is one."""
        return self._wanted(Front.TECHNICIAN, self._makers.technician)

    @property
    def records(self) -> RecordsPage | None:
        """The list of sales, where there is one."""
        return self._wanted(Front.RECORDS, self._makers.records)

    def _wanted(self, front: Front, make: Callable[[QWidget], Page | None]) -> Page | None:
        if front not in self._pages:
            page = make(self)
            if page is None:
                return None
            self._pages[front] = page
            self.addWidget(page)
            self.made.emit(front)
        return cast(Page, self._pages[front])

    def is_made(self, front: Front) -> bool:
        """Whether this page is there already."""
        return front in self._pages

    def has(self, front: Front) -> bool:
        """Whether there is such a page, made or not."""
        desks = {Front.TECHNICIAN: self._makers.technician_desk, Front.RECORDS: self._makers.records_desk}
        return desks.get(front, self) is not None

    def make_next(self) -> bool:
        """Make one page more; whether there was one to be made."""
        front = next((each for each in Front if self.has(each) and not self.is_made(each)), None)
        if front is not None:
            getattr(self, front.name.lower())
        return front is not None

    # ── the page in front ──────────────────────────────────────────────────────────────────────────────────────

    def turn_to(self, front: Front) -> None:
        """Another page in front."""
        if self.has(front):
            page: QWidget = getattr(self, front.name.lower())
            self.setCurrentWidget(page)

    def show_snapshot(self, front: Front, snapshot: TerminalSnapshot | None, now: int) -> None:
        """Draw the snapshot as it reads now on the page in front; behind the technician's, on the home screen."""
        if front is Front.RECORDS and self.records is not None:
            self.records.show_snapshot(snapshot)
        elif front is Front.SHIFT:
            self.shift.show_snapshot(snapshot, now)
        elif front is Front.OPERATIONS:
            self.operations.show_snapshot(snapshot, now)
        elif front is Front.RADAR:
            self.radar.show_snapshot(snapshot)
        else:
            self.sales.show_snapshot(snapshot, now)

    def bar(self, front: Front) -> tuple[BarKey, ...] | None:
        """The keys of the page in front; None for the home screen, whose keys depend on what is sold."""
        match front:
            case Front.TECHNICIAN if self.technician is not None:
                return self.technician.bar()
            case Front.SHIFT:
                return self.shift.bar()
            case Front.OPERATIONS:
                return self.operations.bar()
            case Front.RADAR:
                return self.radar.bar()
            case Front.RECORDS if self.records is not None:
                return self.records.bar()
        return None

    def place(self, front: Front) -> Place:
        """Where the cursor of the page in front stands; elsewhere, where that of the shift's page was left."""
        match front:
            case Front.OPERATIONS:
                return self.operations.place
            case Front.RADAR:
                return self.radar.place
        return self.shift.place if self.is_made(Front.SHIFT) else Place(Tab.SHIFT)

    @property
    def shift_fields(self) -> tuple[QLineEdit, ...]:
        """The fields of the shift's page, as far as there is one yet."""
        return self.shift.fields if self.is_made(Front.SHIFT) else ()

    @property
    def fields(self) -> tuple[QLineEdit, ...]:
        """Every field there is yet."""
        records = self.records if self.is_made(Front.RECORDS) else None
        return (*self.sales.fields, *self.shift_fields, *(() if records is None else (records.field,)))
