"""What every service works with: the state, the way to write, the ways out, and the moment of the present message."""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import field

from pos_client.domain.acknowledgement import Acknowledgement
from pos_client.domain.errors import RuleViolation
from pos_client.domain.facts import Fact, SaleOpened, SalePaid, TenderTaken, VoidIntended
from pos_client.domain.forecourt import Forecourt
from pos_client.domain.identifiers import TerminalId
from pos_client.domain.moment import Moment
from pos_client.domain.outbox import DeliveryState, OutboxItem
from pos_client.domain.programme.profile import Profile
from pos_client.ports.central import Central, EncodedCall, Wire
from pos_client.ports.certifying import Certifier, NoCertifier
from pos_client.ports.claims import Claims
from pos_client.ports.clock import Dice
from pos_client.ports.dispensers import Dispensers
from pos_client.ports.errors import Unavailable
from pos_client.ports.marks import CrashMarks, NoMarks
from pos_client.ports.peripherals import ReceiptPrinter
from pos_client.ports.store import Change, Standing, Store
from pos_client.services.snapshots import Notice, Severity
from pos_client.services.state import TerminalState
from pos_client.settings.model import Settings
from pos_client.value import dataclass

log = logging.getLogger(__name__)

NOT_OF_THE_STORE = frozenset({"seal_key_missing"})
"""What cannot be done although the books are in order: a till without head office's key cannot seal a name."""


URGENT = (SaleOpened, TenderTaken, SalePaid, VoidIntended)
"""Beside what pumps tell: what a full disk must not stop. Fuel that has flowed is to be paid, money was taken; points
are to be given back."""


@dataclass(slots=True)
class Desk:
    """One terminal's working place. Only its thread touches it."""

    settings: Settings
    forecourt: Forecourt
    profile: Profile
    store: Store
    dispensers: Dispensers
    claims: Claims
    central: Central
    wire: Wire
    printer: ReceiptPrinter
    dice: Dice
    now: Moment
    marks: CrashMarks = field(default_factory=NoMarks)
    certifier: Certifier = field(default_factory=NoCertifier)
    state: TerminalState = field(default_factory=TerminalState)
    unwritten: list[Change] = field(default_factory=list)
    """what the pumps told us and the disk refused; written before anything else as soon as it can be"""
    unread: list[Notice] = field(default_factory=list)
    """errors that another notice took the place of before they were read, oldest first"""

    @property
    def till(self) -> TerminalId:
        """This till's name among all tills of all stations."""
        return self.settings.station.till

    def record(
        self,
        *facts: Fact,
        items: tuple[OutboxItem, ...] = (),
        totalizers: tuple[Standing, ...] = (),
        closed: tuple[str, ...] = (),
        acknowledged: Acknowledgement | None = None,
    ) -> None:
        """Write facts durably, then believe them. Raises `Unavailable`: nothing was written, nothing is believed;
        `IllegalTransition`: the facts do not follow from what is known, and the journal never sees them.

        What the disk refused before goes first, so that the journal keeps the order in which things happened.
        """
        urgent = any(isinstance(fact, URGENT) for fact in facts)
        change = Change(facts, items, totalizers, closed, acknowledged, urgent)
        self.flush()
        after = self.state.rehearse(facts)
        self._write(change)
        self._believe(after, change)

    def record_from_pump(
        self,
        *facts: Fact,
        items: tuple[OutboxItem, ...] = (),
        totalizers: tuple[Standing, ...],
        closed: tuple[str, ...] = (),
    ) -> bool:
        """Write what a pump has told us. The fuel has flowed, so a full disk may delay the record but never drop it.

        It is believed at once, written or not: the next report has to be compared with it, or the same litres would
        be counted twice. Returns whether it is durable now; nothing is sent, printed or sold on it before.
        """
        change = Change(facts, items, totalizers, closed, urgent=True)
        self._believe(self.state.rehearse(facts), change)
        self.unwritten.append(change)
        try:
            self.flush()
        except Unavailable as error:
            self.trouble_with_store(error)
            return False
        return True

    def write_backlog(self) -> None:
        """Try again what the disk refused, in order."""
        if self.unwritten:
            with suppress(Unavailable):
                self.flush()

    def flush(self) -> None:
        """What the disk refused before is written now, or `Unavailable` is raised: what comes next rests on it."""
        while self.unwritten:
            self._write(self.unwritten[0])
            del self.unwritten[0]

    def _write(self, change: Change) -> None:
        self.store.commit(change, self.now.wall)
        self.state.store_ok = True
        for item in change.items:
            if item.state is not DeliveryState.DELIVERED:
                self.state.outbox[item.key] = item
                self.state.queued_since_ms.setdefault(item.key, self.now.ticks_ms)
            else:
                self.state.outbox.pop(item.key, None)
                self.state.queued_since_ms.pop(item.key, None)

    def _believe(self, after: TerminalState, change: Change) -> None:
        self.state.adopt(after)
        for point, nozzle, totalizer, turned in change.totalizers:
            self.state.totalizers[point, nozzle] = totalizer
            self.state.turned[point, nozzle] = turned

    def notify(self, code: str, severity: Severity, /, **params: int | str) -> Notice:
        """Say something in the message bar. An error it takes the place of waits until it is read."""
        notice, before = Notice(code, severity, tuple(params.items()), self.now.ticks_ms), self.state.notice
        self.unread = [waiting for waiting in self.unread if waiting.code != code]
        if before is not None and before.severity is Severity.ERROR and before.code != code:
            self.unread.append(before)
        self.state.notice = notice
        return notice

    def next_notice(self) -> None:
        """What stands in the message bar is read, or over: the oldest error that waits stands there next."""
        self.state.notice = self.unread.pop(0) if self.unread else None

    def refuse(self, violation: RuleViolation) -> None:
        """Tell the cashier which rule said no."""
        self.notify(violation.code, Severity.WARNING, **violation.params)

    def trouble_with_store(self, error: Unavailable) -> None:
        """Tell the cashier that nothing can be written now, and what that means; or that a key is missing."""
        log.error("not available: %s", error)
        if error.code not in NOT_OF_THE_STORE:
            self.state.store_ok = False
        self.notify(error.code, Severity.ERROR)

    def receipt_number(self) -> str:
        """The number of the next sale."""
        station = self.settings.station
        number = self.state.receipt_counter + 1
        return f"{station.station}-{station.terminal}-{self.now.wall:%y%m%d}-{number:05d}"

    def cashier(self) -> str:
        """Who stands at the counter: whoever opened the shift, else who the settings name."""
        shift = self.state.shift
        return self.settings.station.cashier if shift is None or shift.closed_at else shift.cashier

    def send(self, call: EncodedCall) -> None:
        """Send on the interactive lane."""
        self.central.send(call)
