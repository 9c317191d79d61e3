"""A key that gets the room it asks for says all of its words, at every size of a window."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from pos_client.ui.assets import load_theme
from pos_client.ui.parts.key_button import KeyButton
from pos_client.ui.shell.main_window import LARGEST_PERCENT, SMALLEST_PERCENT
from pos_client.ui.style import Style
from tests.ui.looks import Said, listening
from tests.words import RESOURCES


@pytest.mark.parametrize("label", ["Về màn hình bán hàng", "Chờ lâu nhất", "Phiếu tính tiền", ""])
def test_no_word_is_cut_at_any_scale(qapp: QApplication, label: str):
    del qapp
    style = Style(load_theme(RESOURCES / "styles", "day"))
    for percent in range(SMALLEST_PERCENT, LARGEST_PERCENT + 1):
        style.rescale(percent)
        key = KeyButton(style, "Esc", label)
        key.resize(key.sizeHint())
        said: list[Said] = []
        with listening(said):
            key.grab()
        assert [(each.text, each.fits) for each in said] == [(text, True) for text in ("Esc", label) if text]
        assert len({each.place.center().y() for each in said}) == 1, f"side by side at {percent} %"
