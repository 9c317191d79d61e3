"""Everything that is set and is no line: sections at the left, the generated form at the right."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from pos_client.domain.catalogue import Catalogue
from pos_client.ui.style import Style
from pos_client.ui.technician.draft import Draft
from pos_client.ui.technician.options_form import OptionsForm
from pos_client.ui.technician.pieces import scroll_area
from pos_client.ui.technician.view_model import PAGES


class SettingsPage(QWidget):
    """`open(section)`."""

    def __init__(self, style: Style, words: Catalogue, draft: Draft, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.form = OptionsForm(style, words, draft, self)
        self.section = PAGES[0]
        self._tabs = {section: self._tab(section, words) for section in PAGES}
        body = QWidget(self)
        column = QVBoxLayout(body)
        style.lay(column, "near", "none")
        for tab in self._tabs.values():
            column.addWidget(tab)
        column.addStretch(1)
        side = scroll_area(style, self)
        side.setWidget(body)
        row = QHBoxLayout(self)
        style.lay(row, "apart", "none")
        row.addWidget(side, 18)
        row.addWidget(self.form, 82)
        self.open(PAGES[0])

    def _tab(self, section: str, words: Catalogue) -> QPushButton:
        tab = QPushButton(words.say(f"section.{section}"), self)
        tab.setObjectName(f"section-{section}")
        tab.setProperty("kind", "tab")
        tab.setProperty("narrow", True)
        tab.setCheckable(True)
        tab.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        tab.clicked.connect(lambda *_: self.open(section))
        return tab

    def open(self, section: str) -> None:
        """Show a section."""
        self.section = section
        for name, tab in self._tabs.items():
            tab.setChecked(name == section)
        self.form.show_page(section)
        self.form.rebuilt.emit()
