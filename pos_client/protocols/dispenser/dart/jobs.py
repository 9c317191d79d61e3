"""What there is to be done with a head, most urgent first, and the script that does it."""

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
from pos_client.protocols.dispenser.dart import closing, scripts
from pos_client.protocols.dispenser.dart import states as s
from pos_client.protocols.dispenser.dart.dialogue import Script
from pos_client.protocols.dispenser.dart.knowledge import Knowledge
from pos_client.protocols.dispenser.dart.states import Delivery
from pos_client.protocols.dispenser.scripted_head import RETRY_MS
from pos_client.protocols.dispenser.waiting import WaitingCommands


class Job(IntEnum):
    """What may have to be done, most urgent first."""

    STOP = auto()
    STATUS = auto()
    CLOSE = auto()
    PRICES = auto()
    TOTALS = auto()
    COMMAND = auto()


WAITED_FOR = (Job.CLOSE, Job.COMMAND)
"""Jobs somebody stands and waits for; the others are done in the head's ordinary turns."""


class Jobs:
    """One head's. `may_change_prices`: whether nobody uses its cabinet."""

    def __init__(self, known: Knowledge, waiting: WaitingCommands, may_change_prices: Callable[[int], bool]) -> None:
        self._known = known
        self._waiting = waiting
        self._may_change_prices = may_change_prices
        self._status_asked_at = 0
        self.disturbed = False
        """something the head said may have been lost since its status was asked for"""

    def wanted(self, now_ms: int) -> Mapping[Job, bool]:
        """Which jobs there are, most urgent first."""
        known = self._known
        if now_ms >= self._status_asked_at + self._keep_alive_ms():
            known.status_wanted = True
        at_rest = known.phase is Delivery.NONE
        priceable = at_rest and known.status in scripts.PRICEABLE and self._may_change_prices(known.address)
        return {
            Job.STOP: self._waiting.stop_waits or known.stop_wanted,
            Job.STATUS: known.status_wanted,
            Job.CLOSE: known.phase is Delivery.ENDED and known.nozzle_out is False,
            Job.PRICES: known.prices_wanted and any(known.prices) and priceable,
            Job.TOTALS: known.totals_wanted and (at_rest or known.phase is Delivery.ARMED),
            Job.COMMAND: self._waiting.other_waits,
        }

    def script(self, job: Job, now_ms: int) -> Script:
        """The dialogue that does it."""
        known = self._known
        match job:
            case Job.STOP:
                if self._waiting.stop_waits:
                    self._waiting.take_stop()
                known.stop_wanted = False
                return scripts.stop(known)
            case Job.STATUS:
                self._status_asked_at = now_ms
                self.disturbed = False
                return scripts.ask_status(known)
            case Job.CLOSE:
                return closing.close_delivery(known)
            case Job.PRICES:
                return scripts.send_prices(known)
            case Job.TOTALS:
                return closing.read_totals(known)
            case Job.COMMAND:
                return self._script_for(self._waiting.take())

    def _script_for(self, command: Command) -> Script:
        known = self._known
        match command:
            case AuthoriseHead():
                return scripts.authorise(known, command)
            case StopHead():
                return scripts.stop(known)
            case ResumeHead():
                return scripts.resume(known)
            case ReadTotals():
                return closing.read_totals(known)
            case SetPrices(prices=prices):
                return scripts.set_prices(known, prices, self._may_change_prices)

    def _keep_alive_ms(self) -> int:
        """How old the last status may grow: not at all old where something may have been missed."""
        unsure = self._known.phase is Delivery.ENDED and self._known.nozzle_out is None
        if unsure or self.disturbed:
            return RETRY_MS
        if self._known.price_complained:
            return s.WRONG_PRICE_MS
        return self._known.options.keep_alive_s * 1000 or s.NEVER_MS
