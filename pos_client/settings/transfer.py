"""Settings that leave this machine: for another till, for support. Pure. What comes in goes through `check`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pos_client.settings.model import Settings
from pos_client.settings.options import SECTIONS, Option
from pos_client.settings.writing import as_tree

_LISTED = ("grades", "prices", "staff")
_SECRETS = "secrets"


def exported(settings: Settings) -> dict[str, Any]:
    """As a tree that may leave this machine: nothing secret is in it, and it reads back to equal settings."""
    return _less(as_tree(settings), lambda option: option.secret)


def for_support(settings: Settings) -> dict[str, Any]:
    """The same, less what names a person."""
    return _less(as_tree(settings), lambda option: option.secret or option.personal)


def _less(tree: dict[str, Any], unwanted: Callable[[Option], bool]) -> dict[str, Any]:
    """Without the options nobody outside shall see."""
    left_out = {section: {o.key for o in options if unwanted(o)} for section, options in SECTIONS.items()}

    def kept(section: str, table: dict[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in table.items() if key not in left_out[section]}

    lines = [{**kept("lines", line), "points": [kept("points", p) for p in line["points"]]} for line in tree["lines"]]
    tables = {key: kept(key, value) for key, value in tree.items() if isinstance(value, dict)}
    lists = {key: [kept(key, each) for each in tree[key]] for key in _LISTED}
    return kept(_SECRETS, {**tree, **tables, **lists, "lines": lines})
