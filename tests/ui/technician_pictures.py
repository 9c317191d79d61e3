"""Renders the pictures of the technician's guide out of the album: `python -m tests.ui.technician_pictures [FOLDER]`,
by default into `packaging/pictures/technician`. In Vietnamese, by day, small and in few colours."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from PIL import Image
from PySide6.QtWidgets import QApplication

from pos_client.ui.application import create_application
from tests.ui.pictures import at, shots
from tests.words import RESOURCES

FOLDER = Path(__file__).parents[2] / "packaging" / "pictures" / "technician"
ASSISTANT = ("language", "enrol", "enrol-failed", "lines", "keypad", "printer", "screen", "rehearsal", "over")
PAGE = ("ports-found", "lines-accepted", "wires", "devices-listening", "support-checked", "support-bundle")
SIZES = {f"first-start-{name}": (860, 520) for name in ASSISTANT} | {f"technician-{name}": (1024, 600) for name in PAGE}
"""Title in the album -> width and height."""
COLOURS = 64


def main(folder: Path) -> None:
    """Every picture of the guide."""
    folder.mkdir(parents=True, exist_ok=True)
    for shot in shots():
        if shot.title in SIZES:
            path = folder / f"{shot.title}.png"
            with shot.open("vi", "day") as window:
                at(window, SIZES[shot.title])
                QApplication.processEvents()
                window.grab().save(str(path))
            with Image.open(path) as picture:
                few = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
            few.save(path, optimize=True)


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = create_application([], RESOURCES, "day")
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
