"""One thing a check-up has looked at, in the words of a language."""

from __future__ import annotations

from enum import StrEnum

from pos_client.domain.catalogue import Catalogue
from pos_client.value import dataclass


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `code` stays the same in every language; `says` and `do` are for people."""

    what: str
    level: Level
    code: str
    says: str
    do: str = ""


def found(words: Catalogue, what: str, level: Level, code: str, **params: object) -> Finding:
    """In the catalogue's words; advice where there is any."""
    key = f"doctor.{code}"
    advice = words.say(f"{key}.do", **params) if words.knows(f"{key}.do") else ""
    return Finding(what, level, code, words.say(f"{key}.says", **params), advice)
