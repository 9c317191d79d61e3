"""A disk in memory that keeps what was synced and, when the power goes, some of what was not.

It stands under the real SQLite as its file system, so the production store is driven as it is. Between two syncs every
write is only promised: a power cut keeps any of them, drops any, and tears one at a sector's edge. That is what drives
do that reorder their cache (and worse than a process that is killed, which loses nothing it has written).

Write-ahead logs without shared memory need an exclusive lock, so every connection to this disk takes one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from ctypes import c_int64
from dataclasses import field
from random import Random

import apsw

from pos_client.value import dataclass

NAME = "simulated-disk"
SECTOR = 512


@dataclass(slots=True)
class Write:
    """A promise: bytes at an offset, or a new length (`raw` None)."""

    offset: int
    raw: bytes | None


@dataclass(slots=True)
class Platter:
    """One file: what is safe, and what was written since the last sync."""

    safe: bytearray = field(default_factory=bytearray)
    seen: bytearray = field(default_factory=bytearray)
    promised: list[Write] = field(default_factory=list)

    def after(self, kept: Iterable[Write]) -> bytearray:
        """What is on it when the power goes and these of its promised writes were made."""
        content = bytearray(self.safe)
        for write in kept:
            _apply(content, write)
        return content


class SimulatedDisk(apsw.VFS):
    """All files of one machine. While installed, every connection goes to it."""

    def __init__(self) -> None:
        self.files: dict[str, Platter] = {}
        self.watch: Callable[[], None] = lambda: None
        """told of each write and sync before it is made"""
        self.operations = 0
        self.power_cut_at: int | None = None
        """the write or sync at which the power goes"""
        self.full = False
        super().__init__(NAME, "", makedefault=True)

    @property
    def dark(self) -> bool:
        """Whether the power is gone."""
        return self.power_cut_at is not None and self.operations >= self.power_cut_at

    def strike(self) -> None:
        """Before each write and sync. Raises `IOError` without power, `FullError` without room."""
        self.watch()
        self.operations += 1
        if self.dark:
            raise apsw.IOError("the power is gone")
        if self.full:
            raise apsw.FullError("no room")

    def lose_power(self, dice: Random) -> None:
        """What was synced stays; of the rest any part, and one write torn. Then the light is on again."""
        for platter in self.files.values():
            kept = [write for write in platter.promised if dice.random() < dice.choice((0.0, 0.5, 1.0))]
            platter.safe = platter.after(_torn(write, dice) for write in kept)
            platter.seen, platter.promised = bytearray(platter.safe), []
        self.power_cut_at, self.operations = None, 0

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:
        """A file, made if absent."""
        path = name.filename() if isinstance(name, apsw.URIFilename) else name or f"temporary-{len(self.files)}"
        flags[1] = flags[0]
        return _File(self, self.files.setdefault(path, Platter()))

    def xDelete(self, name: str, syncdir: bool) -> None:
        """Remove a file at once; SQLite removes only what holds nothing any more."""
        self.files.pop(name, None)

    def xAccess(self, name: str, flags: int) -> bool:
        """Whether a file is there."""
        return name in self.files

    def xFullPathname(self, name: str) -> str:
        """Names are whole already."""
        return name


class _File(apsw.VFSFile):
    def __init__(self, disk: SimulatedDisk, platter: Platter) -> None:
        self._disk, self._platter = disk, platter

    def xRead(self, amount: int, offset: int) -> bytes:
        return bytes(self._platter.seen[offset : offset + amount])

    def xWrite(self, data: bytes, offset: int) -> None:
        self._disk.strike()
        self._promise(Write(offset, bytes(data)))

    def xTruncate(self, newsize: int) -> None:
        self._disk.strike()
        self._promise(Write(newsize, None))

    def xSync(self, flags: int) -> None:
        self._disk.strike()
        self._platter.safe, self._platter.promised = bytearray(self._platter.seen), []

    def xFileSize(self) -> int:
        return len(self._platter.seen)

    def xSectorSize(self) -> int:
        return SECTOR

    def xDeviceCharacteristics(self) -> int:
        return 0

    def xFileControl(self, op: int, ptr: int) -> bool:
        """Asked how much is mapped into memory: nothing, and so it stays."""
        if op != apsw.SQLITE_FCNTL_MMAP_SIZE:
            return False
        c_int64.from_address(ptr).value = 0
        return True

    def xLock(self, level: int) -> None:
        """Nobody else is there."""

    def xUnlock(self, level: int) -> None:
        """Nobody else was there."""

    def xCheckReservedLock(self) -> bool:
        return False

    def xClose(self) -> None:
        """Nothing to give back."""

    def _promise(self, write: Write) -> None:
        _apply(self._platter.seen, write)
        self._platter.promised.append(write)


def _apply(content: bytearray, write: Write) -> None:
    if write.raw is None:
        del content[write.offset :]
        return
    content.extend(bytes(max(0, write.offset - len(content))))
    content[write.offset : write.offset + len(write.raw)] = write.raw


def _torn(write: Write, dice: Random) -> Write:
    """Mostly whole; now and then only its first sectors."""
    if write.raw is None or dice.random() > 0.25:  # one in four
        return write
    return Write(write.offset, write.raw[: dice.randrange(0, len(write.raw) + 1, SECTOR)])


def _exclusive(connection: apsw.Connection) -> None:
    connection.execute("PRAGMA locking_mode=EXCLUSIVE").fetchall()


@contextmanager
def simulated_disk() -> Iterator[SimulatedDisk]:
    """Installed for as long as the block runs."""
    disk = SimulatedDisk()
    apsw.connection_hooks.append(_exclusive)
    try:
        yield disk
    finally:
        apsw.connection_hooks.remove(_exclusive)
        disk.unregister()
