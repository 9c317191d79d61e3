"""The assistant of the first start: a window beside the till, which sells behind it whether steps are done or not.

Up and Down choose a step, Enter takes its first key, Esc closes; the same by finger. A scanner types into the field.
A step that is done offers the next one first, so Enter leads through.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from pos_client.domain.catalogue import Catalogue
from pos_client.ui.assistant.view_model import AssistantHands, Progress, Step, StepView, Told, owed, step_view
from pos_client.ui.help.book import read_book
from pos_client.ui.help.page import HelpPage
from pos_client.ui.help.topics import Topic
from pos_client.ui.parts.roles import give_role
from pos_client.ui.style import Style
from pos_client.ui.technician.crossing import Crossing

WIDE, HIGH = 860, 520


class AssistantWindow(QWidget):
    """Object name "assistant". `language_chosen(code)` when a language was taken."""

    language_chosen = Signal(str)

    def __init__(self, style: Style, words: Catalogue, hands: AssistantHands, help_folder: Path) -> None:
        super().__init__()
        self.look, self._words, self._hands, self._help_folder = style, words, hands, help_folder
        self._crossing = Crossing(self)
        self.step = hands.progress().first_owed or Step.LANGUAGE
        self.setObjectName("assistant")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._row = QHBoxLayout(self)
        style.lay(self._row, "wide", ("wide", "apart"))
        self._row.setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)
        self._said: QWidget | None = None
        self._drawn = Progress()
        self._keys: list[QPushButton] = []
        self._help: HelpPage | None = None
        self.setStyleSheet(style.sheet() + f"QWidget#assistant {{ background: {style.theme.colour('paper')}; }}")
        self.resize(WIDE, HIGH)
        self.show_step(self.step)

    def speak(self, words: Catalogue) -> None:
        """In another language from now on."""
        self._words = words
        self.show_step(self.step)

    def show_step(self, step: Step, told: Told | None = None) -> None:
        """Bring a step to the front, as it stands now; `told`: what came of its key. What was typed for a key that
        went wrong stays: nobody types sixteen letters twice because a cable was out."""
        typed = self._typed() if told is not None and not told.well and step is self.step else {}
        self.step = step
        progress, screens = self._hands.progress(), tuple(s.name() for s in QApplication.screens())
        self._drawn = progress
        self.setWindowTitle(self._words.say("first_start.title"))
        said = QWidget(self)
        row = QHBoxLayout(said)
        self.look.lay(row, "wide", "none")
        row.addLayout(self._index(said, progress, screens), 36)
        row.addWidget(_rule(said))
        row.addLayout(self._page(said, step_view(self._words, step, progress, screens), told), 64)
        before, self._said = self._said, said
        if before is not None:
            self._row.removeWidget(before)
            before.hide()
            before.deleteLater()
        self._row.addWidget(said)
        for name, text in {**self._hands.present(step), **typed}.items():
            self.fields[name].setText(text)
        said.show()
        first = next(iter(self.fields.values()), None)
        (first or self).setFocus()
        if first is not None:
            first.selectAll()  # a scanner types over what was wrong

    def _index(self, said: QWidget, progress: Progress, screens: tuple[str, ...]) -> QVBoxLayout:
        index = QVBoxLayout()
        self.look.lay(index, "tight")
        for each in Step:
            line = QPushButton(step_view(self._words, each, progress, screens).line, said)
            line.setObjectName(f"step-{each.value}")
            line.setProperty("kind", "tab")
            line.setCheckable(True)
            line.setChecked(each is self.step)
            line.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            line.clicked.connect(lambda *_, each=each: self.show_step(each))
            index.addWidget(line)
        index.addStretch(1)
        index.addWidget(_label(owed(self._words, progress), "owed", "soft"))
        return index

    def _page(self, said: QWidget, view: StepView, told: Told | None) -> QVBoxLayout:
        page = QVBoxLayout()
        self.look.lay(page, "near")
        page.addWidget(_label(view.title, "title", "title"))
        page.addWidget(_label(view.what, "what"))
        self.fields = {name: self._field(said, page, name, caption) for name, caption in view.fields}
        self._keys.clear()
        if view.onward is not None:
            after, label = view.onward
            self._key(said, page, "onward", label, lambda: self.show_step(after))
        for offer in view.offers:
            self._key(said, page, f"do-{offer.name or 'preview'}", offer.label, partial(self.do, offer.name))
        self.told = _label(told.text if told is not None else "", "told")
        if told is not None:
            give_role(self.told, "done" if told.well else "fault")
        page.addWidget(self.told)
        page.addStretch(1)
        page.addLayout(self._foot(said))
        return page

    def do(self, name: str) -> None:
        """A key of the step: what came of it is told when it is known."""
        step, fields = self.step, self._typed()
        for key in self._keys:
            key.setEnabled(False)
        self.told.setText(self._words.say("first_start.working"))
        give_role(self.told, "soft")
        self._hands.do(step, name, fields, self._crossing.asks("do", lambda told: self._heard(step, name, told)))

    def leave(self) -> None:
        """This step later; the next that is owed now."""
        self._hands.leave(self.step)
        self.show_step(self._hands.progress().first_owed or self.step)

    def _heard(self, step: Step, name: str, told: Told) -> None:
        if step is Step.LANGUAGE and told.well:
            self.language_chosen.emit(name)
        self.show_step(step, told)

    def _typed(self) -> dict[str, str]:
        return {name: field.text().strip() for name, field in self.fields.items()}

    def _restart(self) -> None:
        told = self._hands.restart()
        if told is not None:
            self.show_step(self.step, told)

    def _key(self, parent: QWidget, page: QVBoxLayout, name: str, label: str, deed: Callable[[], None]) -> None:
        """A key of the page; the first one is Enter's."""
        key = QPushButton(label, parent)
        key.setObjectName(name)
        key.setProperty("kind", "plain" if self._keys else "primary")
        key.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        key.clicked.connect(lambda *_: deed())
        page.addWidget(key)
        self._keys.append(key)

    def _field(self, parent: QWidget, page: QVBoxLayout, name: str, caption: str) -> QLineEdit:
        page.addWidget(_label(caption, f"caption-{name}", "help"))
        field = QLineEdit(parent)
        field.setObjectName(f"field-{name}")
        field.setAccessibleName(caption)
        field.setMaxLength(400)
        field.installEventFilter(self)
        page.addWidget(field)
        return field

    def _foot(self, parent: QWidget) -> QHBoxLayout:
        foot = QHBoxLayout()
        for name, deed in (("later", self.leave), ("close", self.close)):
            key = QPushButton(self._words.say(f"first_start.{name}"), parent)
            key.setObjectName(f"assistant-{name}")
            key.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            key.clicked.connect(lambda *_, deed=deed: deed())
            foot.addWidget(key)
        foot.addStretch(1)
        if self._drawn.restart:
            restart = QPushButton(self._words.say("first_start.restart"), parent)
            restart.setObjectName("assistant-restart")
            restart.setProperty("kind", "primary" if self._drawn.first_owed is None else "plain")
            restart.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            restart.clicked.connect(lambda *_: self._restart())
            foot.addWidget(restart)
        return foot

    def changeEvent(self, event: QEvent) -> None:
        """Somebody comes back from another window: what was done there is seen."""
        super().changeEvent(event)
        seen = event.type() == QEvent.Type.ActivationChange and self.isActiveWindow()
        if seen and self._said is not None and self._hands.progress() != self._drawn:
            self.show_step(self.step)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Help goes on covering the whole window."""
        super().resizeEvent(event)
        if self._help is not None:
            self._help.setGeometry(self.rect())

    # ── keys ───────────────────────────────────────────────────────────────────────────────────────────────────

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the window that a field would keep."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() in _OURS:
            self.keyPressEvent(event)
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The table of the window's keys."""
        steps, key = list(Step), event.key()
        if key == Qt.Key.Key_F1:
            self._toggle_help()
        elif key == Qt.Key.Key_Escape:
            self._toggle_help() if self._help is not None else self.close()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            at = steps.index(self.step) + (1 if key == Qt.Key.Key_Down else -1)
            self.show_step(steps[max(0, min(at, len(steps) - 1))])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            chosen = self.focusWidget()
            mine = chosen if isinstance(chosen, QPushButton) else next(iter(self._keys), None)
            if mine is not None:
                mine.click()
        else:
            super().keyPressEvent(event)

    def _toggle_help(self) -> None:
        if self._help is not None:
            self._help.deleteLater()
            self._help = None
            return
        book = read_book(self._help_folder / f"{self._words.language}.toml")
        self._help = HelpPage(self.look, self._words, self)
        self._help.closed.connect(self._toggle_help)
        self._help.show_chapter(book[Topic.ASSISTANT], ())
        self._help.show_index(book, (Topic.ASSISTANT,), Topic.ASSISTANT, "")
        self._help.setGeometry(self.rect())
        self._help.show()
        self._help.raise_()


_OURS = frozenset(
    {Qt.Key.Key_F1, Qt.Key.Key_Escape, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter}
)


def _label(text: str, name: str, role: str = "") -> QLabel:
    label = QLabel(text)
    label.setObjectName(f"assistant-{name}")
    label.setWordWrap(True)
    if role:
        label.setProperty("role", role)
    return label


def _rule(parent: QWidget) -> QFrame:
    rule = QFrame(parent)
    rule.setFrameShape(QFrame.Shape.VLine)
    return rule
