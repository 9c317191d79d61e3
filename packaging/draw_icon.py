"""Draws PNG and ICO out of installer/pos-client.svg, when that has changed: `python packaging/draw_icon.py`."""

from __future__ import annotations

import sys

import release
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

FOLDER = release.ROOT / "packaging" / "installer"
LARGEST = 256
SIZES = (16, 24, 32, 48, 64, 128, LARGEST)


def main() -> int:
    """Write both files."""
    picture = QImage(LARGEST, LARGEST, QImage.Format.Format_ARGB32)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(str(FOLDER / "pos-client.svg")).render(painter)
    painter.end()
    picture.save(str(FOLDER / "pos-client.png"))
    with Image.open(FOLDER / "pos-client.png") as drawn:
        drawn.save(FOLDER / "pos-client.ico", sizes=[(size, size) for size in SIZES])
    return 0


if __name__ == "__main__":
    sys.exit(main())
