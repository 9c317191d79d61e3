"""The pages of the cashier's window: the home screen, and those that are left again by Esc."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget, QWidget

from pos_client.services.snapshots import TerminalSnapshot
from pos_client.ui.keys import BarKey
from pos_client.ui.operations.page import OperationsPage
from pos_client.ui.radar.page import RadarPage
from pos_client.ui.records.page import RecordsPage
from pos_client.ui.shell.hands import Front
from pos_client.ui.shell.sales_page import SalesPage
from pos_client.ui.shift.keys import Place
from pos_client.ui.shift.page import ShiftPage
from pos_client.ui.technician.page import TechnicianPage


class Pages(QStackedWidget):
    """Home, shift, the list of points, the signs, and the technician's and the list of sales if there are such."""

    def __init__(
        self,
        sales: SalesPage,
        shift: ShiftPage,
        operations: OperationsPage,
        radar: RadarPage,
        technician: TechnicianPage | None,
        records: RecordsPage | None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.sales, self.shift, self.operations, self.radar = sales, shift, operations, radar
        self.technician, self.records = technician, records
        self._pages: dict[Front, QWidget | None] = {
            Front.SALES: sales,
            Front.SHIFT: shift,
            Front.OPERATIONS: operations,
            Front.RADAR: radar,
            Front.TECHNICIAN: technician,
            Front.RECORDS: records,
        }
        for page in self._pages.values():
            if page is not None:
                self.addWidget(page)

    def turn_to(self, front: Front) -> None:
        """Another page in front."""
        page = self._pages[front]
        if page is not None:
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
        """Where the cursor of the page in front stands."""
        match front:
            case Front.OPERATIONS:
                return self.operations.place
            case Front.RADAR:
                return self.radar.place
        return self.shift.place
