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
LEAST_AMOUNT_PX = 60
"""The amount is read from where the car stands."""


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
            parts = (
                view.title,
                view.subtitle,
                view.news,
                view.name,
                view.figure,
                view.figure_note,
                view.counter,
                *view.hints,
            )
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
        area = QRectF(self.rect()).adjusted(
            look.space("vast"), look.space("far"), -look.space("vast"), -look.space("far")
        )
        self._choices.clear()
        area.setBottom(area.bottom() - self._foot(painter, area))
        ink = look.colour("ink") if view.title_tone is Tone.NEUTRAL else look.tone(view.title_tone, "ink")
        self._prose(painter, area, view.title, look.font("customer_title", BOLD), ink)
        if view.subtitle:
            area.setTop(area.top() + look.px(2))
            self._prose(painter, area, view.subtitle, look.font("customer_body", REGULAR), look.colour("soft"))
        if view.news:
            area.setTop(area.top() + look.px(6))
            warning = look.tone(Tone.ATTENTION, "ink")
            self._prose(painter, area, view.news, look.font("customer_body", SEMIBOLD), warning)
        area.setTop(area.top() + look.px(18))
        if view.statement:
            self._prose(painter, area, view.statement, look.font_px(look.px(24), REGULAR), look.colour("ink"))
            area.setTop(area.top() + look.px(18))
        if view.entered is not None:
            self._entered(painter, area, view.entered, view.placeholder)
        if view.dots is not None:
            self._dots(painter, area, *view.dots)
        if view.name:
            self._name(painter, area)
        self._figure(painter, area)
        for choice in view.choices:
            self._choice(painter, area, choice)
        self._rows(painter, area)

    @staticmethod
    def _prose(painter: QPainter, area: QRectF, text: str, font: QFont, ink: QColor) -> None:
        """Wrapped text from the top of `area`, which then begins below it."""
        area.setTop(area.top() + prose.draw(painter, area, text, font, ink))

    def _foot(self, painter: QPainter, area: QRectF) -> float:
        """Hints at the foot, and above them how long this waits: always in the same place, whatever the page holds."""
        look, view = self.look, self.view
        used = self._hints(painter, area)
        if view.counter:
            used += look.px(8 if view.hints else 0)
            room = QRectF(area.left(), area.top(), area.width(), area.height() - used)
            ink = look.colour("soft") if view.counter_tone is Tone.NEUTRAL else look.tone(view.counter_tone, "ink")
            used += prose.draw(painter, room, view.counter, look.font("customer_body", SEMIBOLD), ink, BOTTOM)
        if view.keys:
            used += look.px(12)
            self._keys(painter, QRectF(area.left(), area.bottom() - used - look.px(64), area.width(), look.px(64)))
            used += look.px(64)
        return used + look.px(8)

    def _keys(self, painter: QPainter, row: QRectF) -> None:
        """Side by side, of one width; the last one leads on."""
        look, keys, gap = self.look, self.view.keys, self.look.space("apart")
        wide = (row.width() - gap * (len(keys) - 1)) / len(keys)
        for number, key in enumerate(keys):
            cell = QRectF(row.left() + number * (wide + gap), row.top(), wide, row.height())
            leads = len(keys) > 1 and number == len(keys) - 1
            box(painter, cell, look.colour("accent" if leads else "sunken"), look.colour("edge"), look.corner)
            ink = look.colour("on_accent" if leads else "ink")
            centre = Qt.AlignmentFlag.AlignHCenter
            figures.line(painter, cell, key.label, look.font("customer_body", SEMIBOLD), ink, centre)
            self._choices.append((cell, key.key))

    def _hints(self, painter: QPainter, area: QRectF) -> float:
        look, used = self.look, 0.0
        for hint in reversed(self.view.hints):
            room = QRectF(area.left(), area.top(), area.width(), area.height() - used)
            font = look.font("customer_small", MEDIUM)
            used += prose.draw(painter, room, hint, font, look.colour("soft"), BOTTOM) + look.px(4)
        return used

    def _line(
        self, painter: QPainter, area: QRectF, text: str, size: int, weight: QFont.Weight, ink: QColor, least: int
    ) -> None:
        """One line that shrinks to `least` pixels until it fits, then moves `area` below it."""
        look = self.look
        while size > least and figures.width(text, look.font_px(size, weight)) > area.width():
            size -= 1
        row = QRectF(area.left(), area.top(), area.width(), size * 1.25)
        figures.draw(painter, row, text, look.font_px(size, weight), ink)
        area.setTop(row.bottom())

    def _name(self, painter: QPainter, area: QRectF) -> None:
        """A name on one line, or smaller on two."""
        look, size = self.look, self.look.px(56)
        while size > look.px(30) and len(prose.lines_of(self.view.name, look.font_px(size, BOLD), area.width())) > 1:
            size -= 1
        self._prose(painter, area, self.view.name, look.font_px(size, BOLD), look.colour("ink"))

    def _figure(self, painter: QPainter, area: QRectF) -> None:
        """The amount, its label above and its note below."""
        look, view = self.look, self.view
        small, ink = look.size("customer_small"), look.colour("ink")
        if view.figure_label and view.figure:
            self._line(painter, area, view.figure_label, small, REGULAR, look.colour("soft"), small)
        if view.figure:
            self._line(painter, area, view.figure, look.size("customer_huge"), BOLD, ink, look.px(LEAST_AMOUNT_PX))
        if view.figure_note:
            self._line(painter, area, view.figure_note, look.px(24), MEDIUM, ink, look.px(20))
        if view.figure or view.figure_note:
            area.setTop(area.top() + look.px(12))

    def _entered(self, painter: QPainter, area: QRectF, entered: str, placeholder: str) -> None:
        look = self.look
        row = QRectF(area.left(), area.top(), area.width(), look.px(84))
        box(painter, row, look.colour("sunken"), look.colour("accent"), look.corner, 2.0)
        text = row.adjusted(look.space("wide"), 0, -look.space("wide"), 0)
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
        wide, gap, high = look.px(48), look.space("apart"), look.px(58)
        for index in range(max(total, filled)):
            cell = QRectF(area.left() + index * (wide + gap), area.top(), wide, high)
            done = index < filled
            ground = look.tone(Tone.PROGRESS, "solid") if done else look.colour("panel")
            box(painter, cell, ground, look.colour("accent" if done else "edge"), look.corner, 2.0 if done else 1.0)
            if done:
                painter.setBrush(look.colour("ink"))
                painter.setPen(Qt.PenStyle.NoPen)
                painter.drawEllipse(cell.center(), look.px(8), look.px(8))
        area.setTop(area.top() + high + look.px(20))

    def _choice(self, painter: QPainter, area: QRectF, choice: Choice) -> None:
        look = self.look
        row = QRectF(area.left(), area.top(), area.width(), look.px(70))
        box(painter, row, look.colour("sunken"), look.colour("edge"), look.corner)
        self._choices.append((row, choice.key))
        text = row.adjusted(look.space("wide"), 0, -look.space("wide"), 0)
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
        """Under their title; larger where there is room, and those that find none are not begun."""
        look, view = self.look, self.view
        if view.rows_title:
            self._rows_title(painter, area, view.rows_title, view.rows_note)
        most = look.px(58) if view.rows_title else look.px(44)
        each = int(area.height()) // len(view.rows) if view.rows else most
        high = max(look.px(36), min(most, each))
        for number, row in enumerate(view.rows):
            if area.top() + high > area.bottom() + look.px(6):
                break
            if number:
                painter.fillRect(QRectF(area.left(), area.top(), area.width(), 1), look.colour("line"))
            self._row(painter, QRectF(area.left(), area.top(), area.width(), high), row)
            area.setTop(area.top() + high)

    def _rows_title(self, painter: QPainter, area: QRectF, title: str, note: str) -> None:
        look = self.look
        self._line(painter, area, title, look.px(22), SEMIBOLD, look.colour("ink"), look.px(18))
        if note:
            small = look.size("customer_small")
            self._line(painter, area, note, small, REGULAR, look.colour("soft"), small)
        area.setTop(area.top() + look.px(6))

    def _row(self, painter: QPainter, line: QRectF, row: Row) -> None:
        look = self.look
        ink = look.colour("ink") if row.tone is Tone.NEUTRAL else look.tone(row.tone, "ink")
        large = look.px(28 if line.height() >= look.px(50) else 24)
        used = figures.draw(painter, line, row.figure, look.font_px(large, SEMIBOLD), ink, RIGHT) if row.figure else 0
        line.setRight(line.right() - used - look.px(16))
        figures.line(painter, line, row.label, look.font_px(large - look.px(2), REGULAR), look.colour("ink"))
