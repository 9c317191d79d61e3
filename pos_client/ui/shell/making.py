"""How the pages behind the home screen are made: the code of each is loaded when it is first wanted."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.forecourt import Forecourt
from pos_client.ui.style import Style
from pos_client.value import dataclass

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from pos_client.ui.operations.page import OperationsPage
    from pos_client.ui.radar.page import RadarPage
    from pos_client.ui.records.desk import RecordsDesk
    from pos_client.ui.records.page import RecordsPage
    from pos_client.ui.shift.page import ShiftPage
    from pos_client.ui.technician.desk import TechnicianDesk
    from pos_client.ui.technician.page import TechnicianPage


@dataclass(frozen=True, slots=True)
class Makers:
    """What the pages of one language are made of. Without a desk there is no technician's page, or no list of sales."""

    style: Style
    words: Catalogue
    clock_ticks: Callable[[], int]
    forecourt: Forecourt | None = None
    technician_desk: TechnicianDesk | None = None
    records_desk: RecordsDesk | None = None

    def shift(self, parent: QWidget) -> ShiftPage:
        """The cashier's shift."""
        from pos_client.ui.shift.page import ShiftPage

        return ShiftPage(self.style, self.words, self.forecourt, parent, self.records_desk)

    def operations(self, parent: QWidget) -> OperationsPage:
        """The list of points."""
        from pos_client.ui.operations.page import OperationsPage

        return OperationsPage(self.style, self.words, parent)

    def radar(self, parent: QWidget) -> RadarPage:
        """The signs."""
        from pos_client.ui.radar.page import RadarPage

        return RadarPage(self.style, self.words, self.records_desk, parent)

    def technician(self, parent: QWidget) -> TechnicianPage | None:
        """The technician's page, where there is one."""
        if self.technician_desk is None:
            return None
        from pos_client.ui.technician.page import TechnicianPage

        return TechnicianPage(self.style, self.words, self.technician_desk, parent)

    def records(self, parent: QWidget) -> RecordsPage | None:
        """The list of sales, where there is one."""
        if self.records_desk is None:
            return None
        from pos_client.ui.records.page import RecordsPage

        return RecordsPage(self.style, self.words, self.records_desk, self.clock_ticks, parent)
