"""A shift counted anew from the rows of a journal, in the plainest way, and held to what the till stated.

It shares nothing with the till's own sums: what one of the two gets wrong, the other shows. Rows are read by the names
of their fields and nothing else is believed of them. The first row of a stretch is the till's `ShiftSummed` of the
moment the shift before ended, which names the fuellings and sales that stood open; the last is its `ShiftClosed`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import field
from typing import Any

from pos_client.protocols.central.shift_messages import DifferencePart, ShiftCloseRequest
from pos_client.value import dataclass

Body = dict[str, Any]
Row = tuple[str, Body]
Place = tuple[int, int]
TEST = "pump_test"
FARTHEST = 10**15


class UnreadableRow(Exception):
    """A row of a journal that cannot be counted; it is kept as it is, and a person looks at it."""


@dataclass(slots=True)
class _Fuelling:
    place: Place
    volume_ml: int
    amount_vnd: int
    mine: bool


@dataclass(slots=True)
class Recount:
    """What the rows of one stretch come to."""

    told_ml: Counter[Place] = field(default_factory=Counter)
    amount_of: Counter[Place] = field(default_factory=Counter)
    fuellings: Counter[Place] = field(default_factory=Counter)
    closing_ml: dict[Place, int] = field(default_factory=dict)
    tender_count: Counter[str] = field(default_factory=Counter)
    tender_vnd: Counter[str] = field(default_factory=Counter)
    sales: int = 0
    volume_ml: int = 0
    amount_vnd: int = 0
    accruals: dict[str, int | None] = field(default_factory=dict)
    """accruals stated in the stretch, with what their fuelling cost"""
    spent: dict[str, int] = field(default_factory=dict)
    """redemptions that got fuel in the stretch, with how much, in đồng"""
    _known: dict[str, _Fuelling] = field(default_factory=dict)
    _sold: dict[str, str] = field(default_factory=dict)

    def take(self, kind: str, row: Body) -> None:
        """One more row."""
        match kind:
            case "ShiftSummed":
                self._standing(row)
            case "FuellingCompleted":
                self._fuelled(row)
            case "TotalizerNoted":
                self.closing_ml[row["point"], row["nozzle"]] = row["totalizer_ml"]
            case "MetersRead":
                self.closing_ml.update({(point, nozzle): reading for point, nozzle, reading in row["readings"]})
            case "PumpTestMarked":
                self._costs(row["fuelling_id"], 0)
            case "FuellingPriced":
                self._costs(row["fuelling_id"], row["amount_vnd"])
            case "SaleOpened":
                self._sold[row["sale_id"]] = row["fuelling_id"]
            case "TenderTaken":
                tender = _name(row["kind"])
                self.tender_count[tender] += 1
                self.tender_vnd[tender] += row["amount_vnd"]
            case "SalePaid":
                self._paid(row["sale_id"])
            case "AccrualStated":
                fuelling = self._known.get(row["fuelling_id"])
                self.accruals[_name(row["accrual_id"])] = None if fuelling is None else fuelling.amount_vnd
            case "DispenseFinished":
                self.spent[_name(row["redemption_id"])] = row["amount_vnd"]
            case _:
                pass

    def numbers(self) -> Iterator[object]:
        """All it came to."""
        yield from (self.sales, self.volume_ml, self.amount_vnd, *self.spent.values(), *self.closing_ml.values())
        yield from (each for each in self.accruals.values() if each is not None)
        for sums in (self.told_ml, self.amount_of, self.fuellings):
            yield from sums.values()
        yield from self.tender_vnd.values()

    def _standing(self, row: Body) -> None:
        """What stood open when the shift before ended; sums written down in between repeat what is known."""
        for name, point, nozzle, volume_ml, amount_vnd, *_ in row["stories"]:
            self._known.setdefault(name, _Fuelling((point, nozzle), volume_ml, amount_vnd, mine=False))
        for sale, fuelling in row["open_sales"]:
            self._sold.setdefault(sale, fuelling)

    def _fuelled(self, row: Body) -> None:
        place = (row["point"], row["nozzle"])
        cost = 0 if row["sale_type"] == TEST else row["amount_vnd"]
        self._known[row["fuelling_id"]] = _Fuelling(place, row["volume_ml"], cost, mine=True)
        self.closing_ml[place] = row["end_totalizer_ml"]
        self.told_ml[place] += row["volume_ml"]
        self.amount_of[place] += cost
        self.fuellings[place] += 1

    def _costs(self, name: str, amount_vnd: int) -> None:
        """What a fuelling turned out to cost; one of an earlier shift stays as it was told there."""
        fuelling = self._known.get(name)
        if fuelling is not None:
            if fuelling.mine:
                self.amount_of[fuelling.place] += amount_vnd - fuelling.amount_vnd
            fuelling.amount_vnd = amount_vnd

    def _paid(self, sale: str) -> None:
        fuelling = self._known.get(self._sold.get(sale, ""))
        if fuelling is not None:
            self.sales += 1
            self.volume_ml += fuelling.volume_ml
            self.amount_vnd += fuelling.amount_vnd


def recount(rows: Sequence[Row]) -> Recount:
    """The rows of a stretch, counted. Raises `UnreadableRow` for one no till of ours would write."""
    found = Recount()
    for kind, body in rows:
        try:
            found.take(kind, body)
        except (KeyError, TypeError, ValueError) as error:
            raise UnreadableRow(kind) from error
    if not all(type(number) is int for number in found.numbers()):
        raise UnreadableRow("a number")
    return found


def differs(what: str, told: int, found: int) -> DifferencePart:
    """One number the two do not share, as far as it can be said."""
    told, found = (max(-FARTHEST, min(each, FARTHEST)) for each in (told, found))
    return DifferencePart(what=what[:80], told=told, found=found)


def _name(text: object) -> str:
    """Something that can be looked for. Raises `ValueError`."""
    if not isinstance(text, str) or not text.isprintable():
        raise ValueError("no name")
    return text


def differences(stated: ShiftCloseRequest, found: Recount) -> Iterator[DifferencePart]:
    """Every number in which a statement and the rows differ."""
    pairs = [
        ("sales", stated.sales, found.sales),
        ("volume", stated.volume_ml, found.volume_ml),
        ("amount", stated.amount_vnd, found.amount_vnd),
        ("cash", stated.cash_expected_vnd, found.tender_vnd["cash"]),
    ]
    told = {each.tender: each for each in stated.tenders}
    for tender in sorted(told.keys() | found.tender_count.keys()):
        mine = told.get(tender)
        count, amount = (mine.count, mine.amount_vnd) if mine is not None else (0, 0)
        pairs.append((f"tender:{tender[:40]}:count", count, found.tender_count[tender]))
        pairs.append((f"tender:{tender[:40]}:amount", amount, found.tender_vnd[tender]))
    nozzles = {(each.point, each.nozzle): each for each in stated.nozzles}
    for place in sorted(nozzles.keys() | found.fuellings.keys()):
        nozzle, name = nozzles.get(place), f"nozzle:{place[0]}/{place[1]}"
        litres, amount, count = (nozzle.told_ml, nozzle.amount_vnd, nozzle.fuellings) if nozzle else (0, 0, 0)
        pairs.append((f"{name}:told", litres, found.told_ml[place]))
        pairs.append((f"{name}:amount", amount, found.amount_of[place]))
        pairs.append((f"{name}:fuellings", count, found.fuellings[place]))
        if nozzle is not None and nozzle.closing_ml is not None and place in found.closing_ml:
            pairs.append((f"{name}:closing", nozzle.closing_ml, found.closing_ml[place]))
    yield from (differs(what, a, b) for what, a, b in pairs if a != b)
