"""The points panel (F6): what is held, what we wait for, how long already, and the one key that gets things moving."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QIntValidator, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from pos_client.ui import figures
from pos_client.ui.loyalty.view_model import PanelView
from pos_client.ui.parts import prose, shapes
from pos_client.ui.parts.key_button import KeyButton
from pos_client.ui.parts.painted import Painted, box
from pos_client.ui.style import BOLD, REGULAR, SEMIBOLD, Style
from pos_client.ui.tone import Tone

RIGHT = Qt.AlignmentFlag.AlignRight
KEYS = 3
LARGEST_AMOUNT = 99_999_999
"""Eight digits: more points than any account holds; an ID has nine and is never taken for an amount."""


class PointsPanel(Painted[PanelView]):
    """`acted(PanelVerb)` for a touched key. Holds the inline "other amount" field, shown only when asked for."""

    acted = Signal(object)

    def __init__(self, style: Style, amount_caption: str, amount_hint: str, parent: QWidget | None = None) -> None:
        super().__init__(style, PanelView(), parent)
        self.setObjectName("points-panel")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self._caption, self._hint = amount_caption, amount_hint
        self._keys = [KeyButton(style, parent=self) for _ in range(KEYS)]
        for index, key in enumerate(self._keys):
            key.hide()
            key.clicked.connect(lambda *_, index=index: self._act(index))
        self.amount_field = QLineEdit(self)
        self.amount_field.setObjectName("amount-field")
        self.amount_field.setAccessibleName(amount_caption)
        self.amount_field.setProperty("entry", True)
        self.amount_field.setValidator(QIntValidator(1, LARGEST_AMOUNT, self.amount_field))
        self.amount_field.hide()

    def sizeHint(self) -> QSize:
        """One height for all phases: the card below does not jump."""
        return QSize(300, self.look.room(166, 146))

    def minimumSizeHint(self) -> QSize:
        """What its words and keys need: the air between them is an advice's, where there is one."""
        return QSize(100, self.look.room(146, 146))

    def show_view(self, view: PanelView) -> bool:
        """Take a view; keys that are gone are hidden."""
        changed = super().show_view(view)
        if changed:
            for index, key in enumerate(self._keys):
                action = view.actions[index] if index < len(view.actions) else None
                key.setVisible(action is not None)
                if action is not None:
                    key.show_key(action.key, action.label, enabled=action.enabled, primary=action.primary)
            self.setAccessibleName(" ".join(p for p in (view.title, view.value, view.counter, view.body) if p))
            self.setToolTip(view.body)
            self._place()
        return changed

    def open_amount(self, digits: str) -> None:
        """Show the field with what was typed and put the cursor behind it."""
        self.amount_field.setText(digits)
        self.amount_field.show()
        self.amount_field.setFocus(Qt.FocusReason.OtherFocusReason)  # other reasons select what is there
        self.amount_field.end(False)
        self._place()
        self.update()

    def close_amount(self) -> None:
        """Hide the field and forget its digits."""
        self.amount_field.clear()
        self.amount_field.hide()
        self.update()

    def _act(self, index: int) -> None:
        if index < len(self.view.actions):
            self.acted.emit(self.view.actions[index].verb)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keys at the foot, from the left."""
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        look, pad = self.look, self.look.space("apart")
        left, room = pad, self.width() - 2 * pad
        shown = [key for key in self._keys if not key.isHidden()]
        for key in shown:
            wide = min(key.sizeHint().width(), room - (left - pad))
            height = key.sizeHint().height()
            key.setGeometry(
                left, self.height() - height - look.space("tight" if look.compact else "apart"), wide, height
            )
            left += wide + look.px(8)
        self.amount_field.setGeometry(pad, look.px(62), self.width() - 2 * pad, look.px(46))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Title and amount, counter, sentence, countdown."""
        del event
        look, view, painter = self.look, self.view, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect())
        quiet = view.tone is Tone.NEUTRAL
        ground = look.colour("sunken") if quiet else look.tone(view.tone, "fill")
        box(painter, area, ground, look.tone(view.tone, "line"), look.corner, 1.0 if quiet else 1.5)
        ink = look.colour("soft") if quiet else look.tone(view.tone, "ink")
        pad, sign = look.space("apart"), look.px(18)
        row = QRectF(area.left() + pad, area.top() + look.room(8, 4), area.width() - 2 * pad, look.room(28, 25))
        shapes.draw(painter, QRectF(row.left(), row.center().y() - sign / 2, sign, sign), view.shape, ink)
        row.setLeft(row.left() + sign + look.px(9))
        below = look.compact and bool(view.counter)
        if view.value and not below:
            used = figures.draw(painter, row, view.value, look.font("title", BOLD), look.colour("ink"), RIGHT)
            row.setRight(row.right() - used - look.px(12))
        title_ink, title = look.colour("ink") if quiet else ink, look.font("strong", SEMIBOLD)
        if below or figures.line_width(view.title, title) <= row.width():
            figures.line(painter, row, view.title, title, title_ink)
        else:
            row.setHeight(row.height() + look.px(20))
            prose.draw(painter, row.adjusted(0, look.space("tight"), 0, 0), view.title, title, title_ink)
        text = QRectF(area.left() + pad, row.bottom() + look.px(2), area.width() - 2 * pad, look.px(22))
        if not self.amount_field.isHidden():
            figures.line(painter, text, self._caption, look.font("body", SEMIBOLD), look.colour("ink"))
            figures.line(painter, text, self._hint, look.font("small", REGULAR), look.colour("soft"), RIGHT)
            return
        if view.counter:
            figures.draw(painter, text, view.counter, look.font("strong", BOLD), ink)
            if below:
                figures.draw(painter, text, view.value, look.font("strong", BOLD), look.colour("ink"), RIGHT)
            text.translate(0, look.room(25, 20))
        foot = area.bottom() - (look.room(60, 52) if view.actions else pad)
        if view.countdown_permille is not None and look.compact:
            self._countdown(painter, QRectF(text.left(), area.bottom() - look.px(5), text.width(), look.px(3)))
        elif view.countdown_permille is not None:
            self._countdown(painter, QRectF(text.left(), foot - look.px(6), text.width(), look.px(5)))
            foot -= look.px(8)
        foot -= look.space("tight")
        body = QRectF(text.left(), text.top(), text.width(), foot - text.top())
        font = look.font("body", REGULAR)
        if prose.height(view.body, font, body.width()) > body.height():
            font = look.font("small", REGULAR)
        said = prose.whole_sentences(view.body, font, body.width(), body.height())
        prose.draw(painter, body, said, font, look.colour("ink" if not quiet else "soft"))

    def _countdown(self, painter: QPainter, track: QRectF) -> None:
        look, view = self.look, self.view
        box(painter, track, look.tone(view.tone, "solid"), None, track.height() / 2)
        left = QRectF(track)
        left.setWidth(max(track.height(), track.width() * (view.countdown_permille or 0) / 1000))
        box(painter, left, look.tone(view.tone, "line"), None, track.height() / 2)
