"""Random days with many price changes; in the evening every fuelling's mark is held against what really happened.

The judge knows the list as raw settings and what each pump did (its price, when its nozzle went out, its first and last
drop); it asks the program nothing. Where the program was dead or deaf it may be less certain than the judge, never
wrong: it may call a price change that nobody can date "crossed", and it never misses one that fuel flowed across.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_client.bootstrap.simulate.clock import START
from pos_client.bootstrap.simulate.histories import ACTIONS, revive
from pos_client.bootstrap.simulate.pumps import Delivery
from pos_client.bootstrap.simulate.world import PRICES, SETTINGS, Crash, Rig
from pos_client.domain import facts as f
from pos_client.domain.fuelling_point import FuellingPointState
from pos_client.domain.identifiers import PointId
from pos_client.domain.price_mark import PriceMark
from pos_client.settings.model import PriceSettings
from tests.properties.disk_trouble import disk_trouble_is_meant

NONE, CROSSED, MISMATCH = PriceMark
CHANGES = ((7, "E10"), (7, "DO"), (31, "E10"), (64, "E5"), (65, "E10"), (120, "DO"), (190, "E10"), (420, "DO"))
"""Seconds after the start, and whose price changes; no price comes twice."""
LISTED = tuple(
    PriceSettings(grade, PRICES[grade] + 10 * (n + 1), (START + timedelta(seconds=s)).isoformat())
    for n, (s, grade) in enumerate(CHANGES)
)
SET_CLOCKS = frozenset({"clock", "offline", "offline day"})
"""Left out: the judge goes by the computer's clock; what a clock that was set does to prices has tests of its own."""
BLIND = frozenset({"restart", "reboot", "die soon", "unplug", "power cut", "blink"})
"""after one of these the program may have missed a nozzle lift"""


@pytest.fixture(autouse=True, scope="module")
def _disk_trouble_is_logged() -> Iterator[None]:
    """Hundreds of refused commits are meant here."""
    with disk_trouble_is_meant():
        yield


def point(die: int) -> PointId:
    return PointId(1 + die % 2)


