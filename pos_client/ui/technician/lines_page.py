"""Lines: each with its light at the left; the chosen one's figures, tests and form at the right."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.identifiers import PointId
from pos_client.domain.port_finding import ProbeProgress, ProbeStep
from pos_client.services import messages as m
from pos_client.services.snapshots import PointTest, TerminalSnapshot
from pos_client.settings.faults import Fault
from pos_client.settings.model import LineSettings
from pos_client.settings.validation import check
from pos_client.ui.style import Style
from pos_client.ui.technician.crossing import Crossing
from pos_client.ui.technician.desk import Workshop
from pos_client.ui.technician.draft import Draft
from pos_client.ui.technician.line_card import LineCard
from pos_client.ui.technician.line_key import LineKey
from pos_client.ui.technician.line_view import Outcome, draft_outcome, line_facts, point_outcome, points_of
from pos_client.ui.technician.options_form import OptionsForm
from pos_client.ui.technician.pieces import scroll_area
from pos_client.ui.technician.view_model import line_light
from pos_client.ui.tone import Tone


class LinesPage(QWidget):
    """`command(message)`: something for the terminal. `faulty(faults)`: the line cannot be tested as it stands."""

    command = Signal(object)
    faulty = Signal(object)

    def __init__(
        self, style: Style, words: Catalogue, draft: Draft, workshop: Workshop, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.look, self._words, self._draft, self._workshop = style, words, draft, workshop
        self._running = draft.saved_tree().get("lines")
        self._crossing = Crossing(self)
        self._snapshot: TerminalSnapshot | None = None
        self._number = 0
        self._asked: PointTest | None = None
        """the test that stood in the snapshot when this page asked: its answer is another one"""
        self._point_asked: PointId | None = None
        self._testing: tuple[LineSettings, ProbeProgress, int] | None = None
        self._keys: list[LineKey] = []
        self.form = OptionsForm(style, words, draft, self)
        self.form.edited.connect(self._edited)
        self.card = LineCard(style, words, self)
        self.card.restart.connect(lambda: self.command.emit(m.RestartLine(self._name(self._number))))
        self.card.test_point.connect(self._test_point)
        self.card.test_draft.connect(self._test_draft)
        self._lay_out()

    def _lay_out(self) -> None:
        self._column = QVBoxLayout()
        self.look.lay(self._column, "near")
        add = QPushButton(self._words.say("tech.add_lines"), self)
        add.setObjectName("add-lines")
        add.clicked.connect(self.add)
        body = QWidget(self)
        inside = QVBoxLayout(body)
        self.look.lay(inside, "near", "none")
        inside.addLayout(self._column)
        inside.addWidget(add)
        inside.addStretch(1)
        side = scroll_area(self.look, self)
        side.setWidget(body)
        right = QVBoxLayout()
        self.look.lay(right, "near")
        right.addWidget(self.card)
        right.addWidget(self.form, 1)
        row = QHBoxLayout(self)
        self.look.lay(row, "apart", "none")
        row.addWidget(side, 20)
        row.addLayout(right, 80)

    # ── which line ─────────────────────────────────────────────────────────────────────────────────────────────────

    def open(self, number: int) -> None:
        """Show a line; what was said about another one's test is gone."""
        if number != self._number:
            self._forget_tests()
        self._number = max(0, min(number, self._draft.count("lines") - 1))
        self.form.show_page("lines", self._number)
        self.refresh()

    def add(self) -> None:
        """A further line, with nothing chosen yet."""
        number = self._draft.add("lines", "lines")
        self.form.edited.emit()
        self.open(number)

    def _edited(self) -> None:
        last = max(0, self._draft.count("lines") - 1)
        self._number = min(self._number, last)
        self._forget_tests()
        self.refresh()

    # ── lights ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def show_snapshot(self, snapshot: TerminalSnapshot) -> None:
        """Live lights."""
        self._snapshot = snapshot
        self.refresh()

    def refresh(self) -> None:
        """Draw what is known now."""
        live = self._snapshot.status.lines if self._snapshot is not None else ()
        count = self._draft.count("lines")
        lights = [line_light(self._words, self._name(number), live) for number in range(count)]
        while len(self._keys) > count:
            self._keys.pop().deleteLater()
        while len(self._keys) < count:
            self._keys.append(self._key(len(self._keys), lights[len(self._keys)].name))
        for number, (key, light) in enumerate(zip(self._keys, lights, strict=True)):
            key.show_light(light)
            key.setChecked(number == self._number)
        self.card.setVisible(count > 0)
        numbers = points_of(self._snapshot, self._points(self._number))
        changed = self._is_changed(self._number)
        self.card.show_line(line_facts(self._words, self._name(self._number), live), numbers, changed=changed)
        self.card.show_outcome(self._outcome())

    def _key(self, number: int, name: str) -> LineKey:
        key = LineKey(self.look, line_light(self._words, name, ()), self)
        key.setObjectName(f"line-{number}")
        key.clicked.connect(lambda: self.open(number))
        self._column.addWidget(key)
        return key

    def _name(self, number: int) -> str:
        return str(self._draft.get(f"lines[{number}].name") or "")

    def _points(self, number: int) -> tuple[int, ...]:
        found = [
            self._draft.get(f"lines[{number}].points[{n}].point")
            for n in range(self._draft.count(f"lines[{number}].points"))
        ]
        return tuple(point for point in found if isinstance(point, int))

    def _is_changed(self, number: int) -> bool:
        """Whether the line differs from every one the program was started with."""
        return not isinstance(self._running, list) or self._draft.get(f"lines[{number}]") not in self._running

    # ── tests ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _forget_tests(self) -> None:
        if self._testing is not None:
            self._workshop.cancel()
            self._crossing.forget("test")
        self._testing, self._asked, self._point_asked = None, None, None

    def _test_point(self, number: int) -> None:
        self._forget_tests()
        self._point_asked = PointId(number)
        self._asked = self._snapshot.point_test if self._snapshot is not None else None
        self.command.emit(m.TestPoint(PointId(number)))
        self.refresh()

    def _test_draft(self) -> None:
        line = draft_line(self._draft, self._number)
        if isinstance(line, tuple):
            self.faulty.emit(line)
            return
        self._forget_tests()
        ticks = self._snapshot.ticks_ms if self._snapshot is not None else 0
        self._testing = (line, ProbeProgress(line.port, ProbeStep.OPENING), ticks)
        self._workshop.examine(line.identity or line.port, line, self._crossing.asks("test", self._tested))
        self.refresh()

    def _tested(self, progress: ProbeProgress) -> None:
        if self._testing is not None:
            self._testing = (self._testing[0], progress, self._testing[2])
            self.refresh()

    def _outcome(self) -> Outcome | None:
        now = self._snapshot.ticks_ms if self._snapshot is not None else 0
        if self._testing is not None:
            line, progress, since = self._testing
            return draft_outcome(self._words, line, progress, now - since)
        if self._point_asked is None:
            return None
        test = self._snapshot.point_test if self._snapshot is not None else None
        if test is None or test == self._asked or test.point != self._point_asked:
            point = self._words.say("tech.point", point=self._point_asked)
            return Outcome(self._words.say("tech.test.asked", point=point), Tone.PROGRESS)
        return point_outcome(self._words, test, now)


def draft_line(draft: Draft, number: int) -> LineSettings | tuple[Fault, ...]:
    """A line of a draft as the program would use it, or what is wrong with it; other lines may be as they like."""
    tree = draft.tree()
    alone = {"grades": tree.get("grades", []), "lines": [draft.get(f"lines[{number}]")]}
    checked = check(alone)
    if checked.settings is not None:
        return checked.settings.lines[0]
    return tuple(
        replace(fault, place=fault.place.replace("lines[0]", f"lines[{number}]", 1)) for fault in checked.faults
    )
