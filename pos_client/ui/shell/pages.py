"""The pages of the cashier's window: the home screen, and those that are left again by Esc."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget, QWidget

from pos_client.ui.operations.page import OperationsPage
from pos_client.ui.radar.page import RadarPage
from pos_client.ui.records.page import RecordsPage
from pos_client.ui.shell.hands import Front
from pos_client.ui.shell.sales_page import SalesPage
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
