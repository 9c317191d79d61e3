"""How far the first start is, beside the settings: a small file, read at every start, so it costs nothing to import."""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path

from pos_client.adapters.settings_file.whole_file import write_whole
from pos_client.value import dataclass

log = logging.getLogger(__name__)

FILE = "first-start.json"
DONE, LEFT, BEGUN = "done", "left", "begun"


@dataclass(frozen=True, slots=True)
class Steps:
    """Names of steps that were done by trying or left for later; `begun`: somebody is being led, over every start."""

    done: frozenset[str] = frozenset()
    left: frozenset[str] = frozenset()
    begun: bool = False


def read_steps(folder: Path) -> Steps:
    """A file that cannot be read is none: steps are offered once more, nothing else is lost."""
    file = folder / FILE
    try:
        kept = json.loads(file.read_text("utf-8"))
        return Steps(frozenset(map(str, kept[DONE])), frozenset(map(str, kept[LEFT])), bool(kept.get(BEGUN)))
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return Steps(begun=os.path.exists(file))


def keep_steps(folder: Path, steps: Steps) -> None:
    """A disk that takes nothing costs a step that is offered again."""
    kept = {DONE: sorted(steps.done), LEFT: sorted(steps.left), BEGUN: steps.begun}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / FILE, json.dumps(kept).encode())
    except OSError as error:
        log.warning("how far the first start is was not kept: %s", error)
