"""Loads `queries.sql`: SQL is text with a name (STYLE 13)."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

_BLOCK = re.compile(r"^-- name: (\w+)\n((?:--[^\n]*\n)+)", re.MULTILINE)


def resource(name: str) -> str:
    """A text file beside this module."""
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def split(text: str) -> dict[str, str]:
    """Name -> statement, its sentence still in front of it. Raises `ValueError` for a name given twice."""
    heads = list(_BLOCK.finditer(text))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    found = {head.group(1): text[head.start(2) : end].strip() for head, end in zip(heads, ends, strict=True)}
    if len(found) != len(heads):
        raise ValueError("a query's name is given twice")
    return found


@cache
def queries() -> dict[str, str]:
    """All named queries."""
    return split(resource("queries.sql"))
