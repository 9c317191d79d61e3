"""A page as a file: what is in it, in which form, and what came of it. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Protocol

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.formatting import grouped
from pos_client.domain.plots import Plot
from pos_client.domain.sheets import Sheet
from pos_client.ui.formats import Format
from pos_client.ui.tone import Tone
from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class Document:
    """`name` stands in the file's name; plots are drawn where the form can. `cut`: the newest of more."""

    name: str
    title: str
    note: str
    sheets: tuple[Sheet, ...]
    plots: tuple[Plot, ...] = ()
    sales: int | None = None
    """how many sales it lists; None: it is no list of sales"""
    cut: bool = False


class Trouble(StrEnum):
    """Why there is no file."""

    BOOKS = "books"
    """the books could not be read now"""
    FULL = "full"
    READ_ONLY = "read_only"
    GONE = "gone"
    """the folder is not there (any more): a memory stick was pulled"""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Exported:
    """A file that was written, or why it was not; `detail`: what the system said of a failure without a name here."""

    file: str = ""
    sales: int | None = None
    cut: bool = False
    trouble: Trouble | None = None
    detail: str = ""


class ExportDesk(Protocol):
    """Somebody who writes files, in a thread of his own."""

    def write(self, make: Callable[[], Document], form: Format, tell: Callable[[Exported], None]) -> None:
        """A document as a file; it is made there too, so that no window waits for it."""


def said(words: Catalogue, done: Exported) -> tuple[str, Tone]:
    """Where the file is, or why there is none."""
    if done.trouble is not None:
        reason = words.say(f"records.trouble.{done.trouble.value}", detail=done.detail)
        return words.say("records.not_exported", reason=reason), Tone.DANGER
    if done.sales is None:
        return words.say("records.exported_page", file=done.file), Tone.DONE
    name = "exported_cut" if done.cut else "exported"
    return words.say(f"records.{name}", file=done.file, sales=grouped(done.sales)), Tone.DONE
