"""When fuel flowed, by what a terminal wrote down."""

from __future__ import annotations

from datetime import datetime

from pos_client.sandbox.central.ledger.moment import to_ms


def fuelled_ms(text: str) -> int | None:
    """Milliseconds of an ISO time with its offset; None for what is none."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return None if at.tzinfo is None else to_ms(at)
