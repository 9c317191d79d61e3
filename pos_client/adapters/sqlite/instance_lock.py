"""One terminal a book: a lock of the operating system on a file beside it, given back by it when the process dies.

No process number is trusted: numbers are used again, locks are not kept by the dead.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from pos_client.ports.errors import Unavailable

if sys.platform == "win32":
    import msvcrt

    _FAR = 0x4000_0000
    """The byte that is locked, far behind the text, so that the text stays readable."""

    def _try_lock(descriptor: int) -> bool:
        os.lseek(descriptor, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def lock_path(book: Path) -> Path:
    """Where the lock of a book lies."""
    return book.with_name(f"{book.name}.lock")


class InstanceLock:
    """Held from construction to `release`."""

    def __init__(self, book: Path) -> None:
        """Take the lock. Raises `Unavailable`: `already_running`, or `store_failed` when the folder takes no file."""
        try:
            self._descriptor = os.open(lock_path(book), os.O_RDWR | os.O_CREAT, 0o600)
            if not _try_lock(self._descriptor):
                os.close(self._descriptor)
                raise Unavailable("already_running", str(book))
        except OSError as error:  # the second kind: a network drive that knows no locks; no book belongs on one
            raise Unavailable("store_failed", f"{lock_path(book)}: {error.strerror}") from error

    def release(self) -> None:
        """Give the lock back. The file stays: removing it would let two programs lock two files of one name."""
        os.close(self._descriptor)


def is_held(book: Path) -> bool:
    """Whether a terminal works on this book now. Makes no file and changes none."""
    try:
        descriptor = os.open(lock_path(book), os.O_RDWR)
    except OSError:
        return False
    try:
        return not _try_lock(descriptor)
    finally:
        os.close(descriptor)
