"""Help over the cashier's window: F1 opens the chapter of what is on the screen, and the keyboard is the reader's while
it is open, except for what sells."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from pos_client.domain.catalogue import Catalogue
from pos_client.services import messages as m
from pos_client.ui.help.topics import Topic
from pos_client.ui.keys import Key
from pos_client.ui.shell.hands import Front
from pos_client.ui.shell.looking import Looking
from pos_client.ui.shell.reading import Reader, Turn
from pos_client.ui.style import Style

if TYPE_CHECKING:
    from pos_client.ui.guides.book import Guide
    from pos_client.ui.help.book import Book
    from pos_client.ui.help.page import HelpPage

FORECOURT_PERCENT = 36
"""Of the home screen so much stays in sight beside help: the tiles."""


class Helping(QObject):
    """Owns the page of help of one window, which lies over `room`, a child of it. `folder` holds a book a language, the
    folder `guides` beside it the customers' guides.

    `looking` says what is on the screen. `acted` carries what sells (a list of actions, as an object), `typed_behind` a
    digit that is meant for the screen.
    """

    acted = Signal(object)
    typed_behind = Signal(str)

    def __init__(
        self,
        room: QWidget,
        window: QWidget,
        style: Style,
        words: Catalogue,
        folder: Path,
        looking: Callable[[], Looking],
    ) -> None:
        super().__init__(window)
        self._room, self._window, self._words, self._folder, self._style = room, window, words, folder, style
        self._looking = looking
        self._shown: tuple[Topic, str] | None = None
        self._reader: Reader | None = None
        self._cursor: QWidget | None = None
        self._page: HelpPage | None = None
        self._waiting = QTimer(self)
        self._waiting.setSingleShot(True)
        self._waiting.timeout.connect(lambda: self.waited(self._looking().now_ms))

    @property
    def page(self) -> HelpPage:
        """Made when somebody asks first."""
        self.make()
        assert self._page is not None
        return self._page

    def make(self) -> bool:
        """Make the page, if it is not made yet; whether it was to be made."""
        if self._page is not None:
            return False
        from pos_client.ui.help.page import HelpPage

        self._page = HelpPage(self._style, self._words, self._window)
        self._page.chosen.connect(self._choose)
        self._page.closed.connect(self.close)
        return True

    @cached_property
    def _written(self) -> Book:
        """Read when somebody asks first."""
        from pos_client.ui.help.book import read_book

        return read_book(self._folder / f"{self._words.language}.toml")

    @cached_property
    def _guides(self) -> tuple[Guide, ...]:
        from pos_client.ui.guides.book import read_guides

        return read_guides(self._folder.parent / "guides", self._words.language)

    def _told(self, looking: Looking) -> Book:
        """The book, and the guides as the programme's rules stand now; before they are known, without."""
        if looking.snapshot is None:
            return self._written
        from pos_client.ui.help.guides import guide_chapters

        pictures = self._folder.parent / "guides" / "pictures"
        return {**self._written, **guide_chapters(self._guides, self._words, looking.snapshot, pictures)}

    def open(self) -> None:
        """The chapter of what is on the screen."""
        from pos_client.ui.shell.topics import topic_of

        looking = self._looking()
        self._cursor = self._window.window().focusWidget()
        typing = isinstance(self._cursor, QLineEdit) and self._cursor.isVisible()
        self._shown = None
        self._reader = Reader(self._told(looking), topic_of(looking), typing or looking.front is Front.SALES)
        self._window.window().setFocus()
        self.place()
        self.page.raise_()
        self._show()
        self.page.show()

    def close(self) -> None:
        """Back to what was on the screen, the cursor where it was."""
        if self._reader is None:
            return
        self._reader = None
        self._waiting.stop()
        self.page.hide()
        if self._cursor is not None and self._cursor.isVisible():
            self._cursor.setFocus()

    def press(self, key: Key, now_ms: int) -> bool:
        """A key that is no character; whether it was help's. What is left to the screen behind has closed help."""
        if self._reader is None:
            if key is Key.F1:
                self.open()
            return key is Key.F1
        if key is Key.PAUSE:
            return False
        if key is Key.ENTER:
            digits, code = self._reader.enter(now_ms)
            self._behind(digits)
            if code:
                self.close()
                self.acted.emit([m.Scan(code)])
            self._show()
            return True
        if key is Key.SPACE and (self._reader.typed or self._reader.deadline_ms() is not None):
            return self.character(" ", now_ms)
        self.waited(now_ms)
        turn = self._reader.press(key) if self._reader is not None else Turn.LEFT
        if turn in (Turn.CLOSED, Turn.LEFT):
            self.close()
        elif turn in (Turn.UP, Turn.DOWN):
            self.page.turn(-1 if turn is Turn.UP else 1)
        else:
            self._show()
        return turn is not Turn.LEFT

    def character(self, char: str, now_ms: int) -> bool:
        """A printed character; whether it was help's."""
        if self._reader is None:
            return False
        self._behind(self._reader.character(char, now_ms))
        self._show()
        self._wait(now_ms)
        return True

    def waited(self, now_ms: int) -> None:
        """What was typed alone has waited long enough."""
        if self._reader is not None:
            self._behind(self._reader.expire(now_ms))
            self._show()
            self._wait(now_ms)

    def place(self) -> None:
        """Over its room; of the home screen the forecourt stays in sight."""
        if self._reader is None:
            return
        window = self._room.parentWidget()
        if window is not None and (layout := window.layout()) is not None:
            layout.activate()  # a window that has just changed its size lays its pages out later
        home, near = self._room.geometry(), self.page.look.space("near")
        if self._looking().front is Front.SALES:
            home.setLeft(home.left() + home.width() * FORECOURT_PERCENT // 100)
        self.page.setGeometry(home.adjusted(near, near, -near, -near))

    # ── inside ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _behind(self, digits: str) -> None:
        """Digits that matter: help makes way, and they go where they were going before it was opened."""
        if not digits:
            return
        cursor = self._cursor
        self.close()
        for digit in digits:
            if isinstance(cursor, QLineEdit) and cursor.isVisible():
                cursor.insert(digit)
            else:
                self.typed_behind.emit(digit)

    def _wait(self, now_ms: int) -> None:
        deadline = self._reader.deadline_ms() if self._reader is not None else None
        if deadline is None:
            self._waiting.stop()
        else:
            self._waiting.start(max(1, deadline - now_ms))

    def _choose(self, topic: Topic) -> None:
        if self._reader is not None:
            self._reader.topic = topic
            self._show()

    def _show(self) -> None:
        reader = self._reader
        if reader is None or self._shown == (reader.topic, reader.typed):
            return
        from pos_client.ui.shell.topics import keys_of

        self._shown = (reader.topic, reader.typed)
        self.page.show_chapter(reader.book[reader.topic], keys_of(reader.topic, self._words, self._looking()))
        self.page.show_index(reader.book, reader.shown, reader.topic, reader.typed)
