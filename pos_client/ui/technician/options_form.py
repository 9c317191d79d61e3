"""The form of one page, generated from declared options: no option has code of its own here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from pos_client.domain.catalogue import Catalogue
from pos_client.ui.parts.fade import Fade
from pos_client.ui.style import Style
from pos_client.ui.technician.draft import Draft
from pos_client.ui.technician.field import OptionField
from pos_client.ui.technician.line_draft import LineDraft
from pos_client.ui.technician.view_model import FOLDED, LISTED, FieldView, fields, protocol_fields

COLUMNS = 3


class OptionsForm(QScrollArea):
    """`edited` after each change of the draft, `rebuilt` when the same page has other fields than before.

    `show_page` builds a page, `show_faults` marks its fields at once.
    """

    edited = Signal()
    rebuilt = Signal()

    def __init__(self, style: Style, words: Catalogue, draft: Draft, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look, self._words, self._draft, self._lines = style, words, draft, LineDraft(draft)
        self._unfolded: set[str] = set()
        self._fields: dict[str, OptionField] = {}
        self._section, self._number = "", 0
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        Fade(style, self, "paper")

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
        self.look.lay(column, "apart", ("none", "none", "apart", "none"))
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
            "staff": f"{place}.name",
            "points": f"{place}.point",
        }
        name = str(self._draft.get(names[section]) or self._words.say("tech.new"))
        title = self._words.say("tech.point", point=name) if section == "points" else name
        group = self._group(section, place, title)
        head = group.findChild(QHBoxLayout, "head")
        assert head is not None
        if section in FOLDED:
            head.addWidget(self._fold_key(group, section, place))
        remove = QPushButton(self._words.say(f"tech.remove_{section}"), group)
        remove.setObjectName(f"remove-{place}")
        remove.clicked.connect(self._later(lambda: self._draft.remove(lists, index)))
        head.addWidget(remove)
        column.addWidget(group)

    def _fold_key(self, group: QFrame, section: str, place: str) -> QPushButton:
        fold = QPushButton(self._words.say("tech.fewer" if place in self._unfolded else "tech.more"), group)
        fold.setObjectName(f"fold-{place}")
        fold.clicked.connect(lambda: self._fold(place))
        return fold

    def _fold(self, place: str) -> None:
        self._unfolded ^= {place}
        self._again()

    def reveal(self, places: Iterable[str]) -> None:
        """Unfold whatever these places are hidden in."""
        hidden = {re.sub(r"\.(options\.)?\w+$", "", place) for place in places if place not in self._fields}
        if not hidden <= self._unfolded:
            self._unfolded |= hidden
            self._again()

    def look_at(self, place: str) -> None:
        """Bring the field of a place into sight, once the page is laid out."""

        def scroll() -> None:
            field = self._fields.get(place)
            if field is not None:
                self.ensureWidgetVisible(field, 0, self.look.space("vast"))

        QTimer.singleShot(0, scroll)

    def _group(self, section: str, place: str, title: str) -> QFrame:
        group = QFrame()
        group.setProperty("panel", True)
        outer = QVBoxLayout(group)
        self.look.lay(outer, "near", ("wide", "apart"))
        head = QHBoxLayout()
        head.setObjectName("head")
        label = QLabel(title or self._words.say(f"section.{section}"), group)
        label.setProperty("role", "title")
        head.addWidget(label, 1)
        outer.addLayout(head)
        protocol = self._lines.protocol(place.partition(".")[0])
        grades = [str(self._draft.get(f"grades[{n}].code")) for n in range(self._draft.count("grades"))]
        views = fields(self._words, section, place, protocol, grades)
        folded = FOLDED.get(section, frozenset())
        self._grid(outer, group, [view for view in views if view.option.key not in folded])
        if place in self._unfolded:
            self._grid(outer, group, [view for view in views if view.option.key in folded])
            if section == "lines" and protocol:
                name = QLabel(self._words.say(f"section.{protocol}"), group)
                name.setProperty("role", "strong")
                outer.addWidget(name)
                self._grid(outer, group, protocol_fields(self._words, protocol, place))
        return group

    def _grid(self, outer: QVBoxLayout, group: QFrame, views: Sequence[FieldView]) -> None:
        grid = QGridLayout()
        self.look.lay(grid, ("wide", "apart"))
        for index, view in enumerate(views):
            field = OptionField(self.look, view, self._value(view.place), group)
            field.changed.connect(self._put)
            self._fields[view.place] = field
            grid.addWidget(field, index // COLUMNS, index % COLUMNS)
        for column in range(COLUMNS):
            grid.setColumnStretch(column, 1)
        outer.addLayout(grid)

    def _value(self, place: str) -> object:
        line, options, key = place.partition(".options.")
        return self._lines.value(line, key) if options else self._draft.get(place)

    def _add_key(self, column: QVBoxLayout, lists: str, section: str) -> None:
        add = QPushButton(self._words.say(f"tech.add_{section}"))
        add.setObjectName(f"add-{section}")
        add.clicked.connect(self._later(lambda: self._draft.add(lists, section)))
        column.addWidget(add, 0, Qt.AlignmentFlag.AlignLeft)

    def _later(self, change: Callable[[], object]) -> Callable[[], None]:
        """Change the draft, then build the page anew: places have moved."""

        def act() -> None:
            change()
            self._unfolded.clear()
            last = max(0, self._draft.count("lines") - 1)
            self.show_page(self._section, min(self._number, last) if self._section == "lines" else 0)
            self.edited.emit()

        return act

    def _again(self) -> None:
        """Build the page anew where it stands."""
        at = self.verticalScrollBar().value()
        self.show_page(self._section, self._number)
        self.verticalScrollBar().setValue(at)
        self.rebuilt.emit()

    def _put(self, place: str, value: object) -> None:
        line, options, key = place.partition(".options.")
        if options:
            self._lines.put(line, key, value)
        elif self._section == "lines" and place == f"lines[{self._number}].protocol":
            self._lines.choose(f"lines[{self._number}]", str(value))
            QTimer.singleShot(0, self._again)  # the field that is speaking is not to be deleted under it
        else:
            self._draft.put(place, value)
        self.edited.emit()

    def show_faults(self, texts: Mapping[str, str]) -> None:
        """Mark every field that is wrong, clear every other."""
        for place, field in self._fields.items():
            field.show_fault(texts.get(place, ""))
