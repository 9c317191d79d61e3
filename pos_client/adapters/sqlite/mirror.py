"""A second copy of every decision, in the simplest form there is: records one after the other in a file.

What SQLite's file cannot survive (a page that rots, a file somebody copied over, a bug) this one does: each record
stands alone, with its length and a CRC-32 in front, and damage to one does not reach the others. It is written before
the book's own commit; on another disk it is synced as well, so that a disk that dies takes only one of the two.

A record is one transaction as JSON: rows of the journal, outbox items, totalizers, closed subjects. Two records are
special: `{"taken_back": true}` says that the book refused the record before it; one with `"everything": true` begins
anew with all that the book holds beside its rows (after the mirror was away, or when it is new).
"""

from __future__ import annotations

import json
import os
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from pos_client.ports.errors import Unavailable
from pos_client.value import dataclass

MAGIC = b"POS mirror 1\n"
HEAD = struct.Struct("<II")
"""length and CRC-32 of what follows"""
SEGMENT_BYTES = 4 << 20
LONGEST = 64 << 20
"""Nothing that claims to be longer is a record."""
Record = dict[str, Any]
"""JSON: `rows` [[seq, at, kind, subject, body, mac in hex, key]], `items`, `totalizers`, `closed`, `acknowledged`; see
the module."""


@dataclass(frozen=True, slots=True)
class Damage:
    """A place in a segment where no record stands that was written whole."""

    segment: str
    offset: int


class Mirror:
    """The mirror of one book. Made by `open_mirror`; used by the book's thread."""

    def __init__(self, folder: Path, sync: bool) -> None:
        self._folder, self._sync = folder, sync
        self._file: BinaryIO | None = None

    def append(self, record: Record) -> None:
        """Write a record. Raises `Unavailable("mirror_failed")`; the book goes on without its mirror then."""
        body = json.dumps(record, separators=(",", ":"), ensure_ascii=False).encode()
        try:
            file = self._open()
            file.write(HEAD.pack(len(body), zlib.crc32(body)) + body)
            file.flush()
            if self._sync:
                os.fsync(file.fileno())
            if file.tell() >= SEGMENT_BYTES:
                self.close()
        except OSError as error:
            self.close()
            raise Unavailable("mirror_failed", f"{self._folder}: {error.strerror}") from error

    def last_record(self) -> Record | None:
        """The last record with rows that stands; None for an empty mirror."""
        return last_record(self._folder)

    def close(self) -> None:
        """Give the file back; a disk that is gone cannot fail any more."""
        file, self._file = self._file, None
        if file is not None:
            try:
                file.close()
            except OSError:
                return

    def _open(self) -> BinaryIO:
        """The segment that is written to: the last one while there is room, its torn end cut off."""
        if self._file is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            last = segments(self._folder)[-1:]
            if last and last[0].stat().st_size < SEGMENT_BYTES and (end := _end_of(last[0])) is not None:
                self._file = last[0].open("r+b")
                self._file.truncate(end)
                self._file.seek(end)
            else:
                number = int(last[0].stem.rpartition("-")[2]) + 1 if last else 1
                self._file = (self._folder / f"mirror-{number:06}.seg").open("xb")
                self._file.write(MAGIC)
        return self._file


def open_mirror(folder: Path, book: Path) -> Mirror:
    """The mirror in a folder; synced with every record when the folder is on another disk than the book."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        apart = folder.stat().st_dev != book.parent.stat().st_dev
    except OSError:
        apart = True
    return Mirror(folder, sync=apart)


def segments(folder: Path) -> list[Path]:
    """The files of a mirror, in order."""
    return sorted(folder.glob("mirror-*.seg"))


def records(folder: Path) -> Iterator[Record | Damage]:
    """All records in order. Where one is damaged, the damage, and then whatever whole records follow it."""
    for segment in segments(folder):
        yield from _records_of(segment)


def _records_of(segment: Path) -> Iterator[Record | Damage]:
    raw = segment.read_bytes()
    if not raw.startswith(MAGIC):
        yield Damage(segment.name, 0)
    at, lost = len(MAGIC), False
    while at < len(raw):
        body = _body_at(raw, at)
        if body is None:
            if not lost:
                yield Damage(segment.name, at)
            lost, at = True, at + 1  # the next record is looked for byte by byte: lengths cannot be trusted here
            continue
        lost, at = False, at + HEAD.size + len(body)
        yield json.loads(body)


def _body_at(raw: bytes, at: int) -> bytes | None:
    """The body of the record that stands there whole, or None."""
    if at + HEAD.size > len(raw):
        return None
    length, crc = HEAD.unpack_from(raw, at)
    if not 2 <= length <= min(LONGEST, len(raw) - at - HEAD.size):
        return None
    body = raw[at + HEAD.size : at + HEAD.size + length]
    return body if body[:1] == b"{" and zlib.crc32(body) == crc else None


def _end_of(segment: Path) -> int | None:
    """Where the last whole record of a segment ends; None for a file that is no segment."""
    raw = segment.read_bytes()
    if not raw.startswith(MAGIC):
        return None
    at = len(MAGIC)
    while (body := _body_at(raw, at)) is not None:
        at += HEAD.size + len(body)
    return at


def last_record(folder: Path) -> Record | None:
    """The last record with rows that stands. Only as many segments are read as it takes, from the end."""
    for segment in reversed(segments(folder)):
        standing: list[Record] = []
        for record in _records_of(segment):
            if isinstance(record, Damage):
                continue
            if record.get("taken_back"):
                standing = standing[:-1]
            else:
                standing.append(record)
        for record in reversed(standing):
            if record.get("rows"):
                return record
    return None


def standing(folder: Path) -> Iterator[Record | Damage]:
    """All records in order that were not taken back."""
    before: Record | None = None
    for record in records(folder):
        if isinstance(record, Damage):
            yield record
        elif record.get("taken_back"):
            before = None
        else:
            if before is not None:
                yield before
            before = record
    if before is not None:
        yield before
