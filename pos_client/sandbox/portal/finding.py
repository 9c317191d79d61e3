"""What is looked for in names, in any case: SQLite folds the case of plain letters alone, and Đồng Nai has others."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, or_


def holds(text: str, *columns: Any) -> ColumnElement[bool]:
    """Whether one of the columns holds this text; a percent sign is a percent sign."""
    spellings = {text, text.lower(), text.upper(), text.title()}
    return or_(*(column.icontains(each, autoescape=True) for column in columns for each in spellings))


def is_in(text: str, *fields: str) -> bool:
    """Whether one of the fields holds this text, in any case."""
    return any(text.casefold() in field.casefold() for field in fields)
