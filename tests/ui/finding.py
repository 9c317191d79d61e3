"""Children of a window by type and name; a missing one fails here, with its name."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QObject

Found = TypeVar("Found", bound=QObject)


def found(parent: QObject, kind: type[Found], name: str = "") -> Found:
    """The child of that type (and object name, if given)."""
    child = parent.findChild(kind, name) if name else parent.findChild(kind)
    assert child is not None, f"no {kind.__name__} {name!r}"
    return child
