"""The pages of the cashier's window: the home screen, and those that are left again by Esc."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget, QWidget

from pos_client.ui.operations.page import OperationsPage
from pos_client.ui.shell.sales_page import SalesPage
from pos_client.ui.shift.page import ShiftPage
from pos_client.ui.technician.page import TechnicianPage


class Pages(QStackedWidget):
    """Home, shift, the list of points, and the technician's if there is one, in the order of `hands.Front`."""

    def __init__(
        self,
        sales: SalesPage,
        shift: ShiftPage,
        operations: OperationsPage,
        technician: TechnicianPage | None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.technician = technician
        for page in (sales, shift, operations, technician):
            if page is not None:
                self.addWidget(page)
