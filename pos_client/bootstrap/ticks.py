"""Which exercises of training have been done: a small file beside the sessions, which go."""

from __future__ import annotations

import json
from pathlib import Path

TICKS = "exercises.json"


def read_ticks(file: Path) -> set[str]:
    """The exercises done in earlier sessions; a file that cannot be read is none: nothing but ticks is lost."""
    try:
        return {str(name) for name in json.loads(file.read_text("utf-8"))}
    except (OSError, ValueError, TypeError):
        return set()


def keep_ticks(file: Path, done: set[str]) -> None:
    """Remember them, as far as the disk allows."""
    try:
        file.write_text(json.dumps(sorted(done)), "utf-8")
    except OSError:
        return
