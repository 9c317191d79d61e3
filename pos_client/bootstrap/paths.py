"""Where things lie: resources that travel with the program, and the folder a terminal keeps its own files in.

The one module that knows whether the program is frozen, installed from a wheel, or a checkout. In the first two the
resources lie inside the package, in the last beside it. What a module reads of its own (SQL, templates) lies beside
that module everywhere.
"""

from __future__ import annotations

import hashlib
import os
import platform
import sys
from pathlib import Path

from pos_client.ports.errors import Unavailable
from pos_client.value import dataclass


def resources() -> Path:
    """The folder of fonts, styles, translations, programmes, the contract and the sandbox's station."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "_resources"
    return inside if inside.is_dir() else package.parent / "resources"


def platform_name() -> str:
    """What packages are made for: `linux-x86_64`, `win32-amd64`."""
    return f"{sys.platform}-{platform.machine().lower()}"


def command_prefix() -> list[str]:
    """How to start this same program again as another process."""
    if getattr(sys, "frozen", False):
        return [sys.executable]
    return [sys.executable, "-m", "pos_client"]


@dataclass(frozen=True, slots=True)
class Site:
    """The folder of one terminal: its settings, its books, its logs."""

    folder: Path

    @property
    def mark(self) -> str:
        """What tells this terminal from others of the same user where they share a place; nothing for the usual one."""
        try:
            usual = self.folder.resolve() == default_site().folder.resolve()
        except Unavailable:
            usual = False
        return "" if usual else "-" + hashlib.sha256(os.fsencode(self.folder.resolve())).hexdigest()[:12]

    @property
    def settings(self) -> Path:
        """What the technician set."""
        return self.folder / "settings.toml"

    @property
    def journal(self) -> Path:
        """The books."""
        return self.folder / "journal.db"

    @property
    def crash_marks(self) -> Path:
        """Which records the program was working on; says something after a crash alone."""
        return self.folder / "crash-marks.json"

    @property
    def receipt_template(self) -> Path:
        """The station's own order of a receipt, where it has one."""
        return self.folder / "receipt.toml"

    @property
    def updates(self) -> Path:
        """Downloads, versions beside the installed one, and which of them runs."""
        return self.folder / "updates"

    @property
    def training(self) -> Path:
        """Where training keeps what it needs: nothing of the till's."""
        return self.folder / "training"

    @property
    def logs(self) -> Path:
        """Rotating logs."""
        return self.folder / "logs"


def home() -> Path | None:
    """Of this user; None for one who has none (a service's, with an empty environment)."""
    try:
        return Path.home()
    except RuntimeError:
        return None


def default_site() -> Site:
    """This user's terminal: the operating system's place for application data.

    Raises `Unavailable("no_home")`: books are not begun in a place nobody would look for them.
    """
    import platformdirs

    if home() is None:
        raise Unavailable("no_home")
    return Site(Path(platformdirs.user_data_dir("pos-client", appauthor=False, roaming=False)))
