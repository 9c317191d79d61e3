"""Devices: the keypad customers type their codes on, and "press 5 on the keypad" to pair another one."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.keypad_pairing import Candidate, PairingProgress, PairingStep
from pos_client.services.snapshots import StatusSnapshot, TerminalSnapshot
from pos_client.settings.faults import Fault
from pos_client.ui.parts.roles import give_role
from pos_client.ui.style import Style
from pos_client.ui.technician.crossing import Crossing
from pos_client.ui.technician.desk import Tree, Workshop
from pos_client.ui.technician.devices_view import keypad_view, paired_table, pairing_view
from pos_client.ui.technician.draft import Draft
from pos_client.ui.technician.view_model import fault_text


class DevicesPage(QWidget):
    """`paired()`: the file has another keypad now, and so has the draft; whatever else was typed there is untouched."""

    paired = Signal()

    def __init__(
        self, style: Style, words: Catalogue, draft: Draft, workshop: Workshop, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.look, self._words, self._draft, self._workshop = style, words, draft, workshop
        self._crossing = Crossing(self)
        self._status: StatusSnapshot | None = None
        self._progress: PairingProgress | None = None
        self._saved = ""
        self._lay_out()
        self._show()

    def _lay_out(self) -> None:
        self.kind, self.which, self.state = (self._label(name) for name in ("kind", "which", "state"))
        self.kind.setProperty("role", "title")
        self.which.setProperty("role", "soft")
        self.pair_key = QPushButton(self._words.say("tech.devices.pair"), self)
        self.pair_key.setObjectName("pair-keypad")
        self.pair_key.setProperty("kind", "primary")
        self.pair_key.clicked.connect(self.pair)
        self.end_key = QPushButton(self._words.say("tech.devices.end"), self)
        self.end_key.setObjectName("end-pairing")
        self.end_key.clicked.connect(self._workshop.end_pairing)
        heading = QLabel(self._words.say("tech.devices.keypad"), self)
        heading.setProperty("role", "strong")
        left = self._panel(heading, self.kind, self.which, self.state, self.pair_key, self.end_key)
        self.title, self.advice, self.listened, self.help, self.saved = (
            self._label(name) for name in ("title", "advice", "listened", "help", "saved")
        )
        self.title.setProperty("role", "title")
        self.listened.setProperty("role", "soft")
        self.help.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row = QHBoxLayout(self)
        self.look.lay(row, "apart", "none")
        row.addWidget(left, 40)
        row.addWidget(self._panel(self.title, self.advice, self.saved, self.listened, self.help), 60)

    def _label(self, name: str) -> QLabel:
        label = QLabel(self)
        label.setObjectName(f"keypad-{name}")
        label.setWordWrap(True)
        return label

    def _panel(self, *widgets: QWidget) -> QFrame:
        panel = QFrame(self)
        panel.setProperty("panel", True)
        column = QVBoxLayout(panel)
        self.look.lay(column, "near", ("wide", "apart"))
        for widget in widgets:
            column.addWidget(widget)
        column.addStretch(1)
        return panel

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody waits for a keypad that nobody sees."""
        super().hideEvent(event)
        if self._progress is not None and self._progress.step is PairingStep.LISTENING:
            self._workshop.end_pairing()

    def show_snapshot(self, snapshot: TerminalSnapshot) -> None:
        """How the keypad is."""
        if snapshot.status != self._status:
            self._status = snapshot.status
            self._show()

    def pair(self) -> None:
        """Listen to all of them."""
        self._saved = ""
        self._progress = PairingProgress(PairingStep.LISTENING)
        self._workshop.pair_keypad(self._crossing.asks("pair", self._told))
        self._show()

    def _told(self, progress: PairingProgress) -> None:
        self._progress = progress
        if progress.paired is not None:
            self._keep(progress.paired)
        self._show()

    def _keep(self, candidate: Candidate) -> None:
        """Into the file, beside what is in it; a half-typed setting elsewhere is no part of this."""
        tree = {**self._draft.saved_tree(), "keypad": paired_table(candidate)}
        self._workshop.save(tree, self._crossing.asks("save", lambda faults: self._kept(tree, faults)))

    def _kept(self, tree: Tree, faults: tuple[Fault, ...]) -> None:
        if faults:
            self._saved = " ".join(fault_text(self._words, fault) for fault in faults)
        else:
            self._saved = self._words.say("tech.devices.saved")
            self._draft.put("keypad", tree["keypad"])
            self._draft.saved(tree)
            self.paired.emit()
        give_role(self.saved, "fault" if faults else "done")
        self._show()

    def _show(self) -> None:
        table = self._draft.saved_tree().get("keypad", {})
        keypad = keypad_view(self._words, table, self._status)
        for label, text in ((self.kind, keypad.kind), (self.which, keypad.which), (self.state, keypad.state)):
            label.setText(text)
            label.setVisible(bool(text))
        give_role(self.state, f"tone-{keypad.tone.value}")
        view = pairing_view(self._words, self._progress)
        texts = (view.title, view.advice, view.listened, view.help, self._saved)
        for label, text in zip((self.title, self.advice, self.listened, self.help, self.saved), texts, strict=True):
            label.setText(text)
            label.setVisible(bool(text))
        give_role(self.advice, f"tone-{view.tone.value}")
        self.pair_key.setVisible(not view.runs)
        self.end_key.setVisible(view.runs)
