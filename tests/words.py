"""The real words of the program, for tests that look at what people read."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from pos_client.domain.catalogue import Catalogue, flatten

RESOURCES = Path(__file__).parents[1] / "resources"
FONTS = RESOURCES / "fonts" / "be-vietnam-pro"


@cache
def words(language: str, *files: str) -> Catalogue:
    """Some files of a language, by name without ending; none named: all."""
    texts: dict[str, str] = {}
    for file in sorted((RESOURCES / "translations" / language).glob("*.toml")):
        if not files or file.stem in files:
            texts.update(flatten(tomllib.loads(file.read_text(encoding="utf-8"))))
    return Catalogue(language, texts)
