"""The wires: every frame in words as it goes over; stood still, filtered, looked at whole, kept in a file."""

from __future__ import annotations

from collections import deque

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.formatting import grouped
from pos_client.domain.wire import WireFilter, WireFrame
from pos_client.services.snapshots import TerminalSnapshot
from pos_client.ui.parts.whole_rows import WholeRows
from pos_client.ui.style import Style
from pos_client.ui.technician.crossing import Crossing
from pos_client.ui.technician.desk import Kept, Workshop
from pos_client.ui.technician.field import CalmComboBox
from pos_client.ui.technician.frame_table import KEPT, FrameTable
from pos_client.ui.technician.view_model import fault_text
from pos_client.ui.technician.wire_view import WireClock, as_text, kind, said, whole

DRAW_MS = 250
"""The table is drawn four times a second at most, however much is told."""


class MonitorPage(QWidget):
    """Watches only while it is seen. What comes while it stands still waits, bounded, and is shown afterwards."""

    def __init__(self, style: Style, words: Catalogue, workshop: Workshop, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look, self._words, self._workshop = style, words, workshop
        self._crossing = Crossing(self)
        self._waiting: deque[WireFrame] = deque(maxlen=KEPT)
        self._is_watching = False
        self.table = FrameTable(style, words, self)
        self.table.touched.connect(self._chosen)
        self.lines, self.heads, self.kinds = (self._choice(each) for each in ("line", "head", "kind"))
        self.text = QLineEdit(self)
        self.text.setPlaceholderText(words.say("tech.wire.search"))
        self.text.setAccessibleName(words.say("tech.wire.search"))
        self.text.textChanged.connect(lambda _: self._filter())
        self.damaged = self._toggle("only-damaged", "tech.wire.only_damaged")
        self.pause = self._toggle("pause", "tech.wire.pause")
        self.note = QLabel(self)
        self.note.setObjectName("wire-note")
        self.note.setProperty("role", "soft")
        self.detail = QLabel(self)
        self.detail.setObjectName("wire-detail")
        self.detail.setWordWrap(True)
        self.detail.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._timer = QTimer(self)
        self._timer.setInterval(DRAW_MS)
        self._timer.timeout.connect(self.draw)
        self._lay_out()
        self._chosen(None)
        self._count()

    def _choice(self, name: str) -> CalmComboBox:
        choice = CalmComboBox(self)
        choice.setObjectName(f"wire-{name}")
        choice.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        choice.setAccessibleName(self._words.say(f"tech.wire.{name}"))
        choice.addItem(self._words.say(f"tech.wire.every_{name}"), None)
        choice.activated.connect(lambda _: self._filter())
        return choice

    def _toggle(self, name: str, words: str) -> QPushButton:
        key = QPushButton(self._words.say(words), self)
        key.setObjectName(name)
        key.setProperty("kind", "toggle")
        key.setCheckable(True)
        key.toggled.connect(lambda _: self._toggled())
        return key

    def _save_key(self, name: str, words: str) -> QPushButton:
        key = QPushButton(self._words.say(words), self)
        key.setObjectName(name)
        return key

    def _lay_out(self) -> None:
        tools = QGridLayout()
        self.look.lay(tools, "near")
        for place, (widget, share) in enumerate(
            ((self.lines, 3), (self.heads, 3), (self.kinds, 3), (self.text, 4), (self.damaged, 0), (self.pause, 0))
        ):
            tools.addWidget(widget, 0, place)
            tools.setColumnStretch(place, share)
        card = QFrame(self)
        card.setProperty("panel", True)
        inside = QVBoxLayout(card)
        self.look.lay(inside, "none", ("hair", "hair", "hair", "near"))
        inside.addWidget(WholeRows(self.table, card))
        below = QFrame(self)
        below.setProperty("panel", True)
        self._detail_card = below
        row = QHBoxLayout(below)
        self.look.lay(row, "none", ("apart", "near"))
        row.addWidget(self.detail, 1)
        self.keep_shown = self._save_key("keep-shown", "tech.wire.keep_shown")
        self.keep_all = self._save_key("keep-recording", "tech.wire.keep_recording")
        self.keep_shown.clicked.connect(self._keep_shown)
        self.keep_all.clicked.connect(self._keep_recording)
        foot = QHBoxLayout()
        self.look.lay(foot, "near")
        foot.addWidget(self.note, 1)
        foot.addWidget(self.keep_shown)
        foot.addWidget(self.keep_all)
        column = QVBoxLayout(self)
        self.look.lay(column, "near", "none")
        column.addLayout(tools)
        column.addWidget(card, 1)
        column.addWidget(below)
        column.addLayout(foot)

    # ── what comes ─────────────────────────────────────────────────────────────────────────────────────────────────

    def showEvent(self, event: QShowEvent) -> None:
        """Somebody looks."""
        super().showEvent(event)
        if not self._is_watching:
            self._is_watching = True
            self._workshop.watch(self._crossing.asks("wires", self._waiting.extend))
            self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks."""
        super().hideEvent(event)
        self._is_watching = False
        self._timer.stop()
        self._workshop.unwatch()

    def show_snapshot(self, snapshot: TerminalSnapshot) -> None:
        """The clock alone; set anew when somebody has set the computer's."""
        now = WireClock(snapshot.ticks_ms, snapshot.wall)
        if now.differs(self.table.frames.clock):
            self.table.frames.clock = now

    def draw(self) -> None:
        """Bring what came to the table, unless it stands still."""
        if self._waiting and not self.pause.isChecked():
            fresh = tuple(said(self._words, frame) for frame in self._waiting)
            self._waiting.clear()
            self._offer(fresh)
            self.table.add(fresh)
        self._count()

    def _offer(self, fresh: tuple[WireFrame, ...]) -> None:
        """Choices of the filter: what has been seen."""
        for choice, found in (
            (self.lines, {(frame.line, frame.line) for frame in fresh}),
            (
                self.heads,
                {(self._words.say("tech.wire.of_head", head=f.head), f.head) for f in fresh if f.head is not None},
            ),
            (self.kinds, {(kind(self._words, frame.kind), frame.kind) for frame in fresh}),
        ):
            for label, value in sorted(found, key=lambda each: str(each[1]).rjust(4)):
                if choice.findData(value) < 0:
                    choice.addItem(label, value)

    # ── filter, pause, one frame ───────────────────────────────────────────────────────────────────────────────────

    def _filter(self) -> None:
        wanted = WireFilter(
            self.lines.currentData() or "",
            self.heads.currentData(),
            self.kinds.currentData() or "",
            self.damaged.isChecked(),
            self.text.text().strip(),
        )
        if wanted != self.table.frames.wanted:
            self.table.show_only(wanted)
            self._chosen(self.table.chosen)
        self._count()

    def _toggled(self) -> None:
        self.pause.setText(self._words.say("tech.wire.go_on" if self.pause.isChecked() else "tech.wire.pause"))
        self._filter()
        self.draw()

    def _chosen(self, frame: object) -> None:
        """The whole of a frame; the table stands still while somebody looks at one."""
        self._detail_card.setVisible(isinstance(frame, WireFrame))
        if isinstance(frame, WireFrame):
            self.detail.setText(whole(self._words, self.table.frames.clock, frame))
            self.pause.setChecked(True)

    def _count(self) -> None:
        frames = self.table.frames
        text = self._words.say("tech.wire.count", shown=grouped(len(frames.shown)), kept=grouped(len(frames.kept)))
        if self.pause.isChecked():
            text = self._words.say("tech.wire.still", said=text, waiting=grouped(len(self._waiting)))
        self.note.setText(text)

    # ── files ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _keep_shown(self) -> None:
        clock, shown = self.table.frames.clock, tuple(self.table.frames.shown)
        asked = self._crossing.asks("file", self._kept)
        self._workshop.keep_text("wire-shown", lambda: as_text(self._words, clock, shown), asked)

    def _keep_recording(self) -> None:
        self._workshop.keep_recording(self._crossing.asks("file", self._kept))

    def _kept(self, kept: Kept) -> None:
        faults = " ".join(fault_text(self._words, fault) for fault in kept.faults)
        self.detail.setText(faults or self._words.say("tech.kept", file=kept.file, kb=grouped(-(-kept.size // 1000))))
        self._detail_card.show()
