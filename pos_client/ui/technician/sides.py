"""The sides of the technician's page and their keys. No Qt."""

from __future__ import annotations

from enum import StrEnum


class Side(StrEnum):
    """What the page shows, in the order of its keys; F1 is help, as everywhere."""

    PORTS = "ports"
    LINES = "lines"
    MONITOR = "monitor"
    SETTINGS = "settings"
    SUPPORT = "support"
    DEVICES = "devices"


SIDE_KEYS = dict(enumerate(Side, start=2))
"""Function key -> side."""
