"""How a page leaves the program. No Qt."""

from __future__ import annotations

from enum import StrEnum


class Format(StrEnum):
    """The form of a file."""

    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"
