"""The certificate of a day: what was written, what head office holds of it, and the day's sums, from the books alone.

A certificate never guesses. What could not be checked (a key that is not at hand, a signature without a key to hold it
against) is counted and said; what is not true (a row that does not follow from the one before it) is named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import field
from datetime import date

from pos_client.domain import facts as f
from pos_client.domain.journal import JournalEntry
from pos_client.domain.quantities import Millilitres, Points, Vnd
from pos_client.domain.sale_type import SaleType
from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class DaySums:
    """Money, litres and points of one day's facts. A pump test's litres are counted apart; they were never sold."""

    fuellings: int = 0
    volume_ml: Millilitres = 0
    tested_ml: Millilitres = 0
    amount_vnd: Vnd = 0
    sales: int = 0
    tenders: tuple[tuple[str, Vnd], ...] = ()
    points_credited: Points = 0
    points_debited: Points = 0


@dataclass(frozen=True, slots=True)
class Signed:
    """Head office's newest acknowledgement that concerns the day. `checked`: True, its signature holds and it is about
    the row the book has; False, one of the two is not so; None, nobody could check the signature here."""

    seq: int
    at: str
    epoch: int
    checked: bool | None


@dataclass(frozen=True, slots=True)
class DayCertificate:
    """One day of one book. `first_mac`, `last_mac`: hexadecimal, of the day's first and last row."""

    station: str
    terminal: str
    day: date
    sums: DaySums
    written: int = 0
    first_seq: int = 0
    last_seq: int = 0
    first_mac: str = ""
    last_mac: str = ""
    acknowledged: int = 0
    waiting: int = 0
    in_doubt: int = 0
    parked: int = 0
    broken_at: int | None = None
    """the first row of the book that is missing, changed or unreadable"""
    broken_why: str = ""
    unchecked: int = 0
    """rows whose mac nobody could recompute here"""
    key_trouble: str | None = None
    """why not"""
    signed: Signed | None = None

    @property
    def unacknowledged(self) -> int:
        """Rows of the day head office does not hold."""
        return self.written - self.acknowledged

    @property
    def is_clean(self) -> bool:
        """Everything is in order and everything could be checked."""
        nothing_wrong = self.broken_at is None and not (self.in_doubt or self.parked or self.unacknowledged)
        return nothing_wrong and not self.unchecked and self.signed is not None and self.signed.checked is True


@dataclass(frozen=True, slots=True)
class CertificateOnPaper:
    """A certificate for the printer. `copy`: that day's was printed before."""

    shown: DayCertificate
    copy: bool = False


@dataclass(slots=True)
class _Adding:
    tenders: Counter[str] = field(default_factory=Counter)
    fuellings: int = 0
    volume_ml: int = 0
    tested_ml: int = 0
    amount_vnd: int = 0
    sales: int = 0
    credited: int = 0
    debited: int = 0

    def take(self, fact: f.Fact) -> None:
        match fact:
            case f.FuellingCompleted() if fact.sale_type == SaleType.PUMP_TEST:
                self.tested_ml += fact.volume_ml
            case f.FuellingCompleted():
                self.fuellings += 1
                self.volume_ml += fact.volume_ml
                self.amount_vnd += fact.amount_vnd
            case f.TenderTaken():
                self.tenders[fact.kind] += fact.amount_vnd
            case f.SalePaid():
                self.sales += 1
            case f.AccrualPosted():
                self.credited += fact.points
            case f.Captured():
                self.debited += fact.points_debited
            case _:
                pass


def sums_of(entries: Iterable[JournalEntry]) -> DaySums:
    """The sums of some facts, each counted on the day it was written."""
    adding = _Adding()
    for entry in entries:
        adding.take(entry.fact)
    return DaySums(
        fuellings=adding.fuellings,
        volume_ml=adding.volume_ml,
        tested_ml=adding.tested_ml,
        amount_vnd=adding.amount_vnd,
        sales=adding.sales,
        tenders=tuple(sorted(adding.tenders.items())),
        points_credited=adding.credited,
        points_debited=adding.debited,
    )
