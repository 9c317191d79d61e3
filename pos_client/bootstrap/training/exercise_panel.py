"""The list of exercises beside the till: what to do, what goes wrong on purpose, and a tick for each that was done."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from pos_client.bootstrap.training.exercises import EXERCISES, FAULTS, Drill
from pos_client.domain.catalogue import Catalogue
from pos_client.services.snapshots import TerminalSnapshot
from pos_client.ui.parts.roles import give_role
from pos_client.ui.style import Style
from pos_client.ui.tone import Tone

TODO, DOING, DONE = "○", "▶", "✓"


class ExercisePanel(QWidget):
    """`begin(fault)` lets things go wrong, `restore` puts them right, `keep(done)` remembers the ticks."""

    def __init__(
        self,
        style: Style,
        words: Catalogue,
        done: set[str],
        begin: Callable[[str], None],
        restore: Callable[[], None],
        keep: Callable[[set[str]], None],
    ) -> None:
        super().__init__(None, Qt.WindowType.Tool)
        self._words, self._begin, self._restore, self._keep = words, begin, restore, keep
        self.drill = Drill(set(done) & set(EXERCISES))
        self._snapshot: TerminalSnapshot | None = None
        self.setObjectName("exercises")
        self.setWindowTitle(words.say("training.exercises"))
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(f"QWidget#exercises {{ background: {style.theme.colour('paper')}; }}{style.sheet()}")
        title = QLabel(words.say("training.exercises"), self)
        title.setProperty("role", "title")
        card, grid = _card(self), QGridLayout()
        grid.setColumnStretch(1, 1)
        style.lay(grid, ("apart", "tight"), ("wide", "near"))
        card.setLayout(grid)
        self._marks: dict[str, QLabel] = {}
        for row, name in enumerate(EXERCISES):
            self._marks[name] = QLabel(self)
            self._marks[name].setObjectName(f"mark-{name}")
            exercise = QLabel(words.say(f"training.exercise.{name}"), self)
            key = QPushButton(words.say("training.practise"), self)
            key.setObjectName(f"practise-{name}")
            key.setAccessibleName(f"{key.text()}: {exercise.text()}")
            key.clicked.connect(lambda *_, name=name: self.practise(name))
            for place, widget in enumerate((self._marks[name], exercise, key)):
                grid.addWidget(widget, row, place)
        self._told = QLabel(words.say("training.choose"), self)
        self._told.setObjectName("exercise-told")
        self._told.setWordWrap(True)
        self._told.setProperty("role", "strong")
        told = _card(self)
        beside = QVBoxLayout(told)
        style.lay(beside, "none", ("wide", "apart"))
        beside.addWidget(self._told)
        right = QPushButton(words.say("training.restore"), self)
        right.setObjectName("exercise-restore")
        right.clicked.connect(lambda *_: restore())
        column = QVBoxLayout(self)
        style.lay(column, "apart", ("wide", "apart"))
        head = QHBoxLayout()
        style.lay(head, "near")
        head.addWidget(title, 1)
        head.addWidget(right)
        column.addLayout(head)
        column.addWidget(card)
        column.addWidget(told)
        column.addStretch(1)
        self._show_marks()

    def practise(self, name: str) -> None:
        """Begin an exercise: what an earlier one broke is put right first."""
        self._restore()
        self.drill.begin(name, self._snapshot)
        if name in FAULTS:
            self._begin(name)
        self._told.setText(self._words.say(f"training.how.{name}"))
        self._show_marks()

    def show_snapshot(self, snapshot: TerminalSnapshot) -> None:
        """What is on the screens now."""
        self._snapshot, name = snapshot, self.drill.current
        if self.drill.see(snapshot):
            self._restore()
            self._keep(self.drill.done)
            self._told.setText(
                self._words.say("training.well_done", exercise=self._words.say(f"training.exercise.{name}"))
            )
            self._show_marks()

    def _show_marks(self) -> None:
        for name, mark in self._marks.items():
            doing = name == self.drill.current
            done = name in self.drill.done
            mark.setText(DOING if doing else DONE if done else TODO)
            give_role(mark, f"tone-{(Tone.PROGRESS if doing else Tone.DONE if done else Tone.NEUTRAL).value}")


def _card(parent: QWidget) -> QFrame:
    card = QFrame(parent)
    card.setProperty("panel", True)
    return card
