"""From the workshop's threads into the windows': what is told there arrives here, in order, and only while wanted."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

T = TypeVar("T")


class Crossing(QObject):
    """Belongs to the windows' thread. Of answers to a question that was asked again, only the newest is delivered."""

    _told = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._asked: dict[str, int] = {}
        self._told.connect(self._deliver)

    def asks(self, question: str, answer: Callable[[T], None]) -> Callable[[T], None]:
        """A callable for another thread; `answer` is called in this one, until the question is asked anew."""
        number = self._asked.get(question, 0) + 1
        self._asked[question] = number

        def tell(value: T) -> None:
            with suppress(RuntimeError):  # who asked was closed meanwhile, and nobody waits
                self._told.emit((question, number, lambda: answer(value)))

        return tell

    def forget(self, question: str) -> None:
        """What is still told about it is of no interest."""
        self._asked[question] = self._asked.get(question, 0) + 1

    def _deliver(self, told: tuple[str, int, Callable[[], None]]) -> None:
        question, number, answer = told
        if self._asked.get(question) == number:
            answer()
