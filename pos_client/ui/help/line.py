"""A line of the index of help: a title that ends in an ellipsis where the column is too narrow for it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyle, QStyleOptionButton


class IndexLine(QPushButton):
    """The whole title stays its accessible name. Never wider than its column: the index never scrolls sideways."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self.setAccessibleName(title)
        self.setToolTip(title)
        self.setProperty("kind", "tab")
        self.setProperty("narrow", True)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As much of the title as there is room for."""
        super().resizeEvent(event)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        room = self.style().subElementRect(QStyle.SubElement.SE_PushButtonContents, option, self).width()
        shown = self.fontMetrics().elidedText(self.accessibleName(), Qt.TextElideMode.ElideRight, room)
        if shown != self.text():
            self.setText(shown)
