"""What people type, read: days, times, whole numbers with dots between the thousands."""

from __future__ import annotations

from datetime import date, datetime

from pos_client.domain.moment import VIETNAM

LONGEST_NUMBER = 15


def read_day(text: str) -> date | None:
    """31/03/2027 as people write it, 2027-03-31 as spreadsheets do; None for anything else."""
    at = _read(text, ("%d/%m/%Y", "%Y-%m-%d"))
    return None if at is None else at.date()


def read_moment(text: str) -> datetime | None:
    """31/03/2027 15:00, in Vietnam; None for anything else."""
    return _read(text, ("%d/%m/%Y %H:%M",))


def read_number(text: str) -> int | None:
    """500.000, 500 000 or 500000; None for anything that is no whole number from 0 on."""
    packed = "".join(text.replace(".", "").replace(",", "").split())
    return int(packed) if packed.isascii() and packed.isdigit() and len(packed) <= LONGEST_NUMBER else None


def _read(text: str, forms: tuple[str, ...]) -> datetime | None:
    for form in forms:
        try:
            return datetime.strptime(text.strip(), form).replace(tzinfo=VIETNAM)
        except ValueError:
            continue
    return None
