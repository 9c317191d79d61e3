"""Fonts and styles from the resource folder. Folders come as arguments: the composition root knows them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QFontDatabase

from pos_client.ui.theme import Theme, read_theme

FAMILY = "Be Vietnam Pro"
"""The bundled family (OFL 1.1). Full files, not the web subsets: Qt does not merge subsets, so that one word would be
drawn in two fonts."""


class AssetMissing(Exception):
    """A file of the program is not there or cannot be read: the installation is broken, not the station."""


def load_fonts(font_dir: Path) -> tuple[str, ...]:
    """Register every TTF below `font_dir`; the families found. Raises `AssetMissing` if the bundled family is not among
    them. Needs a running QGuiApplication."""
    families: set[str] = set()
    for path in sorted(font_dir.rglob("*.ttf")):
        number = QFontDatabase.addApplicationFont(str(path))
        if number < 0:
            raise AssetMissing(f"font cannot be read: {path.name}")
        families.update(QFontDatabase.applicationFontFamilies(number))
    if FAMILY not in families:
        raise AssetMissing(f"no font {FAMILY!r} below {font_dir.name}")
    return tuple(sorted(families))


def load_theme(style_dir: Path, name: str) -> Theme:
    """The theme of that name (day or night). Raises `AssetMissing` when tokens are missing or incomplete."""
    try:
        return read_theme(style_dir / "tokens.toml", name)
    except (OSError, KeyError, ValueError) as error:
        raise AssetMissing(f"theme {name!r}: {error}") from error