def stick(rig: Rig, die: int) -> None:
    rig.forecourt.pumps[point(die)].stuck_price = (None, 20_000, 26_000)[die // 2 % 3]


def by_hand(rig: Rig, die: int) -> None:
    """Somebody sets a price at the pump itself."""
    pump = rig.forecourt.pumps[point(die)]
    if pump.state is FuellingPointState.IDLE and pump.lifted is None:
        pump.prices = {nozzle: 25_000 + die % 3 for nozzle in pump.prices}


MORE: dict[str, Callable[[Rig, int], object]] = {
    "price fault": lambda rig, die: rig.forecourt.price_faults.append(("lost", "refused", "done_unanswered")[die % 3]),
    "stick": stick,
    "by hand": by_hand,
    "short wait": lambda rig, die: rig.advance((2 + die % 20) * 1000),
}  # fmt: skip
AT_THE_PUMP = ("lift", "flow", "hang", "authorise", "fuel", "wait", *MORE)
NAMES = sorted((*(ACTIONS.keys() - SET_CLOCKS), *MORE, *AT_THE_PUMP, *AT_THE_PUMP))
HISTORIES = st.lists(st.tuples(st.sampled_from(NAMES), st.integers(0, 9_999)), max_size=40)


def play(history: list[tuple[str, int]], temper: int) -> Rig:
    rig = Rig(replace(SETTINGS, prices=LISTED))
    hall = rig.forecourt
    hall.prices_when_hung, hall.tells_prices, hall.forgets_prices = (not temper & 1, not temper & 2, not temper & 4)
    hall.ended_before_idle, hall.repeats_last, hall.remembers = (bool(temper & 8), not temper & 16, not temper & 32)
    for name, die in history:
        try:
            (ACTIONS | MORE)[name](rig, die)
        except Crash:
            revive(rig, arrive=bool(die % 2))
    rig.store.crash_after = rig.crash_after_message = None
    for pump in hall.pumps.values():
        pump.stuck_price = None
    hall.price_faults.clear()
    rig.settle()
    rig.sell_everything()
    rig.settle(120)
    return rig


# ── the judge ───────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Judge:
    """Knows one grade's prices."""

    grade: str

    def changes(self, after: datetime, until: datetime) -> bool:
        """Whether a price of this grade came into force after one moment and by another."""
        return any(after < datetime.fromisoformat(e.effective_from) <= until for e in self._mine())

    def at(self, moment: datetime) -> int:
        come = [e.unit_price for e in self._mine() if datetime.fromisoformat(e.effective_from) <= moment]
        return come[-1] if come else PRICES[self.grade]

    def _mine(self) -> list[PriceSettings]:
        return [entry for entry in LISTED if entry.grade == self.grade]

    def marks(self, delivery: Delivery, finished: datetime, blind: bool) -> set[str]:
        """What may be said of a delivery that was told at `finished`."""
        assert delivery.priced_at is not None
        assert delivery.last_drop is not None
        right = delivery.unit_price == self.at(delivery.priced_at)
        if right and self.changes(delivery.priced_at, delivery.last_drop):
            return {CROSSED}
        if right and self.changes(delivery.last_drop, finished):
            return {NONE, CROSSED}
        if right:
            return {NONE}
        listed_once = delivery.unit_price in {PRICES[self.grade], *(e.unit_price for e in self._mine())}
        return {MISMATCH, CROSSED} if blind and listed_once else {MISMATCH}

    def marks_unseen(self, parts: list[Delivery], before: datetime, finished: datetime) -> set[str]:
        """What may be said of litres that were found again; `before`: when the nozzle was last told of."""
        flowed = [part.first_drop for part in parts if part.first_drop is not None]
        if self.changes(min(flowed), finished):
            return {CROSSED}
        return {NONE, CROSSED} if self.changes(before, finished) else {NONE}


def judge(rig: Rig, blind: bool) -> None:
    for pump in rig.forecourt.pumps.values():
        for nozzle in pump.totals:
            told = [x for x in rig.facts(f.FuellingCompleted) if (x.point, x.nozzle) == (pump.point, nozzle)]
            ends, start = [], pump.initial[nozzle]
            for delivery in (d for d in pump.deliveries if d.nozzle == nozzle):
                ends.append((start, start + delivery.volume_ml, delivery))
                start += delivery.volume_ml
            before = START
            for fact in sorted(told, key=lambda x: x.end_totalizer_ml):
                assert fact.start_totalizer_ml is not None
                first, last = fact.start_totalizer_ml, fact.end_totalizer_ml
                parts = [d for a, b, d in ends if a < last and first < b]
                _judge_one(fact, parts, before, blind)
                before = datetime.fromisoformat(fact.finished_at)


def _judge_one(fact: f.FuellingCompleted, parts: list[Delivery], before: datetime, blind: bool) -> None:
    judge, finished = Judge(fact.grade_code), datetime.fromisoformat(fact.finished_at)
    if fact.recovered:
        assert fact.unit_price == fact.listed_price == judge.at(finished)
        assert fact.price_mark in judge.marks_unseen(parts, before, finished)
        return
    delivery = parts[-1]
    assert fact.unit_price == delivery.unit_price, "the pump's price, whatever the list says"
    assert fact.price_mark in judge.marks(delivery, finished, blind), f"{fact} {delivery}"
    assert (fact.price_mark == MISMATCH) is (fact.unit_price != fact.listed_price)


@settings(max_examples=400)
@given(HISTORIES, st.integers(0, 63))
def test_every_fuelling_says_of_its_price_what_really_happened(history: list[tuple[str, int]], temper: int):
    rig = play(history, temper)
    rig.check_ledgers()
    judge(rig, blind=bool(BLIND & {name for name, _ in history}))


@settings(max_examples=200)
@given(HISTORIES, st.integers(0, 63))
def test_every_pump_whose_price_can_be_heard_comes_to_show_the_right_one(history: list[tuple[str, int]], temper: int):
    rig = play(history, temper & ~2 & 63)
    rig.forecourt.tells_prices = True
    at_the_end_every_pump_is_right(rig)


def at_the_end_every_pump_is_right(rig: Rig) -> None:
    """Once every price was heard, whoever set it by hand when nobody looked."""
    for pump in rig.forecourt.pumps.values():
        for nozzle in pump.totals:
            rig.act(rig.forecourt.lift, pump.point, nozzle)
            rig.act(rig.forecourt.hang, pump.point)
    rig.advance(70_000)
    shown = {grade: Judge(grade).at(rig.clock.now().wall) for grade in PRICES}
    for configured in rig.desk.forecourt.points:
        prices = rig.forecourt.pumps[configured.point].prices
        assert prices == {n.nozzle: shown[n.grade.code] for n in configured.nozzles}, "every pump has its price in time"
    assert not any(tile.price_mismatch for tile in rig.picture.points)
    last = rig.facts(f.PricesAdopted)[-1].price_set
    assert {x.point for x in rig.facts(f.PumpPriced) if x.price_set == last} == set(rig.forecourt.pumps)
