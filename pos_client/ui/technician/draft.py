"""Settings while they are being typed: the tree of the file, with whatever was typed, right or wrong. No Qt.

A wrong value is kept as it was typed, so that the check can name it where it stands; nothing is guessed or repaired.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from typing import Any

from pos_client.settings.options import SECTIONS, Option, OptionKind

_STEP = re.compile(r"([a-z_]+)|\[(\d+)\]")


class Draft:
    """Values by place: `central.url`, `lines[0].points[2].address`."""

    def __init__(self, raw: Mapping[str, object]) -> None:
        self._tree: dict[str, Any] = copy.deepcopy(dict(raw))
        self._saved = copy.deepcopy(self._tree)

    @property
    def changed(self) -> bool:
        """Whether something differs from what was saved."""
        return self._tree != self._saved

    def tree(self) -> dict[str, Any]:
        """A copy, to be checked and saved."""
        return copy.deepcopy(self._tree)

    def saved_tree(self) -> dict[str, Any]:
        """A copy of what is in the file."""
        return copy.deepcopy(self._saved)

    def take(self, raw: Mapping[str, object]) -> None:
        """Other settings are in the file now: begin anew with them."""
        self._tree = copy.deepcopy(dict(raw))
        self.saved(raw)

    def saved(self, tree: Mapping[str, object]) -> None:
        """This is in the file now; what was typed meanwhile is not."""
        self._saved = copy.deepcopy(dict(tree))

    def get(self, place: str) -> object:
        """The value at a place; None if there is none."""
        value: Any = self._tree
        for step in _steps(place):
            try:
                value = value[step]
            except (KeyError, IndexError, TypeError):
                return None
        return value

    def put(self, place: str, value: object) -> None:
        """Set a value; tables on the way are made."""
        *path, last = _steps(place)
        table: Any = self._tree
        for step in path:
            table = table.setdefault(step, {}) if isinstance(table, dict) else table[step]
        table[last] = value

    def count(self, place: str) -> int:
        """How many tables the list at a place holds."""
        value = self.get(place)
        return len(value) if isinstance(value, list) else 0

    def add(self, place: str, section: str) -> int:
        """Append a table with the defaults of a section; its number."""
        table: dict[str, Any] = {o.key: o.default for o in SECTIONS[section] if o.default is not None}
        if section == "lines":
            table["points"] = []
        found = self.get(place)
        entries = found if isinstance(found, list) else []
        entries.append(table)
        self.put(place, entries)
        return len(entries) - 1

    def remove(self, place: str, number: int) -> None:
        """Take a table out of a list."""
        found = self.get(place)
        if isinstance(found, list) and 0 <= number < len(found):
            del found[number]


def _steps(place: str) -> list[str | int]:
    return [int(number) if number else name for name, number in _STEP.findall(place)]


def typed_value(option: Option, text: str) -> object:
    """What was typed as the value of an option; text that is no number stays text, for the check to refuse."""
    if option.many:
        return [part.strip() for part in text.split(",") if part.strip()]
    if option.kind is OptionKind.INTEGER:
        stripped = text.strip()
        return int(stripped) if re.fullmatch(r"-?[0-9]{1,12}", stripped) else stripped
    return text.strip()


def shown_text(option: Option, value: object) -> str:
    """A value as its field shows it."""
    if option.many and isinstance(value, (list, tuple)):
        return ", ".join(str(each) for each in value)
    return "" if value is None else str(value)
