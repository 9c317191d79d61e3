"""Counts what the books ask of the disk, over database, log, mirror and reserve, and lets one of the calls end badly.

A VFS in front of the operating system's own, and the same in front of the plain files of mirror and reserve. `kill` is
the real thing: the process is gone before the call is made, or with half a write made.
"""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import apsw
import pytest

from pos_client.adapters.sqlite.connection import PRAGMAS
from pos_client.adapters.sqlite.mirror import Mirror
from pos_client.adapters.sqlite.reserve import Reserve

NAME = "storage-calls"
SMALL_RESERVE = 1 << 18
"""Bytes; the real one is 64 MB, and thousands of tills are started here."""
WEAK = {"NORMAL": 1, "OFF": 0}
ERRORS = {"full": (apsw.FullError, errno.ENOSPC), "failing": (apsw.IOError, errno.EIO)}


Half = tuple[Path, int, bytes]
"""Half of a write: file, offset, bytes."""


class StorageCalls:
    """`at`: the call that ends badly (0: none); `lasting`: so do all after it, on a full disk until its reserve is
    given up. `struck`: how many have, `struck_book` of them not in the mirror. `watch` is told of every call before it
    is made.
    """

    def __init__(self, at: int = 0, what: str = "kill", *, lasting: bool = False, pragma: str = "") -> None:
        self.at, self.what, self.lasting, self.pragma = at, what, lasting, pragma
        self.count = self.struck = self.struck_book = 0
        self.watch: Callable[[int, Half | None], None] | None = None
        self.mended = False
        self._reserves: list[Reserve] = []

    def arm(self, at: int, what: str, *, lasting: bool) -> None:
        """The n-th call from now ends badly (0: none does)."""
        self.at, self.what, self.lasting = at and self.count + at, what, lasting

    def mend(self) -> None:
        """The disk is well from now on, and nobody looks."""
        self.mended, self.watch = True, None

    def before(self, path: str = "", offset: int = 0, data: bytes = b"") -> None:
        """A call of SQLite is about to be made. Raises apsw's error of the plan."""
        if self._strikes(path, offset, data):
            self.struck_book += 1
            raise ERRORS[self.what][0]("made to fail by the test")

    def before_plain(self, path: str = "", offset: int = 0, data: bytes = b"") -> None:
        """A call on a plain file is about to be made. Raises `OSError`."""
        if self._strikes(path, offset, data):
            number = ERRORS[self.what][1]
            raise OSError(number, os.strerror(number))

    def _strikes(self, path: str, offset: int, data: bytes) -> bool:
        self.count += 1
        if self.mended:
            return False
        half = (Path(path), offset, data[: len(data) // 2]) if data else None
        if self.watch is not None:
            self.watch(self.count, half)
        strikes = self.count == self.at or bool(self.lasting and 0 < self.at < self.count and not self.roomy)
        if strikes and self.what == "kill":
            if half is not None and self.count % 3 == 0:
                put(*half)
            os.kill(os.getpid(), signal.SIGKILL)
        self.struck += strikes
        return strikes

    @property
    def roomy(self) -> bool:
        """A full disk has room again once the reserve has been given up."""
        return self.what == "full" and bool(self._reserves) and not any(reserve.is_there for reserve in self._reserves)

    @contextmanager
    def installed(self) -> Iterator[None]:
        """For as long as the block runs, every book, mirror and reserve is under it."""
        with ExitStack() as stack:
            patch = stack.enter_context(pytest.MonkeyPatch.context()).setattr
            stack.callback(_Disk(self).unregister)
            opened = Mirror._open

            def open_counted(mirror: Mirror) -> BinaryIO:
                if mirror._file is None:
                    self.before_plain()
                    mirror._file = cast(BinaryIO, _PlainFile(self, opened(mirror)))
                return mirror._file

            def small(book: Path) -> Reserve:
                self._reserves.append(Reserve(book, SMALL_RESERVE))
                return self._reserves[-1]

            patch(Mirror, "_open", open_counted)
            patch("pos_client.bootstrap.books.Reserve", small)
            for module in ("mirror", "reserve", "rebuild", "migrate"):
                patch(f"pos_client.adapters.sqlite.{module}.os", _Os(self))
            if self.pragma:
                weak = {"synchronous": ("synchronous", self.pragma, WEAK[self.pragma])}
                patch("pos_client.adapters.sqlite.connection.PRAGMAS", [weak.get(each[0], each) for each in PRAGMAS])
            yield


class _Os:
    """The functions of `os` the books use."""

    def __init__(self, calls: StorageCalls) -> None:
        self._calls = calls

    def fsync(self, descriptor: int) -> None:
        self._calls.before_plain()
        os.fsync(descriptor)

    def replace(self, source: Path, target: Path) -> None:
        self._calls.before_plain()
        os.replace(source, target)


class _PlainFile:
    """A buffered file whose buffer goes to the disk in one call, as it does in truth."""

    def __init__(self, calls: StorageCalls, file: BinaryIO) -> None:
        self._calls, self._file = calls, file
        self.fileno, self.tell = file.fileno, file.tell
        self._held = b""

    def write(self, data: bytes) -> int:
        self._held += data
        return len(data)

    def flush(self) -> None:
        """What a refused flush held is still held, as in a buffered file."""
        if self._held:
            self._calls.before_plain(self._file.name, self._file.tell(), self._held)
            self._file.write(self._held)
            self._file.flush()
            self._held = b""

    def close(self) -> None:
        try:
            self.flush()
        finally:
            self._file.close()


def put(path: Path, offset: int, data: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(data)


class _Disk(apsw.VFS):
    def __init__(self, calls: StorageCalls) -> None:
        self._calls = calls
        self.beneath = apsw.vfs_names()[0]
        super().__init__(NAME, self.beneath, makedefault=True)

    def xOpen(self, name, flags):
        self._calls.before()
        return _File(self._calls, self.beneath, name, flags)

    def xDelete(self, filename, syncdir):
        self._calls.before()
        super().xDelete(filename, syncdir)


class _File(apsw.VFSFile):
    def __init__(self, calls: StorageCalls, beneath: str, name, flags) -> None:
        self._calls = calls
        self._path = name.filename() if isinstance(name, apsw.URIFilename) else str(name)
        super().__init__(beneath, name, flags)

    def xWrite(self, data, offset):
        self._calls.before(self._path, offset, data)
        super().xWrite(data, offset)

    def xSync(self, flags):
        self._calls.before()
        super().xSync(flags)

    def xTruncate(self, newsize):
        self._calls.before()
        super().xTruncate(newsize)
