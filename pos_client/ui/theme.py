"""Colours, spacing and type as values, read from the tokens file. No Qt here: contrast is measured by plain tests.

Two themes, day and night, with the same roles. A widget asks for a role, never for a colour, so that the night theme
cannot forget one: a missing role fails when the tokens are read, not when the sun goes down.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from pos_client.ui.tone import Tone
from pos_client.value import dataclass

BASE_ROLES = (
    "paper",
    "panel",
    "sunken",
    "ink",
    "soft",
    "line",
    "edge",
    "accent",
    "accent_down",
    "on_accent",
    "strip",
    "strip_ink",
    "strip_soft",
    *(f"strip_{tone.value}" for tone in Tone),
)
TONE_PARTS = ("ink", "fill", "line", "solid", "on_solid")
TEXT_CONTRAST = 4.5
"""WCAG 2.2, 1.4.3 (AA) for text below 24 px."""
SHAPE_CONTRAST = 3.0
"""WCAG 2.2, 1.4.11 for shapes and the borders of controls."""


@dataclass(frozen=True, slots=True)
class Theme:
    """One theme: `colours` by role ("ink", "danger.fill"), `type_px`, `space_px` and `shape_px` by name, unscaled."""

    name: str
    colours: Mapping[str, str]
    type_px: Mapping[str, int]
    space_px: Mapping[str, int]
    shape_px: Mapping[str, int]

    def colour(self, role: str) -> str:
        """`#rrggbb` of a role; `KeyError` names a role nobody declared."""
        return self.colours[role]

    def tone(self, tone: Tone, part: str) -> str:
        """`#rrggbb` of one part of a tone."""
        return self.colours[f"{tone.value}.{part}"]


def read_theme(tokens: Path, name: str) -> Theme:
    """The theme `name` (day or night) of a tokens file. Raises `KeyError` naming the first role that is missing."""
    raw = tomllib.loads(tokens.read_text(encoding="utf-8"))
    section = raw[name]
    colours = {role: str(section[role]) for role in BASE_ROLES}
    for tone in Tone:
        colours.update({f"{tone.value}.{part}": str(section[tone.value][part]) for part in TONE_PARTS})
    return Theme(
        name,
        colours,
        {key: int(px) for key, px in raw["type"].items()},
        {key: int(px) for key, px in raw["space"].items()},
        {key: int(px) for key, px in raw["shape"].items()},
    )


def drawn_pairs() -> tuple[tuple[str, str, float], ...]:
    """Every (foreground role, background role, wanted contrast) the screens draw. Who draws a new pair adds it here."""
    pairs: list[tuple[str, str, float]] = []
    for ground in ("paper", "panel", "sunken"):
        pairs += [("ink", ground, TEXT_CONTRAST), ("soft", ground, TEXT_CONTRAST), ("accent", ground, TEXT_CONTRAST)]
        pairs += [(f"{tone.value}.ink", ground, TEXT_CONTRAST) for tone in Tone]
        pairs += [("edge", ground, SHAPE_CONTRAST)]
    pairs += [("on_accent", "accent", TEXT_CONTRAST), ("on_accent", "accent_down", TEXT_CONTRAST)]
    pairs += [(ink, ground, TEXT_CONTRAST) for ink in ("ink", "accent") for ground in ("line", "neutral.solid")]
    for tone in Tone:
        fill, solid = f"{tone.value}.fill", f"{tone.value}.solid"
        pairs += [("ink", fill, TEXT_CONTRAST), ("soft", fill, TEXT_CONTRAST), ("accent", fill, TEXT_CONTRAST)]
        pairs += [(f"{tone.value}.ink", fill, TEXT_CONTRAST), (f"{tone.value}.on_solid", solid, TEXT_CONTRAST)]
        pairs += [(f"strip_{tone.value}", "strip", TEXT_CONTRAST)]
        if tone is not Tone.NEUTRAL:
            pairs += [(f"{tone.value}.line", ground, SHAPE_CONTRAST) for ground in ("paper", "panel", fill)]
    pairs += [("strip_ink", "strip", TEXT_CONTRAST), ("strip_soft", "strip", TEXT_CONTRAST)]
    return tuple(pairs)


def contrast(one: str, other: str) -> float:
    """WCAG contrast ratio of two `#rrggbb` colours, 1.0 to 21.0 (a measure of light, the only float of the screens)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
