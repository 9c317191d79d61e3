"""Writes TOML: the part of it that settings need (the standard library only reads it)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any


def dumps(tree: Mapping[str, Any]) -> str:
    """Tables, lists of tables, lists of scalars, text, whole numbers and booleans as TOML that reads back equal."""
    return "\n".join(_table(tree, "")).strip("\n") + "\n"


def _table(tree: Mapping[str, Any], name: str) -> Iterator[str]:
    """Scalars first: in TOML whatever follows a table's head belongs to it."""
    inside = f"{name}." if name else ""
    for key, value in tree.items():
        if not _is_table(value) and not _is_tables(value):
            yield f"{key} = {_value(value)}"
    for key, value in tree.items():
        if _is_table(value):
            yield from ("", f"[{inside}{key}]", *_table(value, inside + key))
        elif _is_tables(value):
            for each in value:
                yield from ("", f"[[{inside}{key}]]", *_table(each, inside + key))


def _is_table(value: object) -> bool:
    return isinstance(value, Mapping)


def _is_tables(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, Mapping) for each in value)


def _value(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case list():
            return "[" + ", ".join(_value(each) for each in value) + "]"
        case _:
            raise TypeError(f"settings hold no {type(value).__name__}")
