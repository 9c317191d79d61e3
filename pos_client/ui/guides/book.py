"""The guides of one language, read from plain data: whoever shows them takes these values.

The texts hold no number. Their places are filled from the programme's rules and the station's settings when they are
shown, and a step that lacks one is left out: better unsaid than wrong.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from pos_client.value import dataclass

GUIDES = ("individual", "organisation", "driver")
"""In the order of A35."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do. `picture`: the name of a picture of the customer's screen; empty: none."""

    text: str
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Guide:
    """One guide, its places still open."""

    name: str
    title: str
    steps: tuple[Step, ...]

    def told(self, places: Mapping[str, str]) -> tuple[Step, ...]:
        """The steps with the numbers in them."""
        said = []
        for step in self.steps:
            try:
                said.append(Step(step.text.format_map(places), step.picture))
            except KeyError:
                continue
        return tuple(said)


def read_guides(folder: Path, language: str) -> tuple[Guide, ...]:
    """The guides of a language. Raises `OSError`, `ValueError` (not TOML), `KeyError` (a guide is missing)."""
    tables = tomllib.loads((folder / f"{language}.toml").read_text("utf-8"))
    return tuple(
        Guide(name, tables[name]["title"], tuple(Step(s["text"], s["picture"]) for s in tables[name]["steps"]))
        for name in GUIDES
    )
