"""Settings as tables and lists, the way the file holds them: every value said, so that the file explains itself."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from pos_client.settings.model import LineSettings, Settings
from pos_client.settings.options import SETTINGS_VERSION


def as_tree(settings: Settings) -> dict[str, Any]:
    """What `validation.check` reads back into equal settings."""
    tree = _listed(asdict(settings))
    return {"version": SETTINGS_VERSION, "secrets_backend": tree.pop("secrets_backend"), **tree}


def line_table(line: LineSettings) -> dict[str, Any]:
    """One line with its points, as `as_tree` has it."""
    table: dict[str, Any] = _listed(asdict(line))
    return table


def _listed(value: Any) -> Any:
    """Tuples as lists, all the way down."""
    if isinstance(value, dict):
        return {key: _listed(each) for key, each in value.items()}
    return [_listed(each) for each in value] if isinstance(value, (list, tuple)) else value
