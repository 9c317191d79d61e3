"""The right of one till to sell a fuelling, with a lease that runs out.

A claim is compared and set, never overwritten: whoever holds a live one is the only till that may sell these litres
(I7). A lease is an interval of the holder's monotonic clock; a claim nobody works on is given back by itself. Before
money is taken a claim is made *firm*: no lease ends it any more, so that a till that dies between the money and the
receipt leaves nothing another till could sell again.
"""

from __future__ import annotations

from pos_client.domain.identifiers import FuellingId, TerminalId
from pos_client.value import dataclass

FIRM_UNTIL_MS = 2**62
"""The end of a claim that no lease ends."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Who may sell a fuelling, and from when until when (`ticks_ms` of the till that keeps the claims)."""

    fuelling_id: FuellingId
    owner: TerminalId
    since_ms: int
    until_ms: int

    def is_live(self, now_ms: int) -> bool:
        """Whether the lease still runs."""
        return now_ms < self.until_ms

    @property
    def is_firm(self) -> bool:
        """Whether no lease ends it: money was taken under it, or somebody decided that nobody may sell these litres."""
        return self.until_ms >= FIRM_UNTIL_MS
