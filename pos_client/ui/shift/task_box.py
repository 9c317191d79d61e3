"""What is to be done next in the shift: a sentence or a countdown, the field that is asked for, its keys."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QRegularExpression, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QRegularExpressionValidator
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from pos_client.ui import figures
from pos_client.ui.keys import Key
from pos_client.ui.parts import prose, shapes
from pos_client.ui.parts.key_button import KeyButton
from pos_client.ui.parts.painted import Painted, box
from pos_client.ui.shift.view_model import TaskView
from pos_client.ui.style import REGULAR, SEMIBOLD, Style
from pos_client.ui.tone import Shape, Tone


class _Words(Painted[TaskView]):
    """Sign, title, sentence, countdown."""

    def __init__(self, style: Style, parent: QWidget) -> None:
        super().__init__(style, TaskView(""), parent)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_view(self, view: TaskView) -> bool:
        """Take a view: other words ask for other room."""
        changed = super().show_view(view)
        if changed:
            self.updateGeometry()
        return changed

    def hasHeightForWidth(self) -> bool:
        """As high as the words in their width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Title, sentence, countdown."""
        look, view = self.look, self.view
        body = prose.height(view.body, look.font("body", REGULAR), width) if view.body else 0
        return int(look.px(28) + body + (look.px(14) if view.permille is not None else 0)) + look.px(2)

    def sizeHint(self) -> QSize:
        """In the width it has."""
        wide = self.width() or 280
        return QSize(wide, self.heightForWidth(wide))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The title in its tone; the sentence in ink."""
        del event
        look, view, painter = self.look, self.view, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        quiet = view.tone is Tone.NEUTRAL
        ink = look.colour("ink") if quiet else look.tone(view.tone, "ink")
        row, sign = QRectF(0, 0, self.width(), look.px(26)), look.px(18)
        if not quiet:
            shapes.draw(painter, QRectF(0, row.center().y() - sign / 2, sign, sign), view.shape, ink)
            row.setLeft(sign + look.px(9))
        figures.draw(painter, row, view.title, look.font("strong", SEMIBOLD), ink)
        foot = float(self.height())
        if view.permille is not None:
            foot -= look.px(12)
            track = QRectF(0, foot + look.px(4), self.width(), look.px(6))
            box(painter, track, look.tone(view.tone, "solid"), None, track.height() / 2)
            track.setWidth(max(track.height(), track.width() * view.permille / 1000))
            box(painter, track, look.tone(view.tone, "line"), None, track.height() / 2)
        room = QRectF(0, row.bottom() + look.px(2), self.width(), foot - row.bottom() - look.px(2))
        prose.draw(painter, room, view.body, look.font("body", REGULAR), look.colour("ink"))


class _Result(Painted[tuple[str, Tone]]):
    """What the typed figure says, while it is typed."""

    def __init__(self, style: Style, parent: QWidget) -> None:
        super().__init__(style, ("", Tone.NEUTRAL), parent)
        self.setObjectName("cash-difference")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Two lines."""
        return QSize(200, self.look.px(46))

    def show_view(self, view: tuple[str, Tone]) -> bool:
        """Take a line and its tone."""
        self.setAccessibleName(view[0])
        return super().show_view(view)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A sign that says the same as the colour."""
        del event
        look, painter, (text, tone) = self.look, QPainter(self), self.view
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = look.colour("soft") if tone is Tone.NEUTRAL else look.tone(tone, "ink")
        room, sign = QRectF(self.rect()), look.px(16)
        if tone is not Tone.NEUTRAL:
            shape = Shape.TICK if tone is Tone.DONE else Shape.BANG
            shapes.draw(painter, QRectF(0, look.px(4), sign, sign), shape, ink)
            room.setLeft(sign + look.px(8))
        prose.draw(painter, room, text, look.font("strong", SEMIBOLD), ink)


class TaskBox(QFrame):
    """`key_pressed(Key)` for Enter and F7, `typed(text)` while cash is typed. Fields: "cashier-field", "cash-field".

    A field that comes is filled with `start_name` or empty; which one stands there is the view's to say.
    """

    key_pressed = Signal(object)
    typed = Signal(str)

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = style
        self.view = TaskView("")
        self._words = _Words(style, self)
        self.cashier, self.cash = QLineEdit(self), QLineEdit(self)
        self.fields = (self.cashier, self.cash)
        self.cashier.setObjectName("cashier-field")
        self.cashier.setMaxLength(40)
        self.cash.setObjectName("cash-field")
        self.cash.setProperty("entry", True)
        self.cash.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.cash.setValidator(QRegularExpressionValidator(QRegularExpression(r"\d{0,10}"), self.cash))
        self.cash.textChanged.connect(self.typed)
        self.result = _Result(style, self)
        self._enter, self._turn = KeyButton(style, "Enter", "", self), KeyButton(style, "F7", "", self)
        self._enter.clicked.connect(lambda: self.key_pressed.emit(Key.ENTER))
        self._turn.clicked.connect(lambda: self.key_pressed.emit(Key.F7))
        keys = QHBoxLayout()
        style.lay(keys, "near")
        keys.addWidget(self._enter, 3)
        keys.addWidget(self._turn, 2)
        column = QVBoxLayout(self)
        style.lay(column, "near", "none")
        column.addWidget(self._words)
        for widget in (*self.fields, self.result):
            widget.hide()
            column.addWidget(widget)
        column.addLayout(keys)

    def show_view(self, view: TaskView, start_name: str) -> None:
        """Take a view."""
        if view == self.view:
            return
        before, self.view = self.view, view
        self._words.show_view(view)
        if view.field != before.field:
            self.cash.clear()
            self.cashier.setText(start_name)
        for field in self.fields:
            mine = field.objectName() == view.field
            if field.hasFocus() and not mine:
                self.window().setFocus()
            field.setVisible(mine)
            if mine:
                field.setPlaceholderText(view.caption)
                field.setAccessibleName(view.caption)
        if view.field == "cash-field" and view.field != before.field and self.isVisible():
            self.cash.setFocus(Qt.FocusReason.OtherFocusReason)
        self.result.setVisible(view.field == "cash-field")
        self._enter.setVisible(bool(view.enter))
        self._enter.show_key("Enter", view.enter, enabled=True, primary=True)
        self._turn.show_key("F7", view.turn, enabled=view.turn_enabled)
        self._turn.setVisible(bool(view.turn) and view.field != "cashier-field")
        self.setAccessibleName(f"{view.title} {view.body}".strip())
