"""Where files may be carried away from a till."""

from __future__ import annotations

import os
import string
import sys
from pathlib import Path

from pos_client.bootstrap.paths import Site, home

_STICKS = ("/media", "/run/media", "/mnt")


def folders(site: Site) -> list[Path]:
    """Folders that can be written to, where a person would look; memory sticks first."""
    of_user = home()
    at_home = [of_user / "Desktop", of_user / "Downloads", of_user] if of_user is not None else []
    candidates = [*_sticks(), *at_home, site.folder]
    return [path for path in dict.fromkeys(candidates) if path.is_dir() and os.access(path, os.W_OK)]


def _sticks() -> list[Path]:
    if sys.platform == "win32":
        return [drive for letter in string.ascii_uppercase[3:] if (drive := Path(f"{letter}:\\")).is_dir()]
    roots = [Path(each) for each in _STICKS]
    below = [path for root in roots if root.is_dir() and os.access(root, os.R_OK) for path in sorted(root.iterdir())]
    owned = [path for root in below if root.is_dir() and os.access(root, os.R_OK) for path in sorted(root.iterdir())]
    return [path for path in (*below, *owned) if os.path.ismount(path)]
