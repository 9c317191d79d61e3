"""What can be pressed on any keypad, whatever its wire."""

from __future__ import annotations

from enum import StrEnum


class OtherKey(StrEnum):
    """Keys that are no digits."""

    OK = "ok"
    CLEAR = "clear"
    CANCEL = "cancel"


Key = int | OtherKey
"""A digit 0..9, or one of the others."""
