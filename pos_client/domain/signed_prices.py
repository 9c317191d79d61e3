"""The prices of this till beside the signed list of head office: where the two will not, or do not, say the same.

The list is verified and kept, and never sold by. A price is what the pump shows and counts with, and the pump is set by
whoever is responsible for the forecourt, at the hour, with eyes on its display: a till that took a new price by itself
would ask another one than the pump shows, on an old pump with no way to set it, after an hour the clock here has
wrong, or in the middle of a delivery. So the till's own list stays a person's act (`price_book`), and what is told here
is that somebody has to act, before the hour where there is time.
"""

from __future__ import annotations

from datetime import datetime

from pos_client.domain.bundle import ZonePrices
from pos_client.domain.prices import PriceEntry, PriceList
from pos_client.domain.quantities import VndPerLitre
from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class PriceDifference:
    """From `at` on (None: now) a grade costs `own` here and `listed` by the signed list."""

    grade: str
    at: datetime | None
    own: VndPerLitre
    listed: VndPerLitre


def differences(own: PriceList, signed: ZonePrices, zone: str, now: datetime) -> tuple[PriceDifference, ...]:
    """The first difference of each grade that both lists know, now or at a change that either announces; soonest first.
    A grade only one of them knows is nobody's mistake."""
    entries = (PriceEntry(p.grade_code, p.unit_price, p.since) for p in signed.prices if p.zone == zone)
    listed = PriceList(tuple(sorted(entries, key=lambda entry: entry.effective_from or now)))
    coming = {e.effective_from for e in (*own.entries, *listed.entries) if e.effective_from and e.effective_from > now}
    found = []
    for grade in own.grades():
        for at in (now, *sorted(coming)):
            here, there = own.in_force(grade, at), listed.in_force(grade, at)
            if here is not None and there is not None and here.unit_price != there.unit_price:
                found.append(PriceDifference(grade, None if at == now else at, here.unit_price, there.unit_price))
                break
    return tuple(sorted(found, key=lambda each: each.at or now))
