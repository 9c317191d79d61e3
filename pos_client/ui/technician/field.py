"""One option's field: label, editor by kind, help, and what is wrong with it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from pos_client.ui.style import Style
from pos_client.ui.technician.draft import shown_text, typed_value
from pos_client.ui.technician.view_model import FieldView


class CalmComboBox(QComboBox):
    """A choice that scrolling over the form does not change, with an arrow in the colour of its text."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """The box as styled, then the arrow: the style sheet has none without a picture file."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.palette().text().color(), 1.8))
        right, middle = self.width() - 20, self.height() / 2
        painter.drawPolyline(
            [QPointF(right - 5, middle - 2), QPointF(right, middle + 3), QPointF(right + 5, middle - 2)]
        )

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave it to the scroll area."""
        event.ignore()


class OptionField(QWidget):
    """`changed(place, value)` on every edit."""

    changed = Signal(str, object)

    def __init__(self, style: Style, view: FieldView, value: object, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = view
        self.setObjectName(f"option-{view.place}")
        column = QVBoxLayout(self)
        style.lay(column, "tight", "none")
        self.editor = self._editor(value)
        self.editor.setAccessibleName(view.label)
        column.addWidget(self._text(view.label, "strong"))
        column.addWidget(self.editor)
        if view.help:
            column.addWidget(self._text(view.help, "help"))
        self._fault = self._text("", "fault")
        self._fault.hide()
        column.addWidget(self._fault)
        column.addStretch(1)

    def _text(self, text: str, role: str) -> QLabel:
        label = QLabel(text, self)
        label.setProperty("role", role)
        label.setWordWrap(True)
        return label

    def _editor(self, value: object) -> QWidget:
        option = self.view.option
        if self.view.choices:
            return self._combo(value)
        line = QLineEdit(shown_text(option, value), self)
        if option.secret:
            line.setEchoMode(QLineEdit.EchoMode.Password)
        line.textEdited.connect(lambda text: self._emit(typed_value(option, text)))
        return line

    def _combo(self, value: object) -> QComboBox:
        combo = CalmComboBox(self)
        combo.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        values = [choice for choice, _ in self.view.choices]
        combo.addItems([word for _, word in self.view.choices])
        combo.setCurrentIndex(values.index(value) if value in values else -1)
        combo.activated.connect(lambda index: self._emit(values[index]))
        return combo

    def _emit(self, value: object) -> None:
        self.changed.emit(self.view.place, value)

    def show_fault(self, text: str) -> None:
        """Say what is wrong, or nothing."""
        self._fault.setText(text)
        self._fault.setVisible(bool(text))
        self.editor.setProperty("fault", bool(text))
        self.editor.style().unpolish(self.editor)
        self.editor.style().polish(self.editor)
