"""What all sides of the technician's page use."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from pos_client.ui.parts.fade import Fade
from pos_client.ui.style import Style


def scroll_area(style: Style, parent: QWidget, ground: str = "paper") -> QScrollArea:
    """Scrolls up and down alone, without a frame, and fades into its ground where it goes on."""
    area = QScrollArea(parent)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # what stands in it has the focus, and brings itself into sight
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    Fade(style, area, ground)
    return area
