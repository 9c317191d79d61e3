"""The shift in pictures: money by tender, litres by nozzle, and where meters and fuellings differ."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_client.domain.plots import Plot
from pos_client.ui.parts.bar_plot import BarPlot
from pos_client.ui.style import Style

NAMES = ("shift-plot-tenders", "shift-plot-litres", "shift-plot-variance")


class PlotsPanel(QWidget):
    """Three plots below each other."""

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plots = tuple(BarPlot(style, name, self) for name in NAMES)
        column = QVBoxLayout(self)
        style.lay(column, "near", "none")
        for plot in self.plots:
            column.addWidget(plot, 1)

    def show_plots(self, plots: tuple[Plot, ...]) -> None:
        """Take the three."""
        for widget, plot in zip(self.plots, plots, strict=True):
            widget.show_view(plot)
            widget.setAccessibleName(f"{plot.title} ({plot.unit})")
