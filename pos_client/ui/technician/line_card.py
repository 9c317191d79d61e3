"""A line's live light in full: state, figures of its last second, restart, test of a point or of the draft."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from pos_client.domain.catalogue import Catalogue
from pos_client.ui import figures
from pos_client.ui.parts import shapes
from pos_client.ui.parts.painted import Painted
from pos_client.ui.parts.roles import give_role
from pos_client.ui.style import MEDIUM, REGULAR, SEMIBOLD, Style
from pos_client.ui.technician.field import CalmComboBox
from pos_client.ui.technician.line_view import SHAPES, LineFacts, Outcome
from pos_client.ui.tone import Tone


class LineLamp(Painted[LineFacts]):
    """State in a word and a shape, figures in a row."""

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(style, LineFacts("", Tone.NEUTRAL), parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """One line of words, two of figures."""
        return QSize(300, self.look.px(76 if self.view.figures else 30))

    def show_view(self, view: LineFacts) -> bool:
        """Taller with figures than without."""
        taller = bool(view.figures) != bool(self.view.figures)
        changed = super().show_view(view)
        if taller:
            self.updateGeometry()
        return changed

    def paintEvent(self, event: QPaintEvent) -> None:
        """Sign and state above, captions and figures below."""
        del event
        look, view, painter = self.look, self.view, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink, sign = look.tone(view.tone, "ink"), look.px(18)
        shapes.draw(painter, QRectF(1, look.px(5), sign, sign), SHAPES[view.tone], ink)
        head = QRectF(sign + look.px(8), 0, self.width() - sign - look.px(8), look.px(28))
        figures.line(painter, head, view.state, look.font("strong", SEMIBOLD), ink)
        if not view.figures:
            return
        device, *rest = view.figures
        parts = [(device, 4), *((each, 3) for each in rest)]
        left, share = 0.0, self.width() / sum(weight for _, weight in parts)
        for each, weight in parts:
            room = QRectF(left, look.px(32), share * weight - look.px(10), look.px(18))
            left += share * weight
            figures.line(painter, room, each.caption, look.font("small", REGULAR), look.colour("soft"))
            room = QRectF(room.left(), look.px(50), room.width(), look.px(24))
            colour = look.colour("ink") if each.tone is Tone.NEUTRAL else look.tone(each.tone, "ink")
            figures.draw(painter, room, each.text, look.font("strong", MEDIUM), colour)


class LineCard(QFrame):
    """`restart`, `test_point(number)`, `test_draft`: what the technician asked for."""

    restart = Signal()
    test_point = Signal(int)
    test_draft = Signal()

    def __init__(self, style: Style, words: Catalogue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", True)
        self.setObjectName("line-card")
        self.lamp = LineLamp(style, self)
        self.points = CalmComboBox(self)
        self.points.setAccessibleName(words.say("tech.live.which_point"))
        self.points.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._words = words
        self.restart_key = self._key("restart-line", "tech.live.restart")
        self.point_key = self._key("test-point", "tech.live.test_point")
        self.draft_key = self._key("test-draft", "tech.live.test_draft")
        self.restart_key.clicked.connect(self.restart)
        self.draft_key.clicked.connect(self.test_draft)
        self.point_key.clicked.connect(lambda: self.test_point.emit(self.points.currentData()))
        self.said = QLabel(self)
        self.said.setObjectName("test-outcome")
        self.said.setWordWrap(True)
        self.said.hide()
        keys = QHBoxLayout()
        style.lay(keys, "near")
        for widget in (self.draft_key, self.points, self.point_key):
            keys.addWidget(widget)
        keys.addStretch(1)
        keys.addWidget(self.restart_key)
        column = QVBoxLayout(self)
        style.lay(column, "near", ("wide", "apart"))
        column.addWidget(self.lamp)
        column.addLayout(keys)
        column.addWidget(self.said)

    def _key(self, name: str, words: str) -> QPushButton:
        key = QPushButton(self._words.say(words), self)
        key.setObjectName(name)
        return key

    def show_line(self, facts: LineFacts, points: tuple[int, ...], *, changed: bool) -> None:
        """Take a light. A line at work is asked point by point, one that is new or changed as it is set."""
        self.lamp.show_view(facts)
        self.restart_key.setVisible(facts.runs)
        asks = facts.runs and bool(points) and not changed
        self.points.setVisible(asks)
        self.point_key.setVisible(asks)
        self.draft_key.setVisible(not asks)
        here = tuple(self.points.itemData(index) for index in range(self.points.count()))
        if here != points:
            self.points.clear()
            for number in points:
                self.points.addItem(self._words.say("tech.point", point=number), number)

    def show_outcome(self, outcome: Outcome | None) -> None:
        """What came of a test; None: nothing was tested."""
        self.said.setVisible(outcome is not None)
        text, role = (outcome.text, f"tone-{outcome.tone.value}") if outcome is not None else ("", "")
        if self.said.text() != text:
            self.said.setText(text)
        give_role(self.said, role)
