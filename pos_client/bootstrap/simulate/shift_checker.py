"""Recounts every closed shift from the journal's own bodies: litres by nozzle, money by tender, nothing outside of all.

Like `checker.py` it imports nothing of the product and makes every sum anew, in the plainest way: a shift is what was
written between two closes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from pos_client.bootstrap.simulate.violation import hold

Row = dict[str, Any]
Entry = tuple[str, Row]
Place = tuple[int, int]

_GONE = {"PumpTestMarked": "tested", "DroveOff": "away", "FuellingTakenOver": "gone", "DriveOffReturned": "waiting"}
"""What an entry about a fuelling makes of it."""


def check_shifts(journal: Sequence[Entry], meters: Sequence[Row]) -> None:
    """Raise `Violation` for the first sum that is not what was written down. `meters`: as in `Evidence`."""
    turns = {(meter["point"], meter["nozzle"]): meter["modulus_ml"] for meter in meters}
    closes = [at for at, (kind, _) in enumerate(journal) if kind == "ShiftClosed"]
    first = next((at for at, (kind, _) in enumerate(journal) if kind == "ShiftOpened"), None)
    previous, begin = None, first
    for end in closes:
        assert begin is not None  # the first shift was opened before it was closed
        opened = [body for kind, body in journal[begin:end] if kind == "ShiftOpened"]
        hold(len(opened) == 1, "C27", f"{len(opened)} shifts opened before one close")
        hold(opened[0]["previous"] == previous, "C27", "a shift that does not know the one before it")
        _Recount(journal, begin, end, turns).compare(journal[end][1], journal[begin][1] if previous else None)
        previous, begin = journal[end][1]["shift_id"], end
    numbers = Counter(body["shift_id"] for kind, body in journal if kind == "ShiftClosed")
    hold(all(times == 1 for times in numbers.values()), "C27", "a shift closed twice")


class _Recount:
    """Everything between two entries of the journal, counted anew."""

    def __init__(self, journal: Sequence[Entry], begin: int, end: int, turns: dict[Place, int | None]) -> None:
        self.turns = turns
        self.stretch = journal[begin:end]
        self.fuelled = {body["fuelling_id"]: body for kind, body in journal[:end] if kind == "FuellingCompleted"}
        self.sold = {body["sale_id"]: body["fuelling_id"] for kind, body in journal[:end] if kind == "SaleOpened"}
        self.mine = {body["fuelling_id"] for kind, body in self.stretch if kind == "FuellingCompleted"}
        self.cost = {name: body["amount_vnd"] for name, body in self.fuelled.items()}
        self.fate = {name: body["sale_type"] for name, body in self.fuelled.items()}
        self.given: Counter[str] = Counter()
        for kind, body in journal[:end]:
            self._follow(kind, body)

    def _follow(self, kind: str, body: Row) -> None:
        """What became of each fuelling up to the close."""
        if kind == "FuellingPriced":
            self.cost[body["fuelling_id"]] = body["amount_vnd"]
        elif kind in _GONE:
            self.fate[body["fuelling_id"]] = _GONE[kind]
        elif kind == "SalePaid":
            self.fate[self.sold[body["sale_id"]]] = "paid"
        elif kind == "TenderTaken":
            self.given[self.sold[body["sale_id"]]] += body["amount_vnd"]

    def compare(self, closed: Row, before: Row | None) -> None:
        """Raise `Violation` where the close says something else."""
        self._nozzles(closed, before)
        tenders: dict[str, list[int]] = defaultdict(list)
        for kind, body in self.stretch:
            if kind == "TenderTaken":
                tenders[body["kind"]].append(body["amount_vnd"])
        right = sorted([kind, len(amounts), sum(amounts)] for kind, amounts in tenders.items())
        hold(sorted(map(list, closed["tenders"])) == right, "C27", f"tenders {closed['tenders']}, recounted {right}")
        hold(closed["cash_expected_vnd"] == sum(tenders["cash"]), "C27", "another sum of cash than was taken")
        paid = [self.sold[body["sale_id"]] for kind, body in self.stretch if kind == "SalePaid"]
        sums = (len(paid), sum(self.fuelled[x]["volume_ml"] for x in paid), sum(self.cost[x] for x in paid))
        hold((closed["sales"], closed["volume_ml"], closed["amount_vnd"]) == sums, "C27", f"sold {sums}, told {closed}")
        self._left_open(closed)

    def _nozzles(self, closed: Row, before: Row | None) -> None:
        carried = {(row[0], row[1]): row[4] for row in before["meters"]} if before else {}
        for row in closed["meters"]:
            place = (row[0], row[1])
            told = [x for x in self.mine if (self.fuelled[x]["point"], self.fuelled[x]["nozzle"]) == place]
            tested = [x for x in told if self.fate[x] in ("tested", "pump_test")]
            litres = [sum(self.fuelled[x]["volume_ml"] for x in some) for some in (told, tested)]
            money = sum(self.cost[x] for x in told if x not in tested)
            hold(
                [row[6], row[8]] == litres, "I2", f"nozzle {place}: told {row[6]}, tested {row[8]}, recounted {litres}"
            )
            hold((row[10], row[11]) == (money, len(told)), "C27", f"nozzle {place}: {row[10]} đ, recounted {money}")
            if carried.get(place) is not None:
                hold(row[3] == carried[place], "I2", f"nozzle {place} opens at {row[3]}, closed at {carried[place]}")
            if row[12] in ("agrees", "wrapped"):
                turn, moved = self.turns.get(place), row[4] - row[3]
                over = moved - row[6] if turn is None else (moved - row[6]) % turn
                hold(over == 0 and row[5] == row[6], "I2", f"nozzle {place} moved {moved}, its fuellings {row[6]}")

    def _left_open(self, closed: Row) -> None:
        waiting = {name for name, fate in self.fate.items() if fate in ("sale", "waiting")}
        hold(set(closed["unpaid"]) == waiting, "C27", f"unpaid {closed['unpaid']}, recounted {sorted(waiting)}")
        due = sum(self.cost[name] - self.given[name] for name in waiting)
        hold(closed["unpaid_vnd"] == due, "C27", f"{closed['unpaid_vnd']} đ unpaid, recounted {due}")
        away = {body["fuelling_id"] for kind, body in self.stretch if kind == "DroveOff"}
        away = {name for name in away if self.fate[name] == "away"}
        hold(closed["drive_offs"] == len(away), "C27", f"{closed['drive_offs']} drive-offs, recounted {len(away)}")
