"""Room that is kept free for what must be written even on a full disk: fuel that has flowed, money that was taken."""

from __future__ import annotations

import os
from pathlib import Path

BYTES = 64 << 20
CHUNK = bytes(1 << 20)


class Reserve:
    """A file of no meaning beside the book, given up when the disk is full, made again when there is room."""

    def __init__(self, book: Path, size: int = BYTES) -> None:
        self._path, self._size = book.with_name(f"{book.name}.reserve"), size

    @property
    def is_there(self) -> bool:
        """Whether the room is still kept."""
        return self._path.exists()

    def keep(self) -> bool:
        """Keep the room, if it is to be had; written, so that no file system can promise it twice."""
        if self.is_there:
            return True
        unfinished = self._path.with_suffix(".making")
        try:
            with unfinished.open("wb") as file:
                for _ in range(0, self._size, len(CHUNK)):
                    file.write(CHUNK)
                file.flush()
                os.fsync(file.fileno())
            os.replace(unfinished, self._path)
        except OSError:
            unfinished.unlink(missing_ok=True)
            return False
        return True

    def give_up(self) -> bool:
        """Let the room go; False when there was none."""
        try:
            self._path.unlink()
        except OSError:
            return False
        return True
