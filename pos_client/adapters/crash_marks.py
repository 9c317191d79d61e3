"""Crash marks in a small file beside the books (`ports.marks.CrashMarks`).

The file is replaced whole and never synced: a process that is killed leaves what it wrote to the operating system, and
after a power cut nothing need be known. A file that cannot be read or written says nothing; sending goes on.
"""

from __future__ import annotations

import json
import logging
import os
import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

log = logging.getLogger(__name__)


class FileMarks:
    """Used by the thread that sends and the one that decides. Until `count` was called nothing is read or written: the
    file belongs to whoever holds the books."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._under_way: set[str] = set()
        self._deaths: dict[str, int] = {}
        self._is_mine = False
        self._silent = False

    def count(self) -> None:
        """Read what the run before left, and hold its end against whatever it was working on."""
        with self._lock:
            self._is_mine = True
            under_way, self._deaths = _read(self._path)
            for key in under_way:
                self._deaths[key] = self._deaths.get(key, 0) + 1
            if under_way:
                log.warning("the program ended while it worked on %s", ", ".join(sorted(under_way)))
                self._write()

    def put(self, keys: Collection[str]) -> None:
        """These records are worked on from now on, instead of any others; none: it is a clean end."""
        with self._lock:
            self._under_way = set(keys)
            self._write()

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Nothing is worked on in here."""
        with self._lock:
            keys, self._under_way = self._under_way, set()
            self._write()
        try:
            yield
        finally:
            self.put(keys)

    def done(self, key: str, *, answered: bool = True) -> None:
        """A record was worked on and the program lives. Of many that travelled together the last one tells the file."""
        with self._lock:
            had_died = answered and self._deaths.pop(key, 0) > 0
            was_last = self._under_way == {key}
            self._under_way.discard(key)
            if had_died or was_last:
                self._write()

    def deaths(self) -> Mapping[str, int]:
        """How often in a row the program died while it worked on a record."""
        with self._lock:
            return dict(self._deaths)

    def _write(self) -> None:
        if not self._is_mine:
            return
        text = json.dumps({"under_way": sorted(self._under_way), "deaths": self._deaths})
        fresh = self._path.with_name(f"{self._path.name}.new")
        try:
            fresh.write_text(text, encoding="utf-8")
            os.replace(fresh, self._path)
        except OSError as error:
            if not self._silent:
                log.warning("crash marks cannot be kept: %s", error)
            self._silent = True
        else:
            self._silent = False


def _read(path: Path) -> tuple[set[str], dict[str, int]]:
    """Records under way, and earlier deaths by record."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        deaths = {str(key): int(count) for key, count in kept["deaths"].items()}
        return {str(key) for key in kept["under_way"]}, deaths
    except FileNotFoundError:
        return set(), {}
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        log.warning("crash marks cannot be read: %s", error)
        return set(), {}
