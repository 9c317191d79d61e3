"""Somebody reads help: which chapter is open, and what is typed to find another. No Qt.

Letters look for a chapter. A scan, a pump's digit and every key of selling close the page and mean what they always
mean, so whoever reads is in no customer's way. Characters go through a scan detector of their own: half a code is no
search, and no pump.
"""

from __future__ import annotations

from dataclasses import field
from enum import Enum, auto

from pos_client.ui.help.book import Book, found
from pos_client.ui.help.topics import Topic
from pos_client.ui.keys import Key
from pos_client.ui.shell.scanner import ScanDetector
from pos_client.value import dataclass

MOST_TYPED = 40


class Turn(Enum):
    """What a key of help did."""

    HERE = auto()
    """something on the page changed, or nothing at all"""
    CLOSED = auto()
    LEFT = auto()
    """closed, and the key means what it means on the screen behind"""
    UP = auto()
    DOWN = auto()
    """the text moves by a page"""


@dataclass(slots=True)
class Reader:
    """`digits_matter`: digits choose pumps on the screen behind, or answer what it asks."""

    book: Book
    topic: Topic
    digits_matter: bool
    typed: str = ""
    _scan: ScanDetector = field(default_factory=ScanDetector)

    @property
    def shown(self) -> tuple[Topic, ...]:
        """The index, or what was found."""
        return found(self.book, self.typed)

    def press(self, key: Key) -> Turn:
        """A key that is no printed character, nor Enter."""
        match key:
            case Key.F1 | Key.ESCAPE:
                return Turn.CLOSED
            case Key.BACKSPACE:
                self._look_for(self.typed[:-1])
            case Key.DELETE:
                self._look_for("")
            case Key.UP | Key.DOWN | Key.HOME | Key.END:
                self._move(key)
            case Key.PAGE_UP:
                return Turn.UP
            case Key.PAGE_DOWN:
                return Turn.DOWN
            case _:
                return Turn.LEFT
        return Turn.HERE

    def character(self, char: str, now_ms: int) -> str:
        """A printed character, space included; the digits that are meant for the screen behind come back."""
        return self._take(self._scan.character(char, now_ms))

    def enter(self, now_ms: int) -> tuple[str, str | None]:
        """Enter: digits for the screen behind, and the code it ends if a scan was typed."""
        typed, code = self._scan.enter(now_ms)
        return self._take(typed), code or None

    def expire(self, now_ms: int) -> str:
        """What was typed alone has waited long enough."""
        return self._take(self._scan.expire(now_ms))

    def deadline_ms(self) -> int | None:
        """When to call `expire` if no key comes."""
        return self._scan.deadline_ms()

    def _take(self, typed: str) -> str:
        behind = ""
        for char in typed:
            if self.digits_matter and char.isascii() and char.isdigit():
                behind += char
            else:
                self._look_for((self.typed + char)[:MOST_TYPED])
        return behind

    def _look_for(self, typed: str) -> None:
        self.typed = typed
        hits = self.shown
        if typed.strip() and hits:
            self.topic = hits[0]

    def _move(self, key: Key) -> None:
        shown = self.shown
        if not shown:
            return
        at = shown.index(self.topic) if self.topic in shown else -1
        places = {Key.UP: at - 1, Key.DOWN: at + 1, Key.HOME: 0, Key.END: len(shown) - 1}
        self.topic = shown[max(0, min(places[key], len(shown) - 1))]
