"""The form of one page, generated from declared options: no option has code of its own here."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from pos_client.domain.catalogue import Catalogue
from pos_client.ui.technician.draft import Draft
from pos_client.ui.technician.field import OptionField
from pos_client.ui.technician.view_model import LISTED, fields

COLUMNS = 3


class OptionsForm(QScrollArea):
    """`edited` after each change of the draft. `show_page` builds a page, `show_faults` marks its fields at once."""

    edited = Signal()

    def __init__(self, words: Catalogue, draft: Draft, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words, self._draft = words, draft
        self._fields: dict[str, OptionField] = {}
        self._section, self._number = "", 0
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)

    @property
    def places(self) -> frozenset[str]:
        """Places with a field on this page."""
        return frozenset(self._fields)

    def field(self, place: str) -> OptionField | None:
        """The field of a place, if it is on this page."""
        return self._fields.get(place)

    def show_page(self, section: str, number: int = 0) -> None:
        """Build the fields of a section; of `lines` the line with that number and its points."""
        self._section, self._number = section, number
        self._fields = {}
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 12, 0)
        column.setSpacing(12)
        if section == "lines":
            self._line(column, number)
        elif section in LISTED:
            if self._draft.count(section) == 0:
                self._say_none(column, section)
            for index in range(self._draft.count(section)):
                self._entry(column, section, section, index)
            self._add_key(column, section, section)
        else:
            column.addWidget(self._group(section, section, ""))
        column.addStretch(1)
        self.setWidget(body)

    def _say_none(self, column: QVBoxLayout, section: str) -> None:
        empty = QLabel(self._words.say(f"tech.none_{section}"), self)
        empty.setProperty("role", "soft")
        column.addWidget(empty)

    def _line(self, column: QVBoxLayout, number: int) -> None:
        if self._draft.count("lines") == 0:
            self._say_none(column, "lines")
            self._add_key(column, "lines", "lines")
            return
        place = f"lines[{number}]"
        self._entry(column, "lines", "lines", number)
        for index in range(self._draft.count(f"{place}.points")):
            self._entry(column, f"{place}.points", "points", index)
        self._add_key(column, f"{place}.points", "points")

    def _entry(self, column: QVBoxLayout, lists: str, section: str, index: int) -> None:
        place = f"{lists}[{index}]"
        names = {
            "lines": f"{place}.name",
            "prices": f"{place}.grade",
            "grades": f"{place}.name",
            "points": f"{place}.point",
        }
        name = str(self._draft.get(names[section]) or self._words.say("tech.new"))
        title = self._words.say("tech.point", point=name) if section == "points" else name
        group = self._group(section, place, title)
        remove = QPushButton(self._words.say(f"tech.remove_{section}"), group)
        remove.setObjectName(f"remove-{place}")
        remove.clicked.connect(self._later(lambda: self._draft.remove(lists, index)))
        head = group.findChild(QHBoxLayout, "head")
        if head is not None:
            head.addWidget(remove)
        column.addWidget(group)

    def _group(self, section: str, place: str, title: str) -> QFrame:
        group = QFrame()
        group.setProperty("panel", True)
        outer = QVBoxLayout(group)
        outer.setContentsMargins(18, 12, 18, 14)
        outer.setSpacing(10)
        head = QHBoxLayout()
        head.setObjectName("head")
        label = QLabel(title or self._words.say(f"section.{section}"), group)
        label.setProperty("role", "title")
        head.addWidget(label)
        head.addStretch(1)
        outer.addLayout(head)
        grid = QGridLayout()
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(10)
        for index, view in enumerate(fields(self._words, section, place)):
            field = OptionField(view, self._draft.get(view.place), group)
            field.changed.connect(self._put)
            self._fields[view.place] = field
            grid.addWidget(field, index // COLUMNS, index % COLUMNS)
        for column in range(COLUMNS):
            grid.setColumnStretch(column, 1)
        outer.addLayout(grid)
        return group

    def _add_key(self, column: QVBoxLayout, lists: str, section: str) -> None:
        add = QPushButton(self._words.say(f"tech.add_{section}"))
        add.setObjectName(f"add-{section}")
        add.clicked.connect(self._later(lambda: self._draft.add(lists, section)))
        column.addWidget(add, 0, Qt.AlignmentFlag.AlignLeft)

    def _later(self, change: Callable[[], object]) -> Callable[[], None]:
        """Change the draft, then build the page anew: places have moved."""

        def act() -> None:
            change()
            last = max(0, self._draft.count("lines") - 1)
            self.show_page(self._section, min(self._number, last) if self._section == "lines" else 0)
            self.edited.emit()

        return act

    def _put(self, place: str, value: object) -> None:
        self._draft.put(place, value)
        self.edited.emit()

    def show_faults(self, texts: Mapping[str, str]) -> None:
        """Mark every field that is wrong, clear every other."""
        for place, field in self._fields.items():
            field.show_fault(texts.get(place, ""))
