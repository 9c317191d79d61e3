"""Files that travel with the program, read into the values the inside works with."""

from __future__ import annotations

import tomllib
from pathlib import Path

from pos_client.domain.catalogue import Catalogue, flatten
from pos_client.domain.programme.profile import Profile, load_profile
from pos_client.domain.receipt_template import ReceiptTemplate, parse_template

LANGUAGES = ("vi", "en")


def toml(file: Path) -> dict[str, object]:
    """A file of data. Raises `OSError`, `ValueError` (not TOML, not UTF-8)."""
    return tomllib.loads(file.read_text("utf-8"))


def catalogue(resources: Path, language: str) -> Catalogue:
    """All words of a language: every file of its folder, merged."""
    texts: dict[str, str] = {}
    for file in sorted((resources / "translations" / language).glob("*.toml")):
        texts.update(flatten(tomllib.loads(file.read_text("utf-8"))))
    return Catalogue(language, texts)


def receipt_template(resources: Path, own: Path) -> ReceiptTemplate:
    """The station's own order of a receipt, else the shipped one. Raises `OSError`, `ValueError` (a file of its own
    that is none)."""
    return parse_template(toml(own if own.exists() else resources / "receipts" / "receipt.toml"))


def profile(resources: Path, name: str = "petrolimex-id") -> Profile:
    """A loyalty programme's rules."""
    return load_profile(toml(resources / "programmes" / f"{name}.toml"))
