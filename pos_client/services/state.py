"""What the terminal knows: the fold of the journal, and the little that is only true now.

Everything under *folded* is rebuilt from facts after a restart and changed by nothing but `apply`. Everything under
*live* (what the pumps say, who stands at the counter, what was typed) is lost with the process, and may be.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field, fields, replace
from operator import attrgetter

from pos_client.domain import facts as f
from pos_client.domain import shift
from pos_client.domain.bundle import Bundle
from pos_client.domain.condition import Offer
from pos_client.domain.fuelling import (
    NEVER_SOLD_HERE,
    WAITING_TO_BE_SOLD,
    FateOfFuelling,
    FuellingState,
    FuellingTransaction,
    from_fact,
)
from pos_client.domain.identifiers import (
    AccrualId,
    FuellingId,
    IdempotencyKey,
    NozzleId,
    PointId,
    RedemptionId,
    SaleId,
    ShiftId,
)
from pos_client.domain.keypad import KeypadTrouble
from pos_client.domain.known_time import KnownTime
from pos_client.domain.offline_spending import is_outstanding
from pos_client.domain.price_book import PriceBook
from pos_client.domain.printer_trouble import PrinterTrouble
from pos_client.domain.quantities import Millilitres, Points
from pos_client.domain.receipt import PointsLine
from pos_client.domain.redemption import BEFORE_FUEL, MAY_HAVE_FUEL, Redemption, begin, begin_offline
from pos_client.domain.sale import Sale, SaleState
from pos_client.domain.shift import Shift, StatedShift
from pos_client.domain.shift_sums import ShiftSums
from pos_client.ports.reports import PrinterState
from pos_client.services.messages import CustomerScreen
from pos_client.services.outbox import Outbox
from pos_client.services.snapshots import LineSnapshot, Notice
from pos_client.services.tracks import AccrualTrack, CentralTrack, PointTrack, PresentCustomer
from pos_client.value import dataclass

_FOLDED = (
    "fuellings",
    "sales",
    "redemptions",
    "accruals",
    "balances",
    "drive_offs",
    "tests",
    "notes",
    "stated",
    "unpaid_since_ms",
)
"""What `apply` changes, beside the receipt counter and the price book: mappings of frozen values."""

KEPT_SALES = 50
"""Finished sales, accruals and redemptions kept in memory, for screen and reprints; older ones are in the journal."""
KEPT_DRIVE_OFFS = 50
"""Drive-offs that can still come back to pay at this till; older ones are in the journal."""


@dataclass(slots=True)
class TerminalState:
    """Folded and live knowledge in one place; owned by the terminal's thread."""

    # folded
    fuellings: dict[FuellingId, FuellingTransaction] = field(default_factory=dict)
    sales: dict[SaleId, Sale] = field(default_factory=dict)
    redemptions: dict[RedemptionId, Redemption] = field(default_factory=dict)
    accruals: dict[AccrualId, AccrualTrack] = field(default_factory=dict)
    outbox: Outbox = field(default_factory=Outbox)
    totalizers: dict[tuple[PointId, NozzleId], Millilitres] = field(default_factory=dict)
    turned: dict[tuple[PointId, NozzleId], Millilitres] = field(default_factory=dict)
    """what was counted before those counters stood at 0 (`domain.totalizer`)"""
    balances: dict[RedemptionId, Points] = field(default_factory=dict)
    drive_offs: dict[FuellingId, f.DroveOff] = field(default_factory=dict)
    """oldest first, the newest `KEPT_DRIVE_OFFS`"""
    tests: dict[str, f.PumpTestIntended] = field(default_factory=dict)
    """pump tests whose delivery has not been told yet"""
    notes: dict[str, f.ParkedNoted] = field(default_factory=dict)
    """what people noted about parked records, by key"""
    stated: dict[ShiftId, StatedShift] = field(default_factory=dict)
    """closed shifts head office has not compared yet, and the one closed last; oldest first"""
    receipt_counter: int = 0
    price_book: PriceBook = field(default_factory=PriceBook)
    shift: Shift | None = None
    """the one in hand, or the one closed last since the start"""
    sums: ShiftSums = field(default_factory=ShiftSums)
    bundles: dict[str, Bundle] = field(default_factory=dict)
    """the last good ones, as they stand in the books"""
    # live
    points: dict[PointId, PointTrack] = field(default_factory=dict)
    unpaid_since_ms: dict[FuellingId, int] = field(default_factory=dict)
    queued_since_ms: dict[IdempotencyKey, int] = field(default_factory=dict)
    open_sale: SaleId | None = None
    last_sale: SaleId | None = None
    claim_codes: dict[SaleId, str] = field(default_factory=dict)
    """of anonymous sales whose receipt is about to be printed; the books keep their digests alone"""
    present: PresentCustomer | None = None
    central: CentralTrack = field(default_factory=CentralTrack)
    time: KnownTime = field(default_factory=KnownTime)
    """its floor is in the books, and its last comparison"""
    lines: dict[str, LineSnapshot] = field(default_factory=dict)
    customer_screen: CustomerScreen = CustomerScreen.OWN
    printer: PrinterState = PrinterState.ABSENT
    printer_trouble: PrinterTrouble | None = None
    keypad_trouble: KeypadTrouble | None = None
    """why the customer's keypad cannot be typed on; None: it can"""
    notice: Notice | None = None
    disk_free_mb: int | None = None
    offer: Offer | None = None
    """the release announced last"""
    ready_version: str = ""
    """that waits for the end of the shift"""
    certificate_ends: str = ""
    prices_differ: bool = False
    """our prices and the signed list do not, or will not, say the same"""
    store_ok: bool = True
    blockers: dict[str, None] = field(default_factory=dict)
    """why no points may be spent at this till, whoever asks, first reason first (I16: fail closed on points, open on
    sales)"""
    ready: bool = False

    def rehearse(self, facts: Iterable[f.Fact]) -> TerminalState:
        """What would be known after these facts, this knowledge untouched. Raises `IllegalTransition`."""
        after = object.__new__(TerminalState)
        for name, value in zip(_FIELDS, _ALL(self), strict=True):
            setattr(after, name, value)
        for name, folded in zip(_FOLDED, _ALL_FOLDED(self), strict=True):
            setattr(after, name, folded.copy())
        for fact in facts:
            after.apply(fact)
        return after

    def adopt(self, rehearsed: TerminalState) -> None:
        """Know what a rehearsal came to."""
        for name, folded in zip(_FOLDED, _ALL_FOLDED(rehearsed), strict=True):
            setattr(self, name, folded)
        self.receipt_counter, self.shift, self.sums = rehearsed.receipt_counter, rehearsed.shift, rehearsed.sums
        self.price_book = rehearsed.price_book

    def apply(self, fact: f.Fact) -> None:
        """Fold one fact. Facts of stories this state does not hold (long closed) change nothing."""
        self.sums = self.sums.apply(fact)
        match fact:
            case f.FuellingCompleted():
                fuelling = from_fact(fact)
                if fuelling.state in WAITING_TO_BE_SOLD:
                    self.fuellings[fact.fuelling_id] = fuelling
            case (
                f.FuellingPriced()
                | f.FuellingHandedOver()
                | f.HandOverLapsed()
                | f.FuellingTakenOver()
                | f.PumpTestMarked()
                | f.DroveOff()
                | f.DriveOffReturned()
            ):
                self._fuelling(fact)
            case f.PumpTestIntended():
                self.tests[fact.test] = fact
            case f.ParkedNoted():
                self.notes[fact.record] = fact
            case f.PumpTestEnded():
                self.tests.pop(fact.test, None)
            case f.SaleOpened():
                self._open(fact)
            case f.CustomerAttached() | f.CustomerDetached() | f.TenderTaken() | f.SaleReleased() | f.SalePaid():
                self._sale(fact)
            case f.AccrualStated():
                self.accruals[fact.accrual_id] = AccrualTrack(fact.sale_id)
            case f.AccrualPosted():
                if accrual := self.accruals.get(fact.accrual_id):
                    posted = PointsLine(
                        fact.points, fact.formula_vi, fact.formula_en, True, fact.balance_before, fact.balance_after
                    )
                    self.accruals[fact.accrual_id] = replace(accrual, posted=posted, refused=None)
            case f.AccrualRefused() | f.AccrualUnderReview():
                if accrual := self.accruals.get(fact.accrual_id):
                    self.accruals[fact.accrual_id] = replace(accrual, refused=fact.code)
            case f.HoldIntended():
                self.redemptions[fact.redemption_id] = begin(fact)
            case f.OfflineSpendIntended():
                self.redemptions[fact.redemption_id] = begin_offline(fact)
            case f.PricesAdopted() | f.PumpPriced():
                self.price_book = self.price_book.apply(fact)
            case f.ShiftOpened():
                self.shift = shift.begin(fact)
            case f.MetersRead() | f.ShiftClosing() | f.ShiftKept() | f.ShiftClosed() | f.ShiftCompared():
                if self.shift is not None and self.shift.shift_id == fact.shift_id:
                    self.shift = self.shift.apply(fact)
                self._state_shift(fact)
            case (
                f.ShiftSummed()
                | f.TerminalStarted()
                | f.SessionOpened()
                | f.AnswerDoubted()
                | f.TotalizerNoted()
                | f.RestartIntended()
                | f.BundleAdopted()
                | f.TimeNoted()
                | f.RecordSetAside()
                | f.ClaimOffered()
                | f.ClaimUsed()
                | f.CertificatePrinted()
                | f.ReceiptReprinted()
                | f.SignNoted()
                | f.StaffProved()
                | f.StaffRefused()
                | f.ReversalIntended()
                | f.ReversalPosted()
                | f.ReversalRefused()
            ):
                pass
            case _:
                self._redemption(fact)

    def _state_shift(self, fact: f.Fact) -> None:
        """A shift that is closed goes on until head office has compared it, whatever the next one does."""
        match fact:
            case f.ShiftClosed() if self.shift is not None and self.shift.shift_id == fact.shift_id:
                kept = [each for each in self.stated.values() if not each.is_final]
                closed = StatedShift(fact.shift_id, self.shift.cashier, self.shift.opened_at, fact.closed_at)
                self.stated = {each.shift_id: each for each in (*kept, closed)}
            case f.ShiftCompared() if stated := self.stated.get(fact.shift_id):
                after = replace(stated, verdict=fact.result, differences=fact.differences)
                self.stated[fact.shift_id] = after
            case _:
                pass

    def _fuelling(self, fact: FateOfFuelling) -> None:
        fuelling = self.fuellings.get(fact.fuelling_id)
        if fuelling is None:
            return
        fuelling = self.fuellings[fact.fuelling_id] = fuelling.apply(fact)
        if fuelling.state in NEVER_SOLD_HERE:
            del self.fuellings[fact.fuelling_id]
        if fuelling.state not in WAITING_TO_BE_SOLD:
            self.unpaid_since_ms.pop(fact.fuelling_id, None)
        if isinstance(fact, f.DroveOff):
            self.drive_offs[fact.fuelling_id] = fact
            for forgotten in list(self.drive_offs)[:-KEPT_DRIVE_OFFS]:
                del self.drive_offs[forgotten]
                self.fuellings.pop(forgotten, None)
        else:
            self.drive_offs.pop(fact.fuelling_id, None)

    def _open(self, fact: f.SaleOpened) -> None:
        fuelling = self.fuellings.get(fact.fuelling_id)
        if fuelling is None:
            return
        claimed = self.fuellings[fact.fuelling_id] = fuelling.apply(fact)
        self.sales[fact.sale_id] = Sale(fact.sale_id, claimed, fact.receipt_number)
        self.receipt_counter += 1

    def _sale(
        self, fact: f.CustomerAttached | f.CustomerDetached | f.TenderTaken | f.SaleReleased | f.SalePaid
    ) -> None:
        sale = self.sales.get(fact.sale_id)
        if sale is None:
            return
        sale = self.sales[fact.sale_id] = sale.apply(fact)
        fuelling_id = sale.fuelling.fuelling_id
        if sale.state is SaleState.PAID:
            self.fuellings.pop(fuelling_id, None)
            self.unpaid_since_ms.pop(fuelling_id, None)
            self._forget_old_sales()
        elif sale.state is SaleState.RELEASED:
            del self.sales[fact.sale_id]
            self.fuellings[fuelling_id] = sale.fuelling.apply(fact)

    def _redemption(self, fact: f.Fact) -> None:
        redemption_id = RedemptionId(f.subject_of(fact))
        redemption = self.redemptions.get(redemption_id)
        if redemption is None:
            return
        self.redemptions[redemption_id] = redemption.apply(fact)
        if isinstance(fact, f.Captured):
            self.balances[redemption_id] = fact.balance_after

    def _forget_old_sales(self) -> None:
        paid = [sale_id for sale_id, sale in self.sales.items() if sale.state is SaleState.PAID]
        for sale_id in paid[:-KEPT_SALES]:
            del self.sales[sale_id]
        settled = [key for key, accrual in self.accruals.items() if accrual.posted or accrual.refused]
        for accrual_id in settled[:-KEPT_SALES]:
            del self.accruals[accrual_id]
        final = [key for key, one in self.redemptions.items() if one.is_final and not is_outstanding(one)]
        for redemption_id in final[:-KEPT_SALES]:
            del self.redemptions[redemption_id]
            self.balances.pop(redemption_id, None)

    # questions several services ask

    def sale_in_hand(self) -> Sale | None:
        """The open sale."""
        return self.sales.get(self.open_sale) if self.open_sale else None

    def track(self, point: PointId) -> PointTrack:
        """What the line reports of a fuelling point; a new one is at its beginning."""
        track = self.points.get(point)
        if track is None:
            track = self.points[point] = PointTrack(point)
        return track

    def live_redemption(self, sale_id: SaleId) -> Redemption | None:
        """A redemption of this sale that is still being consented to."""
        return next((r for r in self.redemptions.values() if r.sale_id == sale_id and r.state in BEFORE_FUEL), None)

    def gift_at(self, point: PointId) -> Redemption | None:
        """The redemption a fuelling point is armed for, as long as fuel may still flow for it."""
        return next((r for r in self.redemptions.values() if r.point == point and r.state in MAY_HAVE_FUEL), None)

    def test_at(self, point: PointId) -> f.PumpTestIntended | None:
        """The pump test a fuelling point is authorised for, until its delivery is told."""
        return next((test for test in self.tests.values() if test.point == point), None)

    def unpaid(self, point: PointId | None = None) -> list[FuellingTransaction]:
        """Fuellings no sale of this till is open for, oldest first; another till may hold the claim of one."""
        return [
            fuelling
            for fuelling in self.fuellings.values()
            if fuelling.state in WAITING_TO_BE_SOLD and (point is None or fuelling.point == point)
        ]

    def unsettled(self, point: PointId) -> bool:
        """Whether a fuelling of this point still waits to be paid, at the counter or elsewhere."""
        return any(
            fuelling.point == point and fuelling.state is not FuellingState.DRIVEN_OFF
            for fuelling in self.fuellings.values()
        )


_FIELDS = tuple(each.name for each in fields(TerminalState))
"""Copied one by one with every fact that is written: `copy.copy` takes five times as long over slots."""
_ALL, _ALL_FOLDED = attrgetter(*_FIELDS), attrgetter(*_FOLDED)
