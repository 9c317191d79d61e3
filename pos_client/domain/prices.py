"""The price list: every unit price of a station with the instant from which it holds.

Prices change at an instant that is known beforehand, as a rule at 15:00 in Vietnam, now and then at midnight. The price
in force is the last entry of the list whose instant has come; which set that is, and whose clock says so, is kept in
`domain/price_book.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from pos_client.domain.quantities import VndPerLitre
from pos_client.value import dataclass

GradePrices = tuple[tuple[str, VndPerLitre], ...]
"""Grade code and unit price, in the order of the settings."""


@dataclass(frozen=True, slots=True)
class PriceEntry:
    """A grade's price from an aware instant on; None: since before this list."""

    grade: str
    unit_price: VndPerLitre
    effective_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class PriceList:
    """All prices that are known, past and coming, in any order. Of two entries for one instant the later one counts."""

    entries: tuple[PriceEntry, ...] = ()

    def in_force(self, grade: str, at: datetime) -> PriceEntry | None:
        """The entry of a grade that holds at an instant; None: the grade has no price yet."""
        latest = None
        for entry in self._of(grade):
            if entry.effective_from is None or entry.effective_from <= at:
                latest = entry
        return latest

    def prices(self, at: datetime) -> GradePrices:
        """The price of every grade that has one at an instant."""
        held = ((grade, self.in_force(grade, at)) for grade in self.grades())
        return tuple((grade, entry.unit_price) for grade, entry in held if entry is not None)

    def grades(self) -> tuple[str, ...]:
        """The grades of the list, in the order in which they first appear."""
        return tuple(dict.fromkeys(entry.grade for entry in self.entries))

    def next_entry(self, grade: str, at: datetime) -> PriceEntry | None:
        """The next entry that changes the price of a grade; one that repeats the price in force changes nothing."""
        held = self.in_force(grade, at)
        price = held.unit_price if held else None
        return next((e for e in self._of(grade) if _after(e, at) and e.unit_price != price), None)

    def next_change(self, at: datetime) -> datetime | None:
        """When the next entry of any grade comes into force; None: the list ends."""
        coming = (e.effective_from for e in self.entries if e.effective_from is not None and e.effective_from > at)
        return min(coming, default=None)

    def last_change(self, at: datetime) -> datetime | None:
        """When the last entry that has come came into force; None: none has."""
        past = (e.effective_from for e in self.entries if e.effective_from is not None and e.effective_from <= at)
        return max(past, default=None)

    def held_between(self, grade: str, start: datetime, end: datetime) -> frozenset[VndPerLitre]:
        """Every price a grade had at some instant from `start` to `end`, both included."""
        first = self.in_force(grade, start)
        held = {first.unit_price} if first else set()
        held.update(e.unit_price for e in self._of(grade) if _after(e, start) and not _after(e, end))
        return frozenset(held)

    def crossed(self, grade: str, start: datetime, end: datetime) -> bool:
        """Whether another price of a grade came into force after `start`, at the latest at `end`."""
        return len(self.held_between(grade, start, end)) > 1

    def _of(self, grade: str) -> Iterator[PriceEntry]:
        """The entries of a grade, oldest first; of those for one instant only the one that counts."""
        by_instant = {entry.effective_from: entry for entry in self.entries if entry.grade == grade}
        undated = by_instant.pop(None, None)
        if undated is not None:
            yield undated
        yield from sorted(by_instant.values(), key=_instant)


def _instant(entry: PriceEntry) -> datetime:
    assert entry.effective_from is not None
    return entry.effective_from


def _after(entry: PriceEntry, at: datetime) -> bool:
    return entry.effective_from is not None and entry.effective_from > at
