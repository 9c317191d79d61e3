"""Contrast is measured, not believed: every pair the screens draw, in both themes."""

from __future__ import annotations

from pathlib import Path

import pytest

from pos_client.ui.theme import contrast, drawn_pairs, read_theme
from tests.words import RESOURCES

TOKENS = RESOURCES / "styles" / "tokens.toml"


@pytest.mark.parametrize("name", ["day", "night"])
def test_every_drawn_pair_holds_aa(name: str) -> None:
    theme = read_theme(TOKENS, name)
    weak = [
        (ink, ground, round(contrast(theme.colour(ink), theme.colour(ground)), 2), wanted)
        for ink, ground, wanted in drawn_pairs()
        if contrast(theme.colour(ink), theme.colour(ground)) < wanted
    ]
    assert weak == []


def test_contrast_is_the_published_formula() -> None:
    """WCAG: black on white is 21, a colour on itself is 1, #767676 on white is the famous 4.54."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#123456", "#123456") == 1
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def test_both_themes_have_the_same_roles_and_differ() -> None:
    day, night = read_theme(TOKENS, "day"), read_theme(TOKENS, "night")
    assert day.colours.keys() == night.colours.keys()
    assert day.colour("paper") != night.colour("paper")


def test_a_missing_role_is_named_when_tokens_are_read(tmp_path: Path) -> None:
    text = TOKENS.read_text(encoding="utf-8").replace('strip_soft = "#a9b6c9"', "")
    broken = tmp_path / "tokens.toml"
    broken.write_text(text, encoding="utf-8")
    with pytest.raises(KeyError, match="strip_soft"):
        read_theme(broken, "night")


def test_smallest_type_is_readable() -> None:
    """13 px on the till, 18 px on the customer's screen; targets of 44 px and more."""
    theme = read_theme(TOKENS, "day")
    till = [px for name, px in theme.type_px.items() if not name.startswith("customer")]
    customer = [px for name, px in theme.type_px.items() if name.startswith("customer")]
    assert min(till) >= 13
    assert min(customer) >= 18
    assert theme.shape_px["touch"] >= 44
