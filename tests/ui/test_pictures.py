"""A sample of the album, small and large, in both languages and themes, looked at with a ruler. The whole of it is
`make pictures`, which takes minutes."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from tests.ui.album import render, take
from tests.ui.finding import destroy
from tests.ui.looks import faults, photograph
from tests.ui.pictures import shots

SHOTS = {shot.title: shot for shot in shots()}
SMALL = (
    "cashier-sale",
    "cashier-offline",
    "cashier-strip-full",
    "cashier-points-32",
    "cashier-recovered-sale-part-paid",
    "cashier-panel-waiting-wrong",
    "cashier-menu",
    "cashier-preset-typed",
    "cashier-queue",
    "cashier-shift-counted-short",
    "cashier-shift-32",
    "cashier-operations",
    "cashier-prices-differ",
    "cashier-certificate-open",
    "records-full",
    "records-sums",
    "technician-ports-found",
    "technician-lines-faults",
    "technician-support-would-change",
    "cashier-training",
    "first-start-enrol-failed",
    "first-start-printer",
    "exercises-doing",
)
LARGE = (
    "cashier-busy",
    "cashier-sale",
    "cashier-panel-unknown",
    "cashier-shift-before-differs",
    "technician-wires",
    "exercises-doing",
)


@pytest.mark.parametrize("title", SMALL)
def test_a_small_window_in_vietnamese_has_nothing_wrong(qapp: QApplication, tmp_path: Path, title: str) -> None:
    del qapp
    with SHOTS[title].open("vi", "day") as window:
        assert take(window, (1024, 600), "vi", tmp_path / "picture.png") == []


@pytest.mark.parametrize("title", LARGE)
def test_at_night_in_english_neither(qapp: QApplication, tmp_path: Path, title: str) -> None:
    del qapp
    with SHOTS[title].open("en", "night") as window:
        assert take(window, (1366, 768), "en", tmp_path / "picture.png") == []


def test_the_album_has_pictures_a_sheet_and_an_index(qapp: QApplication, tmp_path: Path) -> None:
    del qapp
    found = render(tmp_path, "cashier-idle-vi-day-1366x768")
    assert list(found) == ["cashier-idle-vi-day-1366x768"]
    files = {path.name: path.stat().st_size for path in tmp_path.iterdir()}
    assert files["cashier-idle-vi-day-1366x768.png"] > 10_000
    assert files["sheet-001.png"] > 10_000
    assert "cashier-idle-vi-day-1366x768.png" in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_each_fault_is_seen(qapp: QApplication) -> None:
    """The ruler itself: a window with everything wrong at once."""
    del qapp
    window = QWidget()
    window.setObjectName("wrong")
    window.setAutoFillBackground(True)
    palette = window.palette()
    palette.setColor(window.backgroundRole(), QColor("white"))
    window.setPalette(palette)
    window.resize(300, 200)

    def label(text: str, x: int, y: int, wide: int, look: str) -> None:
        made = QLabel(text, window)
        made.setStyleSheet(look)
        made.setGeometry(x, y, wide, 24)

    label("Một câu dài hơn chỗ của nó", 10, 10, 60, "color: black; font-size: 16px")
    label("nhỏ", 10, 40, 100, "color: black; font-size: 9px")
    label("nhạt", 10, 70, 100, "color: #cccccc; font-size: 16px")
    label("Payment", 10, 100, 100, "color: black; font-size: 16px")
    label("một", 10, 130, 100, "color: black; font-size: 16px")
    label("hai", 14, 134, 100, "color: black; font-size: 16px")
    label("xa", 250, 100, 100, "color: black; font-size: 16px")
    key = QPushButton("Trả", window)
    key.setGeometry(200, 10, 90, 30)
    window.show()
    picture, said = photograph(window)
    kinds = {fault.split(":")[0] for fault in faults(window, picture, said, "vi")}
    assert kinds == {"cut", "small", "pale", "foreign", "over each other", "outside", "low"}
    window.hide()
    destroy(window)
