"""The page of help: a chapter, the keys of its screen, and beside them the index that typing narrows.

It lies over the screen it speaks of and takes no focus: the window that owns the keyboard tells it what to show.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from pos_client.domain.catalogue import Catalogue
from pos_client.ui.help.book import Book, Chapter
from pos_client.ui.help.line import IndexLine
from pos_client.ui.help.topics import Topic
from pos_client.ui.keys import BarKey
from pos_client.ui.parts.fade import Fade
from pos_client.ui.parts.key_button import KeyButton
from pos_client.ui.style import Style

INDEX_SHARE, TEXT_SHARE = 34, 66
CAP_PX = 76
PICTURE_PX = 360


class HelpPage(QFrame):
    """Object name "help". `chosen(topic)` for a touched line of the index, `closed` for its Esc key."""

    chosen = Signal(object)
    closed = Signal()

    def __init__(self, style: Style, words: Catalogue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look, self._words = style, words
        self.setObjectName("help")
        self.setProperty("panel", True)
        self._title, self._typed = QLabel(self), QLabel(self)
        self._title.setProperty("role", "title")
        self._title.setObjectName("help-title")
        self._title.setWordWrap(True)
        self._typed.setObjectName("help-typed")
        self._typed.setWordWrap(True)
        close = KeyButton(style, "Esc", words.say("help.close"), self)
        close.setObjectName("help-close")
        close.clicked.connect(self.closed)
        self._index, self._text = (_scroll(style, self, name) for name in ("help-index", "help-text"))
        self._lines: dict[Topic, IndexLine] = {}
        head = QHBoxLayout()
        style.lay(head, "apart")
        head.addWidget(self._title, 1)
        head.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        left = QVBoxLayout()
        style.lay(left, "near")
        left.addWidget(self._typed)
        left.addWidget(self._index, 1)
        right = QVBoxLayout()
        style.lay(right, "near")
        right.addLayout(head)
        right.addWidget(self._text, 1)
        row = QHBoxLayout(self)
        style.lay(row, "wide", ("wide", "apart", "apart", "apart"))
        row.addLayout(left, INDEX_SHARE)
        row.addLayout(right, TEXT_SHARE)
        self.hide()

    def show_chapter(self, chapter: Chapter, keys: Sequence[BarKey]) -> None:
        """A chapter from its beginning."""
        self._title.setText(chapter.title)
        inner, column = self._column("near")
        for paragraph, picture in zip_longest(chapter.what, chapter.pictures):
            column.addWidget(_label(paragraph))
            if picture is not None:
                column.addWidget(self._picture(picture))
        if keys:
            column.addWidget(_label(self._words.say("help.keys"), "strong"))
            column.addLayout(self._keys(keys))
        if chapter.wrong:
            column.addWidget(_label(self._words.say("help.wrong"), "strong"))
        for seen, do in chapter.wrong:
            column.addWidget(_label(seen, "tone-attention"))
            column.addWidget(_label(do))
        column.addStretch(1)
        self._text.setWidget(inner)
        self._text.verticalScrollBar().setValue(0)

    def show_index(self, book: Book, shown: Sequence[Topic], topic: Topic, typed: str) -> None:
        """The topics that were found, and where the reader stands among them."""
        words = self._words
        self._typed.setText(words.say("help.typed", typed=typed) if typed else words.say("help.type"))
        self._typed.setVisible(bool(typed) or len(shown) > 1)
        inner, column = self._column("hair")
        self._lines = {}
        for each in shown:
            line = IndexLine(book[each].title)
            line.setObjectName(f"help-{each.value}")
            line.setChecked(each is topic)
            line.clicked.connect(lambda *_, each=each: self.chosen.emit(each))
            column.addWidget(line)
            self._lines[each] = line
        if not shown:
            column.addWidget(_label(words.say("help.nothing"), "soft"))
        column.addStretch(1)
        self._index.setWidget(inner)
        if topic in self._lines:
            inner.adjustSize()
            self._index.ensureWidgetVisible(self._lines[topic], 0, self.look.space("vast"))  # clear of the fade

    def turn(self, pages: int) -> None:
        """The text, a page up (-1) or down (1)."""
        bar = self._text.verticalScrollBar()
        bar.setValue(bar.value() + pages * bar.pageStep())

    def _column(self, gap: str) -> tuple[QWidget, QVBoxLayout]:
        inner = QWidget()
        column = QVBoxLayout(inner)
        self.look.lay(column, gap, ("none", "none", "near", "none"))
        return inner, column

    def _picture(self, file: Path) -> QLabel:
        """A screen of the customer's, small; nothing where the file of an installation is missing."""
        label = QLabel()
        label.setObjectName("help-picture")
        shown = QPixmap(str(file))
        if not shown.isNull():
            dense = self.devicePixelRatioF()
            mode = Qt.TransformationMode.SmoothTransformation
            shown = shown.scaledToWidth(round(self.look.px(PICTURE_PX) * dense), mode)
            shown.setDevicePixelRatio(dense)
            label.setPixmap(shown)
        return label

    def _keys(self, keys: Sequence[BarKey]) -> QGridLayout:
        grid = QGridLayout()
        self.look.lay(grid, ("apart", "hair"))
        grid.setColumnMinimumWidth(0, self.look.px(CAP_PX))
        grid.setColumnStretch(1, 1)
        for row, key in enumerate(keys):
            grid.addWidget(_label(key.cap, "strong"), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(_label(key.label, "" if key.enabled else "soft"), row, 1)
        return grid


def _scroll(style: Style, parent: QWidget, name: str) -> QScrollArea:
    area = QScrollArea(parent)
    area.setObjectName(name)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    Fade(style, area, "panel")
    return area


def _label(text: str, role: str = "") -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    if role:
        label.setProperty("role", role)
    return label
