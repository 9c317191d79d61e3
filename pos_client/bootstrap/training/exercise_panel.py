"""The list of exercises beside the till: what to do, what goes wrong on purpose, and a tick for each that was done."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from pos_client.bootstrap.training.exercises import EXERCISES, FAULTS, Drill
from pos_client.domain.catalogue import Catalogue
from pos_client.services.snapshots import TerminalSnapshot

TODO, DOING, DONE = "○", "▶", "✓"
TOUCH_PX = 44
"""Height of what a finger hits."""


class ExercisePanel(QWidget):
    """`begin(fault)` lets things go wrong, `restore` puts them right, `keep(done)` remembers the ticks."""

    def __init__(
        self,
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
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        grid.setVerticalSpacing(4)
        self._marks: dict[str, QLabel] = {}
        for row, name in enumerate(EXERCISES):
            self._marks[name] = QLabel(self)
            self._marks[name].setObjectName(f"mark-{name}")
            title = QLabel(words.say(f"training.exercise.{name}"), self)
            key = QPushButton(words.say("training.practise"), self)
            key.setObjectName(f"practise-{name}")
            key.setMinimumHeight(TOUCH_PX)
            key.clicked.connect(lambda *_, name=name: self.practise(name))
            for place, widget in enumerate((self._marks[name], title, key)):
                grid.addWidget(widget, row, place)
        self._told = QLabel(words.say("training.choose"), self)
        self._told.setObjectName("exercise-told")
        self._told.setWordWrap(True)
        right = QPushButton(words.say("training.restore"), self)
        right.setObjectName("exercise-restore")
        right.setMinimumHeight(TOUCH_PX)
        right.clicked.connect(lambda *_: restore())
        column = QVBoxLayout(self)
        column.addLayout(grid)
        column.addWidget(self._told)
        column.addStretch(1)
        column.addWidget(right)
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
            mark.setText(DOING if doing else DONE if name in self.drill.done else TODO)
