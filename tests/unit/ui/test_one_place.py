"""Colours and sizes of type are said in the tokens alone; nothing on a screen takes time for show."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pos_client.ui.exports import pdf
from pos_client.ui.theme import read_theme
from tests.words import RESOURCES

UI = Path(pdf.__file__).parents[1]
SOURCES = {path.relative_to(UI).as_posix(): path.read_text(encoding="utf-8") for path in sorted(UI.rglob("*.py"))}
RAW_COLOUR = re.compile(r"""#[0-9a-fA-F]{6}\b|QColor\(\s*["'\d]|Qt\.GlobalColor""")
RAW_SIZE = re.compile(r"setPixelSize\(\s*\d|setPointSize\(|font-size:\s*\d")
STYLED = re.compile(r"(?<![\w{])([3-9]|\d\d+)px\b")
MOTION = re.compile(r"QPropertyAnimation|QVariantAnimation|QTimeLine|QGraphicsOpacityEffect")
OF_THEIR_OWN = {"exports/pdf.py", "customer/qr_code.py"}
"""Ink on paper, held below; and a code, which machines read in black on white."""


@pytest.mark.parametrize("name", sorted(SOURCES.keys() - OF_THEIR_OWN))
def test_no_module_of_the_screens_has_a_colour_or_size_of_its_own(name: str) -> None:
    """Lines of one and two pixels are the sheet's: they do not scale. Nothing is animated."""
    text = SOURCES[name]
    assert [pattern.findall(text) for pattern in (RAW_COLOUR, RAW_SIZE, STYLED, MOTION)] == [[], [], [], []]


def test_only_the_style_makes_fonts_for_widgets() -> None:
    """The application's own font is the body of the tokens; the refusal speaks when tokens may be what is missing."""
    makers = {name for name, text in SOURCES.items() if "setPixelSize(" in text}
    assert makers == {"style.py", "application.py", "refusal.py"}


def test_paper_has_the_inks_of_the_day() -> None:
    """A sheet is printed from any thread, without a theme at hand: its five inks are the tokens', held here."""
    day = read_theme(RESOURCES / "styles" / "tokens.toml", "day")
    inks = [ink.name() for ink in (pdf.INK, pdf.SOFT, pdf.LINE, pdf.BAR, pdf.DOWN)]
    assert inks == [day.colour(role) for role in ("ink", "soft", "line", "accent", "attention.line")]
