"""The book of help of one language: a chapter a topic, read from a file when somebody asks for help first."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from pos_client.domain.vietqr import plain
from pos_client.ui.help.topics import WRITTEN, Topic
from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class Chapter:
    """`what` a screen is for, a paragraph each; `wrong`: what is seen, and what to do."""

    title: str
    what: tuple[str, ...]
    wrong: tuple[tuple[str, str], ...]
    find: str = ""
    """words people type who look for it"""
    pictures: tuple[Path | None, ...] = ()
    """one a paragraph, where there are any"""

    @property
    def text(self) -> str:
        """Everything that can be searched."""
        return " ".join((self.title, self.find, *self.what, *(part for pair in self.wrong for part in pair)))


Book = Mapping[Topic, Chapter]


def read_book(file: Path) -> Book:
    """The chapters of a language. Raises `OSError`, `ValueError` (not TOML), `KeyError` (a topic without chapter)."""
    tables = tomllib.loads(file.read_text("utf-8"))
    return {
        topic: Chapter(
            tables[topic]["title"],
            tuple(line for line in tables[topic]["what"].splitlines() if line),
            tuple((seen, do) for seen, do in tables[topic]["wrong"]),
            tables[topic].get("find", ""),
        )
        for topic in WRITTEN
    }


def found(book: Book, typed: str) -> tuple[Topic, ...]:
    """The topics in which every typed word occurs, with or without Vietnamese marks; those that name it in their title
    first. Nothing typed: all of them, in their order."""
    sought = _bare(typed).split()
    hits = [topic for topic, chapter in book.items() if all(word in _bare(chapter.text) for word in sought)]
    return tuple(sorted(hits, key=lambda topic: _rank(book[topic], sought)))


def _rank(chapter: Chapter, sought: list[str]) -> int:
    title, find = _bare(chapter.title), _bare(f"{chapter.title} {chapter.find}")
    if all(word in title for word in sought):
        return 0
    return 1 if all(word in find for word in sought) else 2


@lru_cache(maxsize=256)
def _bare(text: str) -> str:
    return plain(text).casefold()
