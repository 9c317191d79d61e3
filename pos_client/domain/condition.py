"""What a till tells head office of itself, so that whoever answers for thousands of them sees which one needs a hand.

Nothing here is about a customer, a cashier or an amount, and nothing is decided by it.
"""

from __future__ import annotations

from pos_client.domain.known_time import TimeQuality
from pos_client.domain.release import Judgement
from pos_client.value import dataclass

MOST_TROUBLES = 20


@dataclass(frozen=True, slots=True)
class Offer:
    """The release that was announced last, as this till judged it. `percent`: of the stations that may have it by now;
    `version` as text, `number` of its manifest."""

    number: int
    version: str
    percent: int
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Condition:
    """A till at one moment.

    `ready`: the version that waits for the end of the shift; `unacknowledged`: rows of the journal head office does not
    hold; `wall`: the machine's own clock; `certificate_ends`: of the certificate head office's address shows, empty
    where it shows none; `troubles`: codes of what keeps points, printer, keypad or pumps from working, gravest first.
    """

    version: str
    ready: str
    offer: Offer | None
    waiting: int
    in_doubt: int
    parked: int
    oldest_waiting_s: int | None
    unacknowledged: int
    clock: TimeQuality
    wall: str
    disk_free_mb: int | None
    certificate_ends: str
    troubles: tuple[str, ...]
