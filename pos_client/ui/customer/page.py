"""The left side of the customer's screen: one question or one statement, in type to be read at 80 cm."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_client.services.messages import KeypadKey
from pos_client.ui import figures
from pos_client.ui.checkout.view_model import Row
from pos_client.ui.customer.view import Choice, CustomerView
from pos_client.ui.parts import prose
from pos_client.ui.parts.painted import Painted, box
from pos_client.ui.style import BOLD, MEDIUM, REGULAR, SEMIBOLD, Style
from pos_client.ui.tone import Tone

RIGHT = Qt.AlignmentFlag.AlignRight
BOTTOM = Qt.AlignmentFlag.AlignBottom


class Page(Painted[CustomerView]):
    """Drawn from the top; hints stand at the foot. `chosen(key)` when a numbered answer is touched."""

    chosen = Signal(object)

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(style, CustomerView(), parent)
        self.setObjectName("customer-page")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._choices: list[tuple[QRectF, int | KeypadKey]] = []

    def sizeHint(self) -> QSize:
        """The larger side."""
        return QSize(self.look.px(604), self.look.px(500))

    def show_view(self, view: CustomerView) -> bool:
        """Take a view. What is typed of a phone number may be read aloud; of a secret nothing is here to be read."""
        changed = super().show_view(view)
        if changed:
            parts = (view.title, view.subtitle, view.figure, view.figure_note, view.counter, *view.hints)
            self.setAccessibleName(" ".join(part for part in parts if part))
        return changed

    def choice_rect(self, key: int | KeypadKey) -> QRectF:
        """Where an answer is touched. Raises `KeyError` before the first paint or for a key that is no answer."""
        for rect, answer in self._choices:
            if answer == key:
                return rect
        raise KeyError(key)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A touched answer."""
        key: int | KeypadKey | None = next((k for rect, k in self._choices if rect.contains(event.position())), None)
        if key is not None:
            self.chosen.emit(key)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Part after part; each takes the room it needs."""
        del event
        look, view, painter = self.look, self.view, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), look.colour("panel"))
        area = QRectF(self.rect()).adjusted(look.px(36), look.px(26), -look.px(32), -look.px(26))
        area.setBottom(area.bottom() - self._hints(painter, area))
        ink = look.colour("ink") if view.title_tone is Tone.NEUTRAL else look.tone(view.title_tone, "ink")
        area.setTop(area.top() + prose.draw(painter, area, view.title, look.font("customer_title", BOLD), ink))
        if view.subtitle:
            area.setTop(area.top() + look.px(2))
            used = prose.draw(painter, area, view.subtitle, look.font("customer_body", REGULAR), look.colour("soft"))
            area.setTop(area.top() + used)
        area.setTop(area.top() + look.px(20))
        if view.statement:
            font = look.font_px(look.px(24), REGULAR)
            area.setTop(area.top() + prose.draw(painter, area, view.statement, font, look.colour("ink")) + look.px(18))
        if view.entered is not None:
            self._entered(painter, area, view.entered, view.placeholder)
        if view.dots is not None:
            self._dots(painter, area, *view.dots)
        if view.figure:
            self._figure(painter, area)
        self._choices.clear()
        for choice in view.choices:
            self._choice(painter, area, choice)
        self._rows(painter, area)
        if view.counter:
            area.setTop(area.top() + look.px(8))
            counter = look.tone(view.counter_tone, "ink")
            prose.draw(painter, area, view.counter, look.font("customer_body", SEMIBOLD), counter)

    def _hints(self, painter: QPainter, area: QRectF) -> float:
        look, used = self.look, 0.0
        for hint in reversed(self.view.hints):
            room = QRectF(area.left(), area.top(), area.width(), area.height() - used)
            font = look.font("customer_small", MEDIUM)
            used += prose.draw(painter, room, hint, font, look.colour("soft"), BOTTOM) + look.px(4)
        return used

    def _line(self, painter: QPainter, area: QRectF, text: str, size: int, weight: QFont.Weight, ink: QColor) -> None:
        """One line that shrinks until it fits, then moves `area` below it."""
        look = self.look
        while size > look.px(24) and figures.width(text, look.font_px(size, weight)) > area.width():
            size -= 1
        row = QRectF(area.left(), area.top(), area.width(), size * 1.25)
        figures.draw(painter, row, text, look.font_px(size, weight), ink)
        area.setTop(row.bottom())

    def _figure(self, painter: QPainter, area: QRectF) -> None:
        look, view = self.look, self.view
        if view.figure_label:
            self._line(painter, area, view.figure_label, look.size("customer_small"), REGULAR, look.colour("soft"))
        self._line(painter, area, view.figure, look.size("customer_huge"), BOLD, look.colour("ink"))
        if view.figure_note:
            self._line(painter, area, view.figure_note, look.px(24), MEDIUM, look.colour("ink"))
        area.setTop(area.top() + look.px(12))

    def _entered(self, painter: QPainter, area: QRectF, entered: str, placeholder: str) -> None:
        look = self.look
        row = QRectF(area.left(), area.top(), area.width(), look.px(84))
        box(painter, row, look.colour("sunken"), look.colour("accent"), look.px(12), 2.0)
        text = row.adjusted(look.px(20), 0, -look.px(20), 0)
        size = look.px(48)
        while size > look.px(26) and figures.width(entered, look.font_px(size, BOLD)) > text.width():
            size -= 1
        if entered:
            figures.draw(painter, text, entered, look.font_px(size, BOLD), look.colour("ink"))
        else:
            figures.line(painter, text, placeholder, look.font_px(look.px(30), REGULAR), look.colour("soft"))
        area.setTop(row.bottom() + look.px(16))

    def _dots(self, painter: QPainter, area: QRectF, filled: int, total: int) -> None:
        look = self.look
        wide, gap, high = look.px(48), look.px(12), look.px(58)
        for index in range(max(total, filled)):
            cell = QRectF(area.left() + index * (wide + gap), area.top(), wide, high)
            done = index < filled
            ground = look.tone(Tone.PROGRESS, "solid") if done else look.colour("panel")
            box(painter, cell, ground, look.colour("accent" if done else "edge"), look.px(10), 2.0 if done else 1.0)
            if done:
                painter.setBrush(look.colour("ink"))
                painter.setPen(Qt.PenStyle.NoPen)
                painter.drawEllipse(cell.center(), look.px(8), look.px(8))
        area.setTop(area.top() + high + look.px(20))

    def _choice(self, painter: QPainter, area: QRectF, choice: Choice) -> None:
        look = self.look
        row = QRectF(area.left(), area.top(), area.width(), look.px(70))
        box(painter, row, look.colour("sunken"), look.colour("edge"), look.px(12))
        self._choices.append((row, choice.key))
        text = row.adjusted(look.px(20), 0, -look.px(20), 0)
        cap = look.font_px(look.px(26), BOLD)
        column = max(figures.line_width(other.cap, cap) for other in self.view.choices)
        figures.line(painter, text, choice.cap, cap, look.colour("accent"))
        text.setLeft(text.left() + column + look.px(22))
        amount = look.font_px(look.px(28), BOLD)
        wide = figures.draw(painter, text, choice.figure, amount, look.colour("ink"), RIGHT) if choice.figure else 0
        text.setRight(text.right() - wide - look.px(16))
        figures.line(painter, text, choice.label, look.font_px(look.px(23), MEDIUM), look.colour("ink"))
        area.setTop(row.bottom() + look.px(12))

    def _rows(self, painter: QPainter, area: QRectF) -> None:
        look, view = self.look, self.view
        if view.rows_title:
            self._line(painter, area, view.rows_title, look.px(22), SEMIBOLD, look.colour("ink"))
            area.setTop(area.top() + look.px(6))
        for row in view.rows:
            high = look.px(66 if row.strong else 58 if view.rows_title else 44)
            if area.top() + high > area.bottom() + look.px(6):
                break
            self._row(painter, QRectF(area.left(), area.top(), area.width(), high), row)
            area.setTop(area.top() + high)

    def _row(self, painter: QPainter, line: QRectF, row: Row) -> None:
        look = self.look
        ink = look.colour("ink") if row.tone is Tone.NEUTRAL else look.tone(row.tone, "ink")
        large = look.px(29 if self.view.rows_title else 25)
        figure = look.font_px(look.px(48), BOLD) if row.strong else look.font_px(large, SEMIBOLD)
        used = figures.draw(painter, line, row.figure, figure, ink, RIGHT) if row.figure else 0
        line.setRight(line.right() - used - look.px(16))
        label = look.font("customer_title", BOLD) if row.strong else look.font_px(large - look.px(2), REGULAR)
        label_ink = ink if row.strong and not row.figure else look.colour("ink")
        figures.line(painter, line, row.label, label, label_ink)
