"""`python -m tests.ui.album FOLDER [PART OF A NAME]`: every screen in every state, photographed and looked at.

Both languages, both themes, three sizes of each window. FOLDER gets the pictures, contact sheets to leaf through, an
`index.html` over all of them, and `faults.txt` with what `looks` found, picture by picture.
"""

from __future__ import annotations

import html
import os
import sys
from itertools import product
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QWidget

from pos_client.ui.application import create_application
from tests.ui.looks import faults, photograph
from tests.ui.pictures import at, shots
from tests.words import RESOURCES

LANGUAGES, THEMES = ("vi", "en"), ("day", "night")
COLUMNS, ROWS, THUMB = 4, 4, (480, 290)


def take(window: QWidget, size: tuple[int, int], language: str, file: Path) -> list[str]:
    """One picture, kept in `file`; what is wrong with it."""
    at(window, size)
    picture, said = photograph(window)
    picture.save(str(file))
    return faults(window, picture, said, language)


def render(folder: Path, part: str = "") -> dict[str, list[str]]:
    """All pictures whose name contains `part`; the faults of each."""
    folder.mkdir(parents=True, exist_ok=True)
    seen: dict[str, list[str]] = {}
    for shot in shots():
        for language, theme in product(LANGUAGES, THEMES):
            names = {f"{shot.title}-{language}-{theme}-{wide}x{high}": (wide, high) for wide, high in shot.sizes}
            if wanted := {name: size for name, size in names.items() if part in name}:
                with shot.open(language, theme) as window:
                    for name, size in wanted.items():
                        seen[name] = take(window, size, language, folder / f"{name}.png")
    everything, page = tuple(seen), COLUMNS * ROWS
    sheets = [_sheet(folder, n // page + 1, everything[n : n + page]) for n in range(0, len(everything), page)]
    _index(folder, seen, sheets)
    (folder / "faults.txt").write_text(
        "".join(f"{name}: {fault}\n" for name, found in seen.items() for fault in found), encoding="utf-8"
    )
    return seen


def _sheet(folder: Path, number: int, names: tuple[str, ...]) -> str:
    """Many small ones on one page, named."""
    wide, high = THUMB
    sheet = QImage(COLUMNS * wide, ROWS * high, QImage.Format.Format_RGB32)
    sheet.fill(QColor(Qt.GlobalColor.gray))
    painter = QPainter(sheet)
    for place, name in enumerate(names):
        left, top = place % COLUMNS * wide, place // COLUMNS * high
        small = QImage(str(folder / f"{name}.png")).scaled(
            wide - 6, high - 20, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        painter.drawImage(QPoint(left + 3, top + 18), small)
        painter.drawText(QRect(left + 4, top, wide - 8, 18), 0, name)
    painter.end()
    file = f"sheet-{number:03}.png"
    sheet.save(str(folder / file))
    return file


def _index(folder: Path, seen: dict[str, list[str]], sheets: list[str]) -> None:
    figures = "\n".join(
        f'<figure><a href="{name}.png"><img loading="lazy" src="{name}.png" alt=""></a>'
        f"<figcaption>{name}{''.join(f'<br>{html.escape(fault)}' for fault in found)}</figcaption></figure>"
        for name, found in seen.items()
    )
    pages = " ".join(f'<a href="{sheet}">{number}</a>' for number, sheet in enumerate(sheets, start=1))
    (folder / "index.html").write_text(
        "<!doctype html><meta charset=utf-8><title>Pictures</title><style>body{font:14px sans-serif;display:flex;"
        "flex-wrap:wrap;gap:12px}figure{margin:0;width:440px}img{width:100%}p{width:100%}</style>"
        f"<p>{len(seen)} pictures, {sum(map(len, seen.values()))} faults. Contact sheets: {pages}</p>{figures}",
        encoding="utf-8",
    )


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = create_application([], RESOURCES, "day")
    made = render(Path(sys.argv[1]), *sys.argv[2:3])
    sys.stdout.write(f"{len(made)} pictures, {sum(map(len, made.values()))} faults: {sys.argv[1]}/index.html\n")
