"""What there is to be done with a pump, most urgent first, and the script that does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import IntEnum, auto

from pos_client.protocols.dispenser.commands import (
    AuthoriseHead,
    Command,
    ReadTotals,
    ResumeHead,
    SetPrices,
    StopHead,
)
from pos_client.protocols.dispenser.gilbarco_two_wire import permits, pricing, scripts
from pos_client.protocols.dispenser.gilbarco_two_wire import states as s
from pos_client.protocols.dispenser.gilbarco_two_wire.dialogue import Script
from pos_client.protocols.dispenser.gilbarco_two_wire.knowledge import Knowledge
from pos_client.protocols.dispenser.gilbarco_two_wire.states import Sale, Status
from pos_client.protocols.dispenser.waiting import WaitingCommands


class Job(IntEnum):
    """What may have to be done, most urgent first."""

    STOP = auto()
    CLOSE = auto()
    TOTALS = auto()
    REMEMBER = auto()
    PRICES = auto()
    QUERY = auto()
    COMMAND = auto()
    MONEY = auto()


class Jobs:
    """One pump's. `may_change_prices`: whether its whole cabinet hangs."""

    def __init__(self, known: Knowledge, waiting: WaitingCommands, may_change_prices: Callable[[int], bool]) -> None:
        self._known = known
        self._waiting = waiting
        self._may_change_prices = may_change_prices
        self._money_from: int | None = None
        self._ending_since: int | None = None
        self._remember = True
        self.stop_said = False
        """the word to all pumps went out for the stop that waits"""
        self.polled = False
        """since money was asked for: a pump that is no longer BUSY does not answer that, so its state comes first"""

    def found(self) -> None:
        """The pump answers (again)."""
        self._remember = True
        self.stop_said = False

    def wanted(self, now_ms: int) -> Mapping[Job, bool]:
        """Which jobs there are, most urgent first; none but a stop before the state is known."""
        known = self._known
        readable = known.settled and known.status in s.READABLE
        at_rest = readable and known.is_at_rest()
        hangs = at_rest and known.status is Status.OFF
        return {
            Job.STOP: self._waiting.stop_waits or known.overrun,
            Job.CLOSE: readable and known.sale is Sale.ENDED and self._is_over(now_ms),
            Job.TOTALS: at_rest and known.totals_wanted,
            Job.REMEMBER: at_rest and self._remember and not known.totals_wanted,
            Job.PRICES: hangs and known.prices_wanted and self._may_change_prices(known.address),
            Job.QUERY: at_rest and known.status is Status.CALL and known.query_wanted and known.query_works,
            Job.COMMAND: known.settled and self._waiting.other_waits,
            Job.MONEY: self._may_ask_money(now_ms) and self.polled and known.settled,
        }

    def pressing(self) -> Job | None:
        """A sale to be proved, or a nozzle that nobody has named: somebody waits for it."""
        known = self._known
        if known.sale is Sale.ENDED and known.status in s.RESTING:
            return Job.CLOSE
        return Job.QUERY if known.status is Status.CALL and known.query_wanted and known.query_works else None

    def script(self, job: Job) -> Script:
        """The dialogue that does it."""
        known = self._known
        match job:
            case Job.STOP:
                if self._waiting.stop_waits:
                    self._waiting.take_stop()
                said, self.stop_said = self.stop_said, False
                return scripts.stop(known, said)
            case Job.CLOSE:
                return scripts.close_sale(known)
            case Job.TOTALS:
                return scripts.read_totals(known)
            case Job.REMEMBER:
                self._remember = False
                return scripts.remember(known)
            case Job.PRICES:
                return pricing.send_prices(known)
            case Job.QUERY:
                return scripts.ask_nozzle(known)
            case Job.MONEY:
                self.polled = False
                return scripts.read_money(known)
            case Job.COMMAND:
                return self._script_for(self._waiting.take())

    def _script_for(self, command: Command) -> Script:
        known = self._known
        match command:
            case AuthoriseHead():
                return permits.authorise(known, command)
            case StopHead():
                return scripts.stop(known)
            case ResumeHead():
                return permits.resume(known)
            case ReadTotals():
                return scripts.read_totals(known)
            case SetPrices(prices=prices):
                return pricing.set_prices(known, prices, self._may_change_prices)

    def _may_ask_money(self, now_ms: int) -> bool:
        """Whether the sale runs for long enough (section 5.3)."""
        if self._known.status is not Status.BUSY:
            self._money_from = None
            return False
        if self._money_from is None:
            self._money_from = now_ms + self._known.options.money_after_ms
        return now_ms >= self._money_from

    def _is_over(self, now_ms: int) -> bool:
        """Whether the nozzle is in, or the pump stays in its end state for so long that it may wait for us."""
        if self._known.status in s.RESTING:
            self._ending_since = None
            return True
        if self._ending_since is None:
            self._ending_since = now_ms
        return self._known.status in s.ENDED and now_ms - self._ending_since >= s.END_STATE_MS
