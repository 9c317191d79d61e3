"""Renders the pictures of the guides out of the gallery: `python -m tests.ui.guide_pictures [FOLDER]`, by default into
`resources/guides/pictures`. Small, and in few colours: they travel with the program."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from PIL import Image
from PySide6.QtWidgets import QApplication

from pos_client.ui.application import create_application
from pos_client.ui.guides.book import read_guides
from tests.ui.gallery import CUSTOMER
from tests.ui.pictures import windows
from tests.words import RESOURCES

SIZE = (768, 450)
COLOURS = 32


def main(folder: Path) -> None:
    """Every picture a guide names, in both languages, by day."""
    for language in ("vi", "en"):
        shown = windows(language, "day")
        window = shown.customer
        window.resize(1024, 600)
        window.setVisible(True)
        for name in sorted(named(language)):
            snapshot = CUSTOMER[name]
            assert snapshot is not None
            window.show_snapshot(snapshot)
            QApplication.processEvents()
            path = folder / f"{language}-{name}.png"
            window.grab().save(str(path))
            with Image.open(path) as picture:
                small = picture.convert("RGB").resize(SIZE, Image.Resampling.LANCZOS)
            small.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
        shown.close()


def named(language: str) -> set[str]:
    """The pictures the guides of a language name, and the one of their list."""
    guides = read_guides(RESOURCES / "guides", language)
    return {step.picture for guide in guides for step in guide.steps if step.picture} | {"welcome"}


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = create_application([], RESOURCES, "day")
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else RESOURCES / "guides" / "pictures")
