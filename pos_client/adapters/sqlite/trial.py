"""Books and a new version of the program: a copy to rehearse with, and the way back when the version is given up."""

from __future__ import annotations

import logging
import os
import shutil
import sys
from pathlib import Path

import apsw

from pos_client.adapters.sqlite.errors import translated
from pos_client.adapters.sqlite.migrate import SCHEMA_VERSION, back_up, copy_before
from pos_client.ports.errors import Unavailable

log = logging.getLogger(__name__)


def copy_of(book: Path, target: Path) -> None:
    """A checked copy. Raises `Unavailable`."""
    with translated():
        connection = apsw.Connection(str(book), flags=apsw.SQLITE_OPEN_READWRITE)
        try:
            back_up(connection, target)
        finally:
            connection.close()


def put_back(book: Path) -> bool:
    """Whether this version can work with the books now, after a later one was given up.

    Books the later version has brought to its own schema are exchanged for the copy it made before, and kept aside; but
    only when it has written nothing since: what is in the books is never thrown away. Raises `Unavailable`.
    """
    if not book.exists():
        return True
    schema, end = _schema_and_end(book)
    if schema <= SCHEMA_VERSION:
        return True
    copy = copy_before(book, schema)
    if not copy.exists():
        log.error("the books have schema %d, and there is no copy from before", schema)
        return False
    schema_before, end_before = _schema_and_end(copy)
    if schema_before > SCHEMA_VERSION or end_before != end:
        log.error("the later version has written rows %d to %d: the books stay with it", end_before + 1, end)
        return False
    _exchange(book, copy, book.with_name(f"{book.name}.of-v{schema}"))
    log.warning("the books of before schema %d are used again", schema)
    return True


def _exchange(book: Path, copy: Path, aside: Path) -> None:
    """The copy under the books' name, and they under another: at no moment is there no book, whatever is cut off when.
    Raises `Unavailable`."""
    with translated():
        aside.unlink(missing_ok=True)
        try:
            os.link(book, aside)
        except OSError:  # a file system without a second name for one file: there it is copied
            shutil.copyfile(book, aside)
            with aside.open("r+b") as file:
                os.fsync(file.fileno())
        os.replace(copy, book)
        if sys.platform != "win32":
            folder = os.open(book.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)


def _schema_and_end(book: Path) -> tuple[int, int]:
    """Schema and number of the last row, with all that waits in the log beside it taken into the file."""
    with translated():
        connection = apsw.Connection(str(book), flags=apsw.SQLITE_OPEN_READWRITE)
        try:
            connection.pragma("journal_mode", "delete")
            row = connection.execute("SELECT max(seq) FROM journal").get
            return int(connection.pragma("user_version")), int(row or 0)
        except apsw.SQLError as error:
            raise Unavailable("store_corrupt", str(error)) from error
        finally:
            connection.close()
