"""Lines that are read in one short transaction and told long after it: kept on disk meanwhile, not in memory.

A statement of years takes seconds to become a workbook, and its reader takes longer to fetch it. Nobody at a pump waits
for either: the ledger is let go as soon as its rows are copied.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

import msgspec

Line = TypeVar("Line")


class Spool(Generic[Line]):
    """Copied when it is made, a line a row. It can be read once; the disk's room goes with it."""

    def __init__(self, lines: Iterable[Line], kind: type[Line]) -> None:
        self._kind = kind
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - read by whoever sends it on, and closed then
        encoder = msgspec.json.Encoder()
        try:
            self._file.writelines(encoder.encode(line) + b"\n" for line in lines)
        except BaseException:
            self._file.close()
            raise

    def __iter__(self) -> Iterator[Line]:
        decoder = msgspec.json.Decoder(self._kind)
        self._file.seek(0)
        with self._file:
            for line in self._file:
                yield decoder.decode(line)
