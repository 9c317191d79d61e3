"""Colours and sizes of type are said in the tokens alone; nothing on a screen takes time for show."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
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
    """The application's own font is the body of the tokens."""
    makers = {name for name, text in SOURCES.items() if "setPixelSize(" in text}
    assert makers == {"style.py", "application.py"}


def test_paper_has_the_inks_of_the_day() -> None:
    """A sheet is printed from any thread, without a theme at hand: its five inks are the tokens', held here."""
    day = read_theme(RESOURCES / "styles" / "tokens.toml", "day")
    inks = [ink.name() for ink in (pdf.INK, pdf.SOFT, pdf.LINE, pdf.BAR, pdf.DOWN)]
    assert inks == [day.colour(role) for role in ("ink", "soft", "line", "accent", "attention.line")]


LAYING = {"setSpacing", "setHorizontalSpacing", "setVerticalSpacing", "setContentsMargins", "addSpacing"}
DISTANCES = {"pad", "gap", "edge", "margin"}
PADDED = re.compile(r"(?:padding|spacing|margin)[\w-]*:\s*[^;{]*\{self\.px\(")
LAYS_ITSELF = {"style.py", "parts/training_mark.py"}
"""The scale's own place; and the mark, whose band is no distance."""


@pytest.mark.parametrize("name", sorted(SOURCES.keys() - LAYS_ITSELF))
def test_no_module_of_the_screens_has_a_distance_of_its_own(name: str) -> None:
    """Layouts are spaced out by the style, painters take their insets from its scale."""
    laid = (part for node in ast.walk(ast.parse(SOURCES[name])) for part in _distances(node))
    assert [ast.unparse(part) for part in laid if any(_is_number(inner) for inner in ast.walk(part))] == []


def test_the_style_sheet_has_none_either() -> None:
    assert PADDED.findall(SOURCES["style.py"]) == []


def _distances(node: ast.AST) -> Iterator[ast.AST]:
    """What lays something out, insets something, or is called a distance."""
    match node:
        case ast.Call(func=ast.Attribute(attr=name)) if name in LAYING or name == "adjusted":
            yield node
        case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)) if len(names) == len(values):
            pairs = zip(names, values, strict=True)
            yield from (value for at, value in pairs if isinstance(at, ast.Name) and at.id in DISTANCES)
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in DISTANCES:
            yield value


def _is_number(node: ast.AST) -> bool:
    """Beyond none, a line's one and a doubling."""
    return isinstance(node, ast.Constant) and isinstance(node.value, int) and node.value > 2


def test_distances_are_steps_of_four_each_larger_than_the_one_before() -> None:
    """Half a step stands within a caption alone."""
    space = list(read_theme(RESOURCES / "styles" / "tokens.toml", "day").space_px.values())
    assert space == sorted(set(space))
    assert {px % 4 for px in space} == {0, 2}
    assert [px for px in space if px % 4] == [2]
