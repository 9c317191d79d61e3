"""Files that travel with the program, read into the values the inside works with."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from pos_client.domain.catalogue import Catalogue, flatten

if TYPE_CHECKING:
    from pos_client.domain.programme.profile import Profile
    from pos_client.domain.receipt_template import ReceiptTemplate

LANGUAGES = ("vi", "en")


def toml(file: Path) -> dict[str, object]:
    """A file of data. Raises `OSError`, `ValueError` (not TOML, not UTF-8)."""
    return tomllib.loads(file.read_text("utf-8"))


@cache
def catalogue(resources: Path, language: str) -> Catalogue:
    """All words of a language: every file of its folder, merged; read once, for they travel with the program."""
    texts: dict[str, str] = {}
    for file in sorted((resources / "translations" / language).glob("*.toml")):
        texts.update(flatten(tomllib.loads(file.read_text("utf-8"))))
    return Catalogue(language, texts)


class Languages(Mapping[str, Catalogue]):
    """Every language there is, by its code; the words of each are read when they are first wanted."""

    def __init__(self, resources: Path) -> None:
        self._resources = resources

    def __getitem__(self, language: str) -> Catalogue:
        if language not in LANGUAGES:
            raise KeyError(language)
        return catalogue(self._resources, language)

    def __contains__(self, language: object) -> bool:
        return language in LANGUAGES

    def __iter__(self) -> Iterator[str]:
        return iter(LANGUAGES)

    def __len__(self) -> int:
        return len(LANGUAGES)


def receipt_template(resources: Path, own: Path) -> ReceiptTemplate:
    """The station's own order of a receipt, else the shipped one. Raises `OSError`, `ValueError` (a file of its own
    that is none)."""
    from pos_client.domain.receipt_template import parse_template

    return parse_template(toml(own if own.exists() else resources / "receipts" / "receipt.toml"))


def profile(resources: Path, name: str = "petrolimex-id") -> Profile:
    """A loyalty programme's rules."""
    from pos_client.domain.programme.profile import load_profile

    return load_profile(toml(resources / "programmes" / f"{name}.toml"))
