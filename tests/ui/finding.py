"""Children of a window by type and name; a missing one fails here, with its name. And the end of a window."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget

Found = TypeVar("Found", bound=QObject)


def found(parent: QObject, kind: type[Found], name: str = "") -> Found:
    """The child of that type (and object name, if given)."""
    child = parent.findChild(kind, name) if name else parent.findChild(kind)
    assert child is not None, f"no {kind.__name__} {name!r}"
    return child


def destroy(window: QWidget) -> None:
    """Now, not later: outside of an event loop Qt keeps what is to be deleted, and a window's picture is megabytes."""
    window.deleteLater()
    QCoreApplication.sendPostedEvents(window, QEvent.Type.DeferredDelete)


def fill_in(page: QWidget, place: str, text: str) -> None:
    """Write into a field of the technician's page, over what stands in it."""
    field = found(page, QWidget, f"option-{place}")
    line = field if isinstance(field, QLineEdit) else found(field, QLineEdit)
    line.selectAll()
    QTest.keyClicks(line, text)
