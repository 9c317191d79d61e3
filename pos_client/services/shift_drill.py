"""What stands behind one nozzle's row: its fuellings, each with what became of it, read from the journal on demand.

Memory holds sums alone, so a shift of any length costs no more; the store finds a nozzle's stories by an index.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field, replace
from datetime import datetime

from pos_client.domain import facts as f
from pos_client.domain.identifiers import FuellingId, SaleId, ShiftId
from pos_client.domain.journal import JournalEntry
from pos_client.domain.sale_type import SaleType
from pos_client.domain.shift import Shift
from pos_client.domain.shift_sums import Place
from pos_client.services.desk import Desk
from pos_client.services.shift_snapshots import NozzleFuelling
from pos_client.value import dataclass

KINDS: tuple[type[f.Fact], ...] = (
    *(f.FuellingCompleted, f.FuellingPriced, f.PumpTestMarked, f.DroveOff, f.DriveOffReturned, f.FuellingTakenOver),
    *(f.SaleOpened, f.SaleReleased, f.SalePaid),
)
"""What a fuelling's story is told by here."""
REFRESH_MS = 1_000
"""How often an open list is read anew while sales go on."""


@dataclass(slots=True)
class ShiftDrill:
    """One open list at the most."""

    desk: Desk
    place: Place | None = None
    fuellings: tuple[NozzleFuelling, ...] = ()
    _read_of: object = None
    _again_ms: int = 0

    def show(self, place: Place, shift: Shift) -> None:
        """Read a nozzle's fuellings of a shift. Raises `Unavailable` when the journal cannot be read."""
        after, until = self._stretch(shift)
        entries = self.desk.store.stories_at(*place, after, until, KINDS)
        self.place, self.fuellings = place, tell(entries)
        self._read_of, self._again_ms = self.desk.state.sums, self.desk.now.ticks_ms + REFRESH_MS

    def close(self) -> None:
        """Nobody looks any more."""
        self.place, self.fuellings = None, ()

    def on_tick(self, shift: Shift) -> None:
        """Read it anew when something has been written since."""
        stale = self._read_of is not self.desk.state.sums and self.desk.now.ticks_ms >= self._again_ms
        if self.place is not None and stale:
            self.show(self.place, shift)

    def _stretch(self, shift: Shift) -> tuple[int, int | None]:
        """Where in the journal the shift's fuellings stand: behind the close before it, or behind its own opening."""
        before = self._number(shift.previous, f.ShiftClosed) if shift.previous else None
        begin = self._number(shift.shift_id, f.ShiftOpened) if before is None else before
        return begin or 0, self._number(shift.shift_id, f.ShiftClosed)

    def _number(self, shift_id: ShiftId, kind: type[f.Fact]) -> int | None:
        entries = self.desk.store.entries_of(shift_id)
        return next((entry.seq for entry in entries if isinstance(entry.fact, kind)), None)


def tell(entries: Iterable[JournalEntry]) -> tuple[NozzleFuelling, ...]:
    """The fuellings of some stories, in the order in which they ended."""
    teller = _Teller()
    for entry in entries:
        teller.hear(entry.fact)
    return tuple(teller.told.values())


@dataclass(slots=True)
class _Teller:
    told: dict[FuellingId, NozzleFuelling] = field(default_factory=dict)
    sales: dict[SaleId, FuellingId] = field(default_factory=dict)
    gifts: set[FuellingId] = field(default_factory=set)

    def hear(self, fact: f.Fact) -> None:
        """One more fact of these stories."""
        match fact:
            case f.FuellingCompleted():
                self.told[fact.fuelling_id] = _of(fact)
                if fact.redemption_id is not None:
                    self.gifts.add(fact.fuelling_id)
            case f.FuellingPriced():
                self._amend(fact.fuelling_id, unit_price=fact.unit_price, amount_vnd=fact.amount_vnd)
            case f.PumpTestMarked():
                self._amend(fact.fuelling_id, outcome="test", sale_type=SaleType.PUMP_TEST)
            case f.DroveOff():
                self._amend(fact.fuelling_id, outcome="drive_off")
            case f.DriveOffReturned():
                self._amend(fact.fuelling_id, outcome="unpaid")
            case f.FuellingTakenOver():
                self._amend(fact.fuelling_id, outcome="other_till")
            case f.SaleOpened():
                self.sales[fact.sale_id] = fact.fuelling_id
                self._amend(fact.fuelling_id, receipt_number=fact.receipt_number)
            case f.SaleReleased():
                self._amend(self.sales[fact.sale_id], receipt_number="")
            case f.SalePaid():
                fuelling_id = self.sales[fact.sale_id]
                self._amend(fuelling_id, outcome="gift" if fuelling_id in self.gifts else "paid")
            case _:
                pass

    def _amend(self, fuelling_id: FuellingId, **values: object) -> None:
        self.told[fuelling_id] = replace(self.told[fuelling_id], **values)  # type: ignore[arg-type]  # fields by name


def _of(fact: f.FuellingCompleted) -> NozzleFuelling:
    sale_type = SaleType(fact.sale_type)
    return NozzleFuelling(
        fuelling_id=fact.fuelling_id,
        finished_at=datetime.fromisoformat(fact.finished_at),
        volume_ml=fact.volume_ml,
        unit_price=fact.unit_price,
        amount_vnd=fact.amount_vnd,
        end_totalizer_ml=fact.end_totalizer_ml,
        sale_type=sale_type,
        outcome="test" if sale_type is SaleType.PUMP_TEST else "unpaid",
        recovered=fact.recovered,
    )
