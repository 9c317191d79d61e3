"""What head office makes of the shift closed last, in words: it agrees, it waits, or which numbers are others there."""

from __future__ import annotations

from datetime import datetime

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.formatting import clock, grouped, money
from pos_client.domain.moment import VIETNAM
from pos_client.domain.shift import StatedShift, Verdict
from pos_client.services.shift_snapshots import ShiftSnapshot
from pos_client.ui.checkout.view_model import Row
from pos_client.ui.tone import Tone
from pos_client.ui.wording import said_litres

DIFFERENCES_SHOWN = 3
"""The rest is counted; all of them stand in the journal and on head office's desk."""
_VERDICT: dict[str | None, Tone] = {
    None: Tone.PROGRESS,
    Verdict.MATCHED: Tone.DONE,
    Verdict.MISMATCH: Tone.DANGER,
    Verdict.AWAITED: Tone.UNKNOWN,
}
_LITRES = frozenset({"volume", "told", "closing"})
_COUNTS = frozenset({"sales", "count", "fuellings", "journal"})


def head_office_rows(words: Catalogue, stated: StatedShift | None, shift: ShiftSnapshot | None) -> tuple[Row, ...]:
    """Nothing before a shift was closed. While the next one is open the row says whose it is about."""
    if stated is None:
        return ()
    verdict = stated.verdict
    name = "waiting" if verdict is None else verdict if verdict in _VERDICT else "other"
    label = words.say("shift.row.head_office")
    if shift is None or shift.shift_id != stated.shift_id:
        closed = clock(datetime.fromisoformat(stated.closed_at).astimezone(VIETNAM))
        label = words.say("shift.row.head_office_before", cashier=stated.cashier, closed=closed)
    said = words.say(f"shift.verdict.{name}", count=len(stated.differences))
    rows = [Row(label, said, _VERDICT.get(verdict, Tone.NEUTRAL))]
    if verdict != Verdict.MISMATCH:
        return tuple(rows)
    for difference in stated.differences[:DIFFERENCES_SHOWN]:
        rows.append(_difference(words, *difference))
    if (more := len(stated.differences) - DIFFERENCES_SHOWN) > 0:
        rows.append(Row(words.say("shift.difference.rest", count=more), "", Tone.DANGER))
    return tuple(rows)


def _difference(words: Catalogue, what: str, told: int, found: int) -> Row:
    """One number, and how much more or less of it head office has."""
    first, *inside = what.split(":")
    kind = inside[-1] if first in ("tender", "nozzle") and inside else first
    name = f"shift.difference.{first}_{kind}" if first in ("tender", "nozzle") else f"shift.difference.{first}"
    if not words.knows(name):
        name = "shift.difference.other"
    values = {"which": inside[0] if inside else what}
    if first == "tender" and words.knows(f"tender.{values['which']}"):
        values = {"which": words.say(f"tender.{values['which']}")}
    apart = abs(found - told)
    size = said_litres(words, apart) if kind in _LITRES else grouped(apart) if kind in _COUNTS else money(apart)
    sign = "more" if found > told else "less" if found < told else "unreadable"
    return Row(words.say(name, **values), words.say(f"shift.difference.{sign}", size=size), Tone.DANGER)
