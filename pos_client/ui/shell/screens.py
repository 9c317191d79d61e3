"""Which screen the customer's window belongs on. Plain: names in, a name or None out; screens come and go."""

from __future__ import annotations

from collections.abc import Sequence


def customer_screen(names: Sequence[str], cashier: str, wanted: str) -> str | None:
    """The screen for the customer: the wanted one, else the first that is not the cashier's; None if there is no such.

    The cashier's own screen is never the answer, whatever the settings say: a covered till cannot stop a pump.
    """
    others = [name for name in names if name != cashier]
    if wanted in others:
        return wanted
    return others[0] if others else None
