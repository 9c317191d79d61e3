"""The pages of the cashier's window: the home screen, and two that are left again by Esc."""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtWidgets import QStackedWidget, QWidget

from pos_client.ui.shell.sales_page import SalesPage
from pos_client.ui.shift.page import ShiftPage
from pos_client.ui.technician.page import TechnicianPage


class Front(IntEnum):
    """Which page is in front."""

    SALES = 0
    SHIFT = 1
    TECHNICIAN = 2


class Pages(QStackedWidget):
    """Home, shift, and the technician's if there is one."""

    def __init__(
        self, sales: SalesPage, shift: ShiftPage, technician: TechnicianPage | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.technician = technician
        for page in (sales, shift, technician):
            if page is not None:
                self.addWidget(page)

    @property
    def front(self) -> Front:
        """The page that is seen."""
        return Front(self.currentIndex())

    def turn_to(self, front: Front) -> None:
        """Bring a page to the front."""
        self.setCurrentIndex(int(front))
