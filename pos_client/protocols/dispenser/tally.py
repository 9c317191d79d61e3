"""How a line fares, counted for the technician: answers, silences, damage, and how long a round of all heads takes."""

from __future__ import annotations

from collections.abc import Set

from pos_client.protocols.dispenser.interface import LineCounts


class Tally:
    """Counts since it was last taken. A round is over when every head that is there was heard once."""

    def __init__(self) -> None:
        self._answered = self._unanswered = self._damaged = 0
        self._round: set[int] = set()
        self._round_began: int | None = None
        self._rounds = self._rounds_ms = 0
        self._cycle_ms = 0

    def heard(self, address: int, there: Set[int], now_ms: int) -> None:
        """A valid answer. `there`: all heads that answer at present."""
        self._answered += 1
        self._round.add(address)
        if not self._round >= there:
            return
        if self._round_began is not None:
            self._rounds += 1
            self._rounds_ms += now_ms - self._round_began
        self._round_began = now_ms
        self._round.clear()

    def missed(self, damaged: bool) -> None:
        """No valid answer. `damaged`: something came, and made no sense."""
        self._damaged += damaged
        self._unanswered += not damaged

    def line_lost(self) -> None:
        """What is under way takes as long as the port is away: no measure of the line."""
        self._round.clear()
        self._round_began = None
        self._rounds = self._rounds_ms = self._cycle_ms = 0

    def take(self) -> LineCounts:
        """What it came to; counting begins anew. Without a whole round since, the one before stands."""
        if self._rounds:
            self._cycle_ms = self._rounds_ms // self._rounds
        counts = LineCounts(self._cycle_ms, self._answered, self._unanswered, self._damaged)
        self._answered = self._unanswered = self._damaged = self._rounds = self._rounds_ms = 0
        return counts
