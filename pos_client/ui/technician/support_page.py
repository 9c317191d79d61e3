"""Support: what can be done at the left, what came of it at the right. Nothing here touches the terminal's work."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QElapsedTimer, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from pos_client.domain.catalogue import Catalogue
from pos_client.ui.parts import shapes
from pos_client.ui.parts.painted import Painted
from pos_client.ui.parts.roles import give_role
from pos_client.ui.style import Style
from pos_client.ui.technician.crossing import Crossing
from pos_client.ui.technician.desk import Incoming, Kept, Looked, Workshop
from pos_client.ui.technician.draft import Draft
from pos_client.ui.technician.field import CalmComboBox
from pos_client.ui.technician.line_view import SHAPES
from pos_client.ui.technician.pieces import scroll_area
from pos_client.ui.technician.support_view import (
    Answer,
    AnswerRow,
    incoming_answer,
    kept_answer,
    looked_answer,
    taken_answer,
)
from pos_client.ui.tone import Tone
from pos_client.ui.wording import age

TICK_MS = 500


class Sign(Painted[Tone]):
    """The shape of a tone."""

    def sizeHint(self) -> QSize:
        """A small square."""
        return QSize(self.look.px(20), self.look.px(22))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The shape at the top."""
        del event
        painter, sign = QPainter(self), self.look.px(16)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(0, self.look.px(3), sign, sign)
        shapes.draw(painter, area, SHAPES[self.view], self.look.tone(self.view, "ink"))


