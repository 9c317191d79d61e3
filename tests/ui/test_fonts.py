"""The bundled font has every Vietnamese letter, and our digits are equally wide."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from PySide6.QtGui import QImage, QPainter, QRawFont
from PySide6.QtWidgets import QApplication

from pos_client.ui import figures
from pos_client.ui.assets import FAMILY, AssetMissing, load_fonts, load_theme
from pos_client.ui.style import BOLD, Style
from tests.words import FONTS, RESOURCES

BASES = "aăâeêioôơuưy"
MARKS = ["", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"]
LETTERS = {unicodedata.normalize("NFC", base + mark) for base in BASES for mark in MARKS} | {"đ"}


@pytest.mark.parametrize("path", sorted(FONTS.glob("*.ttf")), ids=lambda p: p.stem)
def test_every_letter_on_our_screens_is_in_the_file_itself(qapp: QApplication, path: Path) -> None:
    """`QFontMetrics` counts fallbacks too; the raw font does not."""
    del qapp
    raw = QRawFont(str(path), 20)
    needed = LETTERS | {letter.upper() for letter in LETTERS} | set("0123456789₫·×−–…+")
    for language in ("vi", "en"):
        for file in ("screens", "notices", "settings"):
            path_of = RESOURCES / "translations" / language / f"{file}.toml"
            needed |= set(path_of.read_text(encoding="utf-8")) - {"\n"}
    assert sorted(char for char in needed if not raw.supportsCharacter(ord(char))) == []


def test_the_licence_stands_beside_the_fonts() -> None:
    assert "SIL Open Font License" in (FONTS / "LICENSE_FONT").read_text(encoding="utf-8")


def test_all_amounts_of_one_length_are_equally_wide(qapp: QApplication) -> None:
    del qapp
    font = Style(load_theme(RESOURCES / "styles", "day")).font_px(40, BOLD)
    widths = {figures.width(f"{digit}{digit}{digit}.{digit}00 đ", font) for digit in range(10)}
    assert len({round(width, 3) for width in widths}) == 1


def test_a_long_line_is_elided_and_stays_in_its_box(qapp: QApplication) -> None:
    del qapp
    font = Style(load_theme(RESOURCES / "styles", "day")).font_px(20, BOLD)
    from PySide6.QtGui import QColor

    image = QImage(200, 40, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    used = figures.draw(painter, image.rect(), "1.234.567.890.123.456 đ", font, QColor("black"))
    painter.end()
    assert used <= 200


def test_a_broken_installation_is_named(qapp: QApplication, tmp_path: Path) -> None:
    del qapp
    with pytest.raises(AssetMissing, match=FAMILY):
        load_fonts(tmp_path)
    with pytest.raises(AssetMissing, match="day"):
        load_theme(tmp_path, "day")
