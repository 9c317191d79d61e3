"""Roles of widgets that the style sheet draws."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget


def give_role(widget: QWidget, role: str) -> None:
    """Let the style sheet draw a widget in another role."""
    if widget.property("role") != role:
        widget.setProperty("role", role)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