class SupportPage(QWidget):
    """`taken(tree)`: other settings are in the file now."""

    taken = Signal(object)

    def __init__(
        self, style: Style, words: Catalogue, draft: Draft, workshop: Workshop, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.look, self._words, self._draft, self._workshop = style, words, draft, workshop
        self._crossing = Crossing(self)
        self._file: str | None = None
        self._doing = ""
        self._since = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._show_time)
        self.folders, self.files = CalmComboBox(self), CalmComboBox(self)
        for choice, name in ((self.folders, "folder"), (self.files, "file")):
            choice.setObjectName(f"support-{name}")
            choice.setAccessibleName(words.say(f"tech.support.{name}"))
            choice.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            choice.setMinimumContentsLength(12)
            choice.setSizeAdjustPolicy(CalmComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.folders.activated.connect(lambda _: self._list_files())
        self._lay_out()
        self.show_answer(Answer(words.say("tech.support.ready"), Tone.NEUTRAL))

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        self.look.lay(left, "near", ("none", "none", "apart", "none"))
        tasks: tuple[tuple[str, tuple[QWidget, ...]], ...] = (
            (
                "tech.support.check",
                (
                    self._key("check-up", self._check_up, primary=True),
                    self._key("first-start", self._workshop.open_assistant),
                ),
            ),
            (
                "tech.support.files",
                (
                    self.folders,
                    self._key("make-bundle", self._make_bundle),
                    self._key("export-settings", self._export),
                ),
            ),
            (
                "tech.support.incoming",
                (
                    self.files,
                    self._key("look-into", self._look_into),
                    self._key("look-at-previous", lambda: self._look_at("")),
                ),
            ),
            ("tech.support.till", (self._key("close-till", self._close_till),)),
        )
        for title, widgets in tasks:
            card = QFrame(self)
            card.setProperty("panel", True)
            inside = QVBoxLayout(card)
            self.look.lay(inside, "near", "apart")
            head = QLabel(self._words.say(title), card)
            head.setProperty("role", "strong")
            head.setWordWrap(True)
            inside.addWidget(head)
            for widget in widgets:
                inside.addWidget(widget)
            left.addWidget(card)
        left.addStretch(1)
        body = QWidget(self)
        body.setLayout(left)
        tasks_area = scroll_area(self.look, self)
        tasks_area.setWidget(body)
        self.title = QLabel(self)
        self.title.setObjectName("answer-title")
        self.title.setWordWrap(True)
        self.action = QPushButton(self)
        self.action.setObjectName("answer-action")
        self.action.setProperty("kind", "primary")
        self.action.clicked.connect(self._take_in)
        head_row = QHBoxLayout()
        self.look.lay(head_row, "near")
        head_row.addWidget(self.title, 1)
        head_row.addWidget(self.action)
        self._rows = scroll_area(self.look, self, "panel")
        self._rows.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # nothing in it has, and it is read with the arrows
        panel = QFrame(self)
        panel.setProperty("panel", True)
        right = QVBoxLayout(panel)
        self.look.lay(right, "near", ("wide", "apart", "apart", "apart"))
        right.addLayout(head_row)
        right.addWidget(self._rows, 1)
        row = QHBoxLayout(self)
        self.look.lay(row, "apart", "none")
        row.addWidget(tasks_area, 36)
        row.addWidget(panel, 64)

    def _close_till(self) -> None:
        self.window().close()  # which asks first

    def _key(self, name: str, act: Callable[[], None], *, primary: bool = False) -> QPushButton:
        key = QPushButton(self._words.say(f"tech.support.{name.replace('-', '_')}"), self)
        key.setObjectName(name)
        if primary:
            key.setProperty("kind", "primary")
        key.clicked.connect(lambda *_: act())
        return key

    def showEvent(self, event: QShowEvent) -> None:
        """A stick may have been plugged in."""
        super().showEvent(event)
        self._workshop.list_folders(self._crossing.asks("folders", self._have_folders))

    # ── answers ────────────────────────────────────────────────────────────────────────────────────────────────────

    def show_answer(self, answer: Answer) -> None:
        """What came of a task."""
        self._timer.stop()
        self._say(answer.title, answer.tone)
        self.action.setText(answer.action)
        self.action.setVisible(bool(answer.action))
        body = QWidget()
        column = QVBoxLayout(body)
        self.look.lay(column, "near", ("none", "none", "apart", "none"))
        for each in answer.rows:
            column.addLayout(self._row(each, body))
        column.addStretch(1)
        self._rows.setWidget(body)

    def _row(self, row: AnswerRow, parent: QWidget) -> QHBoxLayout:
        words = QVBoxLayout()
        self.look.lay(words, "hair")
        for text, role in ((row.text, "strong" if row.more else "plain"), (row.more, "soft")):
            if text:
                label = QLabel(text, parent)
                label.setProperty("role", role)
                label.setWordWrap(True)
                label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                words.addWidget(label)
        line = QHBoxLayout()
        self.look.lay(line, "near")
        if row.tone is not Tone.NEUTRAL:
            line.addWidget(Sign(self.look, row.tone, parent), 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(words, 1)
        return line

    def _say(self, text: str, tone: Tone) -> None:
        self.title.setText(text)
        give_role(self.title, f"tone-{tone.value}")

    def _begin(self, what: str) -> None:
        """Something takes its time; the seconds are counted where the answer will stand."""
        self._file = None
        self.show_answer(Answer("", Tone.PROGRESS))
        self._doing = what
        self._since.start()
        self._timer.start()
        self._show_time()

    def _show_time(self) -> None:
        said = self._words.say("tech.support.working", what=self._words.say(self._doing))
        self._say(f"{said} {age(self._words, self._since.elapsed())}", Tone.PROGRESS)

    # ── tasks ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _check_up(self) -> None:
        self._begin("tech.support.check_up")
        self._workshop.check_up(self._crossing.asks("answer", self._looked))

    def _looked(self, looked: tuple[Looked, ...]) -> None:
        self.show_answer(looked_answer(self._words, looked))

    def _make_bundle(self) -> None:
        self._begin("tech.support.make_bundle")
        self._workshop.make_bundle(self._folder(), self._crossing.asks("answer", self._bundled))

    def _bundled(self, kept: Kept) -> None:
        self.show_answer(kept_answer(self._words, kept, "tech.support.bundled"))

    def _export(self) -> None:
        self._begin("tech.support.export_settings")
        self._workshop.export_settings(self._folder(), self._crossing.asks("answer", self._exported))

    def _exported(self, kept: Kept) -> None:
        self.show_answer(kept_answer(self._words, kept, "tech.support.exported"))
        self._list_files()

    def _look_into(self) -> None:
        file = self.files.currentData()
        if isinstance(file, str):
            self._look_at(file)
        else:
            self.show_answer(Answer(self._words.say("tech.support.no_files"), Tone.NEUTRAL))

    def _look_at(self, file: str) -> None:
        self._begin("tech.support.look_into")
        self._workshop.look_into(file, self._crossing.asks("answer", self._incoming))

    def _incoming(self, incoming: Incoming) -> None:
        self._file = incoming.file
        self.show_answer(incoming_answer(self._words, incoming, self._draft.saved_tree()))

    def _take_in(self) -> None:
        file = self._file
        if file is not None:
            self._begin("tech.support.take_in")
            self._workshop.take_in(file, self._crossing.asks("answer", self._took_in))

    def _took_in(self, incoming: Incoming) -> None:
        self.show_answer(taken_answer(self._words, incoming))
        if incoming.tree is not None:
            self.taken.emit(incoming.tree)

    # ── folders and files ──────────────────────────────────────────────────────────────────────────────────────────

    def _folder(self) -> str:
        return self.folders.currentText()

    def _have_folders(self, folders: tuple[str, ...]) -> None:
        before = self._folder()
        if folders != tuple(self.folders.itemText(index) for index in range(self.folders.count())):
            self.folders.clear()
            self.folders.addItems(folders)
            self.folders.setCurrentIndex(max(0, self.folders.findText(before)))
        self._list_files()

    def _list_files(self) -> None:
        self._workshop.list_settings(self._folder(), self._crossing.asks("files", self._have_files))

    def _have_files(self, files: tuple[str, ...]) -> None:
        self.files.clear()
        for file in files:
            self.files.addItem(file.replace("\\", "/").rpartition("/")[2], file)
        if not files:
            self.files.addItem(self._words.say("tech.support.no_files"), None)
