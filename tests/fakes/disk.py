"""A disk that fails on command, under the real SQLite: a VFS in front of the operating system's own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import apsw


class FaultyDisk(apsw.VFS):
    """While installed, every connection opened goes through it.

    `fault`: an apsw error to raise for writes and syncs, or None. `fail_at`: only the n-th of them (0: each).
    """

    def __init__(self) -> None:
        self.beneath = apsw.vfs_names()[0]
        self.fault: type[apsw.Error] | None = None
        self.fail_at = 0
        self.operations = 0
        super().__init__("faulty-disk", self.beneath, makedefault=True)

    def fail(self, fault: type[apsw.Error], at: int = 0) -> None:
        self.fault, self.fail_at, self.operations = fault, at, 0

    def mend(self) -> None:
        self.fault, self.fail_at, self.operations = None, 0, 0

    def strike(self) -> None:
        self.operations += 1
        if self.fault is not None and self.fail_at in (0, self.operations):
            raise self.fault(f"switched on by the test, operation {self.operations}")

    def xOpen(self, name, flags):
        return _File(self, name, flags)


class _File(apsw.VFSFile):
    def __init__(self, disk: FaultyDisk, name, flags) -> None:
        self._disk = disk
        super().__init__(disk.beneath, name, flags)

    def xWrite(self, data, offset):
        self._disk.strike()
        super().xWrite(data, offset)

    def xSync(self, flags):
        self._disk.strike()
        super().xSync(flags)


@contextmanager
def faulty_disk() -> Iterator[FaultyDisk]:
    disk = FaultyDisk()
    try:
        yield disk
    finally:
        disk.unregister()
