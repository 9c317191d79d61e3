"""The technician's page of the cashier's window: sections and lines left, the generated form right, save below."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from pos_client.domain.catalogue import Catalogue
from pos_client.services.snapshots import TerminalSnapshot
from pos_client.settings.faults import Fault
from pos_client.ui.style import Style
from pos_client.ui.technician.draft import Draft
from pos_client.ui.technician.line_key import LineKey
from pos_client.ui.technician.options_form import OptionsForm
from pos_client.ui.technician.view_model import PAGES, fault_texts, line_light, section_of

Save = Callable[[Mapping[str, object]], tuple[Fault, ...]]
"""Checks and keeps a tree of settings; the faults, none when it was saved."""


@dataclass(frozen=True, slots=True)
class TechnicianDesk:
    """What the composition root gives the page: the settings as a tree (`settings.writing.as_tree`) and how to save."""

    raw: Mapping[str, object]
    save: Save


class TechnicianPage(QWidget):
    """Object name "technician". `left` when the technician goes back to sales; the draft stays as it is."""

    left = Signal()

    def __init__(self, style: Style, words: Catalogue, desk: TechnicianDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look, self._words, self._save = style, words, desk.save
        self._draft = Draft(desk.raw)
        self._faults: tuple[Fault, ...] = ()
        self._section, self._line = PAGES[0], 0
        self._snapshot: TerminalSnapshot | None = None
        self.setObjectName("technician")
        self.form = OptionsForm(words, self._draft, self)
        self.form.edited.connect(self._edited)
        self._tabs = {section: self._tab(section) for section in PAGES}
        self._line_column = QVBoxLayout()
        self._line_column.setSpacing(8)
        self._line_keys: list[LineKey] = []
        self.status = QLabel(words.say("tech.unchanged"), self)
        self.status.setObjectName("technician-status")
        self.status.setWordWrap(True)
        self._lay_out()
        self._open(PAGES[0], 0)

    def _tab(self, section: str) -> QPushButton:
        tab = QPushButton(self._words.say(f"section.{section}"), self)
        tab.setObjectName(f"section-{section}")
        tab.setProperty("kind", "tab")
        tab.setCheckable(True)
        tab.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        tab.clicked.connect(lambda *_: self._open(section, 0))
        return tab

    def _lay_out(self) -> None:
        title = QLabel(self._words.say("tech.title"), self)
        title.setProperty("role", "title")
        side = QVBoxLayout()
        side.setSpacing(6)
        side.addWidget(title)
        for section, tab in self._tabs.items():
            side.addWidget(tab)
            if section == "lines":
                side.addLayout(self._line_column)
        side.addStretch(1)
        self.save_key = QPushButton(self._words.say("tech.save"), self)
        self.save_key.setObjectName("technician-save")
        self.save_key.setProperty("kind", "primary")
        self.save_key.clicked.connect(self.save)
        back = QPushButton(f"Esc  {self._words.say('tech.back')}", self)
        back.setObjectName("technician-back")
        back.clicked.connect(self.left)
        foot = QHBoxLayout()
        foot.setSpacing(10)
        foot.addWidget(self.status, 1)
        foot.addWidget(self.save_key)
        foot.addWidget(back)
        right = QVBoxLayout()
        right.setSpacing(10)
        right.addWidget(self.form, 1)
        right.addLayout(foot)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(16)
        row.addLayout(side, 22)
        row.addLayout(right, 78)

    def show_snapshot(self, snapshot: TerminalSnapshot) -> None:
        """Live lights of the lines."""
        self._snapshot = snapshot
        self._show_lines()

    def save(self) -> None:
        """Hand the tree over; all faults are shown at once, each at its field, the first faulty page is opened."""
        self._faults = self._save(self._draft.tree())
        if not self._faults:
            self._draft.saved()
            self._say(self._words.say("tech.saved"), "done")
            self._mark()
            return
        section = section_of(self._faults[0])
        if section in PAGES and section != self._section:
            self._open(section, 0)
        self._mark()

    def _open(self, section: str, line: int) -> None:
        self._section, self._line = section, line
        for name, tab in self._tabs.items():
            tab.setChecked(name == section)
        self.form.show_page(section, line)
        self._mark()
        self._show_lines()

    def _edited(self) -> None:
        self._faults = ()
        self._mark()
        self._say(self._words.say("tech.changed" if self._draft.changed else "tech.unchanged"), "soft")
        self._show_lines()

    def _mark(self) -> None:
        texts = fault_texts(self._words, self._faults, self.form.places)
        self.form.show_faults(texts)
        if self._faults:
            count = self._words.say("tech.faults", count=len(self._faults))
            self._say(f"{count} {texts.get('', '')}".strip(), "fault")

    def _say(self, text: str, role: str) -> None:
        self.status.setText(text)
        self.status.setProperty("role", role)
        self.status.style().unpolish(self.status)
        self.status.style().polish(self.status)

    def _show_lines(self) -> None:
        names = [str(self._draft.get(f"lines[{n}].name") or "") for n in range(self._draft.count("lines"))]
        live = self._snapshot.status.lines if self._snapshot is not None else ()
        lights = [line_light(self._words, name, live) for name in names]
        while len(self._line_keys) > len(lights):
            self._line_keys.pop().deleteLater()
        while len(self._line_keys) < len(lights):
            index = len(self._line_keys)
            key = LineKey(self.look, lights[index], self)
            key.setObjectName(f"line-{index}")
            key.clicked.connect(lambda *_, index=index: self._open("lines", index))
            self._line_column.addWidget(key)
            self._line_keys.append(key)
        for index, (key, light) in enumerate(zip(self._line_keys, lights, strict=True)):
            key.show_light(light)
            key.setChecked(self._section == "lines" and index == self._line)
