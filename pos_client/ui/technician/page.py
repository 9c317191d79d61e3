"""The technician's page of the cashier's window: six sides over one draft of the settings, save below all of them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from pos_client.domain.catalogue import Catalogue
from pos_client.services.snapshots import TerminalSnapshot
from pos_client.settings.faults import Fault
from pos_client.ui.keys import BarKey
from pos_client.ui.parts.roles import give_role
from pos_client.ui.style import Style
from pos_client.ui.technician.crossing import Crossing
from pos_client.ui.technician.desk import TechnicianDesk, Tree
from pos_client.ui.technician.devices_page import DevicesPage
from pos_client.ui.technician.draft import Draft
from pos_client.ui.technician.lines_page import LinesPage
from pos_client.ui.technician.monitor_page import MonitorPage
from pos_client.ui.technician.options_form import OptionsForm
from pos_client.ui.technician.ports_page import PortsPage
from pos_client.ui.technician.settings_page import SettingsPage
from pos_client.ui.technician.sides import SIDE_KEYS, Side
from pos_client.ui.technician.support_page import SupportPage
from pos_client.ui.technician.view_model import PAGES, fault_texts, field_of, line_of, section_of


class TechnicianPage(QWidget):
    """Object name "technician". `command(message)`: something for the terminal. `language_saved(code)`: the language
    that is in the file now, which counts at once.

    The page is left by Esc; the draft stays as it is.
    """

    command = Signal(object)
    language_saved = Signal(str)

    def __init__(
        self,
        style: Style,
        words: Catalogue,
        desk: TechnicianDesk,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.look, self._words, self._workshop = style, words, desk.workshop
        self.draft = Draft(desk.raw)
        self._faults: tuple[Fault, ...] = ()
        self._snapshot: TerminalSnapshot | None = None
        self._crossing = Crossing(self)
        self.setObjectName("technician")
        self.ports = PortsPage(style, words, self.draft, desk.workshop, self)
        self.lines = LinesPage(style, words, self.draft, desk.workshop, self)
        self.monitor = MonitorPage(style, words, desk.workshop, self)
        self.settings = SettingsPage(style, words, self.draft, self)
        self.support = SupportPage(style, words, self.draft, desk.workshop, self)
        self.devices = DevicesPage(style, words, self.draft, desk.workshop, self)
        self._stack = QStackedWidget(self)
        for page in (self.ports, self.lines, self.monitor, self.settings, self.support, self.devices):
            self._stack.addWidget(page)
        self._tabs = [self._tab(number, side) for number, side in SIDE_KEYS.items()]
        self.status = QLabel(words.say("tech.unchanged"), self)
        self.status.setObjectName("technician-status")
        self.status.setWordWrap(True)
        self._connect()
        self._lay_out()
        self.lines.open(0)
        self.open(Side.LINES)

    def _connect(self) -> None:
        self.lines.command.connect(self.command)
        self.lines.faulty.connect(self._show_faults)
        self.ports.accepted.connect(self._accepted)
        self.support.taken.connect(self._taken)
        self.devices.paired.connect(self._paired)
        for form in (self.lines.form, self.settings.form):
            form.edited.connect(self._edited)
            form.rebuilt.connect(self._mark)

    def _tab(self, number: int, side: Side) -> QPushButton:
        tab = QPushButton(f"F{number}  {self._words.say(f'tech.side.{side.value}')}", self)
        tab.setObjectName(f"side-{side.value}")
        tab.setProperty("kind", "tab")
        tab.setCheckable(True)
        tab.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        tab.clicked.connect(lambda *_: self.open(side))
        self._shortcut(f"F{number}").activated.connect(lambda: self.open(side))
        return tab

    def _shortcut(self, keys: str) -> QShortcut:
        return QShortcut(QKeySequence(keys), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def _lay_out(self) -> None:
        title = QLabel(self._words.say("tech.title"), self)
        title.setProperty("role", "title")
        head = QHBoxLayout()
        self.look.lay(head, "near")
        head.addWidget(title)
        head.addSpacing(self.look.space("apart"))
        for tab in self._tabs:
            head.addWidget(tab)
        head.addStretch(1)
        self.save_key = QPushButton(f"Ctrl S  {self._words.say('tech.save')}", self)
        self.save_key.setObjectName("technician-save")
        self.save_key.setProperty("kind", "primary")
        self.save_key.clicked.connect(self.save)
        self._shortcut("Ctrl+S").activated.connect(self.save)
        self.foot = QWidget(self)
        foot = QHBoxLayout(self.foot)
        self.look.lay(foot, "near", "none")
        foot.addWidget(self.status, 1)
        foot.addWidget(self.save_key)
        column = QVBoxLayout(self)
        self.look.lay(column, "near", ("wide", "near", "wide", "apart"))
        column.addLayout(head)
        column.addWidget(self._stack, 1)
        column.addWidget(self.foot)

    def bar(self) -> tuple[BarKey, ...]:
        """The bottom bar: the keys of selling mean nothing here."""
        return (BarKey("esc", "Esc", self._words.say("tech.back")),)

    # ── which side ─────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def side(self) -> Side:
        """The side in front."""
        return list(Side)[self._stack.currentIndex()]

    @property
    def form(self) -> OptionsForm:
        """The form in front, or that of the lines."""
        return self.settings.form if self.side is Side.SETTINGS else self.lines.form

    def open(self, side: Side) -> None:
        """Bring a side to the front; what was typed elsewhere stays in the draft."""
        self._stack.setCurrentIndex(list(Side).index(side))
        for tab, each in zip(self._tabs, Side, strict=True):
            tab.setChecked(each is side)
        if any(tab.hasFocus() for tab in self._tabs):
            self._tabs[self._stack.currentIndex()].setFocus()  # the ring is where the page is
        self.foot.setVisible(side not in (Side.MONITOR, Side.SUPPORT, Side.DEVICES) or self.draft.changed)
        self._refresh()
        self._mark()

    def showEvent(self, event: QShowEvent) -> None:
        """Keys are the page's from now on."""
        super().showEvent(event)
        self._tabs[self._stack.currentIndex()].setFocus()
        self._refresh()

    def show_snapshot(self, snapshot: TerminalSnapshot) -> None:
        """Live lights, drawn while somebody looks."""
        self._snapshot = snapshot
        if self.isVisible():
            self._refresh()

    def _refresh(self) -> None:
        if self._snapshot is None:
            return
        if self.side is Side.LINES:
            self.lines.show_snapshot(self._snapshot)
        elif self.side is Side.MONITOR:
            self.monitor.show_snapshot(self._snapshot)
        elif self.side is Side.DEVICES:
            self.devices.show_snapshot(self._snapshot)

    # ── the draft ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _accepted(self, number: int) -> None:
        """A finding is a line of the draft now: show it, it is to be tested and saved."""
        self.lines.open(number)
        self.open(Side.LINES)
        self._edited()

    def retake(self, typed: Tree, saved: Tree) -> None:
        """Go on with a draft from another page: what was typed there, and what is in the file."""
        self._taken(typed)
        self.draft.saved(saved)
        self._edited()

    def _taken(self, tree: Tree) -> None:
        self.draft.take(tree)
        self.lines.open(0)
        self.settings.open(self.settings.section)
        self._edited()

    def _paired(self) -> None:
        """The file has another keypad: the form shows it."""
        if self.settings.section == "keypad":
            self.settings.open("keypad")
        self._edited()

    def _edited(self) -> None:
        self._faults = ()
        self._mark()
        self._say(self._words.say("tech.changed" if self.draft.changed else "tech.unchanged"), "soft")

    def save(self) -> None:
        """Hand the tree over. All faults are shown at once, each at its field; the first faulty page is opened."""
        tree = self.draft.tree()
        self._say(self._words.say("tech.saving"), "soft")
        self._workshop.save(tree, self._crossing.asks("save", lambda faults: self._saved(tree, faults)))

    def _saved(self, tree: Tree, faults: tuple[Fault, ...]) -> None:
        if faults:
            self._show_faults(faults)
            return
        self.draft.saved(tree)
        self._faults = ()
        self._mark()
        if self.draft.changed:
            self._say(self._words.say("tech.changed"), "soft")
        else:
            self._say(self._words.say("tech.saved"), "done")
            self.language_saved.emit(str(self.draft.get("screen.language")))

    def _show_faults(self, faults: tuple[Fault, ...]) -> None:
        self._faults = faults
        first, section = faults[0], section_of(faults[0])
        if section == "lines":
            self.lines.open(line_of(first))
            self.open(Side.LINES)
        elif section in PAGES:
            self.settings.open(section)
            self.open(Side.SETTINGS)
        inside = [field_of(fault) for fault in faults if section_of(fault) == "lines"]
        if section == "lines":
            self.lines.form.reveal(place for place in inside if place.startswith(f"lines[{line_of(first)}]"))
        self._mark()
        self.form.look_at(field_of(first))

    def _mark(self) -> None:
        form = self.form
        texts = fault_texts(self._words, self._faults, form.places)
        form.show_faults(texts)
        if self._faults:
            count = self._words.say("tech.faults", count=len(self._faults))
            self._say(f"{count} {texts.get('', '')}".strip(), "fault")

    def _say(self, text: str, role: str) -> None:
        self.status.setText(text)
        give_role(self.status, role)
