"""Start-up: what earlier runs left open is taken up again, each story at its last durable fact.

before fuel could flow   -> give the hold back; the customer may be gone (never resume a conversation)
fuel may have flowed     -> ask the pump (`Gift.on_tick`), as soon as it can be heard
a record we died on      -> the second time in a row, set aside for a person (F33)
finished, voiding        -> their outbox items are waiting already
a sale with tenders      -> stays in hand; one without is given back to the forecourt
litres without a price   -> get the price in force, once their nozzle has a grade
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from pos_client.domain import facts as f
from pos_client.domain.fuelling import FuellingState
from pos_client.domain.identifiers import IdempotencyKey
from pos_client.domain.outbox import SET_ASIDE, WAITING, DeliveryState, OutboxItem
from pos_client.domain.quantities import amount_of
from pos_client.domain.redemption import BEFORE_FUEL, MAY_HAVE_FUEL
from pos_client.domain.sale import SaleState
from pos_client.domain.shift_sums import ShiftSums
from pos_client.ports.marks import SET_ASIDE_AFTER
from pos_client.ports.store import Books
from pos_client.services import outgoing
from pos_client.services.bundle_keeper import BundleKeeper
from pos_client.services.clock_keeper import ClockKeeper
from pos_client.services.desk import Desk
from pos_client.services.hand_over import HandOver
from pos_client.services.journal_stream import JournalStream
from pos_client.services.prices import Prices
from pos_client.services.redemption import Redemptions
from pos_client.services.snapshots import Severity
from pos_client.settings.model import StationSettings
from pos_client.value import dataclass

BOOKS_OF_ANOTHER = "books_of_another"
NAMELESS = StationSettings().till
"""What a till is called until it is enrolled."""


@dataclass(slots=True)
class Recovery:
    """Reads the books and decides what is still owed."""

    desk: Desk
    redemptions: Redemptions
    hand_over: HandOver
    prices: Prices
    stream: JournalStream
    clock: ClockKeeper
    bundles: BundleKeeper
    version: str
    storage: str

    def run(self) -> None:
        """Fold the journal, then write down what follows. Raises `Unavailable` when the store cannot be read."""
        desk, state = self.desk, self.desk.state
        self.clock.start()
        self.bundles.start()
        books = desk.store.open_books()
        for entry in books.entries:
            state.apply(entry.fact)
        state.sums = self._sums(books)
        state.receipt_counter = books.receipt_counter
        self.stream.remember(books.acknowledged)
        state.totalizers.update(books.totalizers)
        state.turned.update(books.turned)
        for item in books.items:
            state.outbox[item.key] = item
            state.queued_since_ms[item.key] = desk.now.ticks_ms
        for fuelling_id in state.fuellings:
            state.unpaid_since_ms[fuelling_id] = desk.now.ticks_ms
        self._recognise()
        facts: list[f.Fact] = [f.TerminalStarted(desk.till, self.version, self.storage)]
        given_back, items = self._give_back()
        aside = self._set_aside()
        facts += [fact for fact, _ in aside]
        items += tuple(item for _, item in aside)
        released = self._release_sales()
        closed = (desk.till, *(sale.sale_id for sale in released))
        desk.record(*facts, *given_back, *released, items=items, closed=closed)
        for fact, _ in aside:
            desk.marks.done(fact.record)
        if priced := self._price():
            desk.record(*priced)
        self.hand_over.recover()
        self._carry_on_gifts()
        paying = [sale.sale_id for sale in state.sales.values() if sale.state is SaleState.TENDERING]
        state.open_sale = paying[0] if paying else None
        if given_back:
            desk.notify("recovered_given_back", Severity.INFO, count=len(given_back))
        if aside:
            desk.notify("record_set_aside", Severity.WARNING, count=len(aside))
        state.ready = True

    def _recognise(self) -> None:
        """Books this till never worked in are another's, copied here or set up under another name: they are used as
        they are, sales go on, and no points are spent until the next start under the same name (F34). Books that only
        a till without a name has worked in are taken over by whoever head office makes of it: its first start."""
        desk = self.desk
        known = (desk.till, desk.settings.station.terminal)  # books of earlier programs know the short name
        if desk.store.journal_end().seq and not any(map(desk.store.last_of, known)) and not self._nameless():
            desk.state.blockers[BOOKS_OF_ANOTHER] = None
            desk.notify(BOOKS_OF_ANOTHER, Severity.ERROR, till=desk.till)

    def _nameless(self) -> bool:
        """Whether nobody has worked here since a till did that head office had not named yet."""
        store = self.desk.store
        named = store.last_of(NAMELESS)
        after = store.entries_after(named.seq) if named is not None else ()
        return named is not None and not any(isinstance(entry.fact, f.TerminalStarted) for entry in after)

    def _sums(self, books: Books) -> ShiftSums:
        """As they were written down last, and what came after: no more to read of a year than of a day."""
        sums = ShiftSums(self.desk.state.sums.meters)
        written = [entry for entry in books.entries if isinstance(entry.fact, f.ShiftSummed)]
        if written:
            sums = sums.apply(written[-1].fact)
            for entry in self.desk.store.entries_after(written[-1].seq):
                sums = sums.apply(entry.fact)
        return sums

    def _give_back(self) -> tuple[list[f.Fact], tuple[OutboxItem, ...]]:
        facts: list[f.Fact] = []
        items: list[OutboxItem] = []
        for redemption in self.desk.state.redemptions.values():
            if redemption.state in BEFORE_FUEL:
                facts.append(f.VoidIntended(redemption.redemption_id, "restart"))
                items.append(outgoing.give_back(self.desk, redemption, "restart"))
        return facts, tuple(items)

    def _set_aside(self) -> list[tuple[f.RecordSetAside, OutboxItem]]:
        """Records this program has died on, twice in a row: a person's from now on, in front of everybody's eyes. The
        same bytes wait for him, under the same key."""
        waiting = self.desk.state.outbox
        return [
            (f.RecordSetAside(key, deaths), replace(item, state=DeliveryState.PARKED, last_problem=SET_ASIDE))
            for key, deaths in self.desk.marks.deaths().items()
            if deaths >= SET_ASIDE_AFTER and (item := waiting.get(IdempotencyKey(key))) and item.state in WAITING
        ]

    def _release_sales(self) -> list[f.SaleReleased]:
        return [
            f.SaleReleased(sale.sale_id, "restart")
            for sale in self.desk.state.sales.values()
            if sale.state is SaleState.OPEN
        ]

    def _price(self) -> list[f.FuellingPriced]:
        """Litres recovered at a nozzle nobody had configured can be sold as soon as somebody has."""
        facts = []
        for fuelling in self.desk.state.fuellings.values():
            point = self.desk.forecourt.point(fuelling.point)
            grade = point.grade_of(fuelling.nozzle) if point else None
            if fuelling.state is FuellingState.COMPLETED and not fuelling.has_price and grade is not None:
                price = self.prices.price_at(grade, datetime.fromisoformat(fuelling.finished_at))
                amount = amount_of(fuelling.volume_ml, price)
                if amount > 0:
                    facts.append(f.FuellingPriced(fuelling.fuelling_id, grade.code, grade.name, price, amount))
        return facts

    def _carry_on_gifts(self) -> None:
        armed = [r for r in self.desk.state.redemptions.values() if r.state in MAY_HAVE_FUEL]
        if armed:
            self.redemptions.show(armed[0])
