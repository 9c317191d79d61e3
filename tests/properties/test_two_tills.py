"""Two tills over one keeper of claims: no fuelling is ever sold twice, and each is sold once in the end (I7).

Both see the same pumps and each keeps its own books. Steps of both interleave in any order; leases end, tills die
between any two commits and start anew while the claims live on, sales are handed over, disks refuse.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_client.adapters.claims.one_forecourt import OneForecourtClaims
from pos_client.bootstrap.simulate.books import Crash
from pos_client.bootstrap.simulate.clock import FakeClock
from pos_client.bootstrap.simulate.world import INDIVIDUAL, ORGANISATION, ORGANISATION_PIN, SETTINGS, Rig
from pos_client.domain import facts as f
from pos_client.domain.identifiers import PointId, TerminalId
from pos_client.domain.tender import TenderKind
from pos_client.services import messages as m
from pos_client.settings.model import CounterSettings
from tests.properties.disk_trouble import disk_trouble_is_meant

WAITS_S = (1, 20, 100, 185, 400)
NAMES = ("T1", "T2")


@pytest.fixture(autouse=True, scope="module")
def _disk_trouble_is_logged() -> Iterator[None]:
    """Many refused commits are meant here."""
    with disk_trouble_is_meant():
        yield


class TwoTills:
    """A station with two tills at one forecourt."""

    def __init__(self) -> None:
        self.clock, self.claims = FakeClock(), OneForecourtClaims()
        self.tills = [self._till(name, other) for name, other in (NAMES, NAMES[::-1])]

    def _till(self, name: str, other: str) -> Rig:
        station = replace(SETTINGS.station, terminal=name)
        counter = CounterSettings(tills=(other,))
        return Rig(replace(SETTINGS, station=station, counter=counter), clock=self.clock, claims=self.claims)

    def fuel(self, point: int, millilitres: int) -> None:
        """Both tills hear of the same delivery; one of them has permitted it."""
        for till in self.tills:
            guarded(till, lambda rig: rig.fuel(point, millilitres))

    def wait(self, seconds: int) -> None:
        step_s = 1 if seconds <= 20 else 5
        for _ in range(seconds // step_s):
            self.clock.advance(step_s * 1_000)
            for till in self.tills:
                guarded(till, lambda rig: rig.tell(m.Tick()))

    def sold(self) -> list[Counter[str]]:
        """What each till has taken any money or points for."""
        return [
            Counter(
                sale.fuelling_id
                for sale in rig.facts(f.SaleOpened)
                if any(tender.sale_id == sale.sale_id for tender in rig.facts(f.TenderTaken))
            )
            for rig in self.tills
        ]

    def evening(self) -> None:
        """Everything is well again; both cashiers collect what is due at their tills."""
        for rig in self.tills:
            rig.store.crash_after = rig.store.fault = rig.store.fail_after = None
            if not rig.alive:
                rig.boot()
        self.wait(400)
        for _ in range(3):
            for rig in self.tills:
                for _ in range(40):
                    if rig.picture.sale is None:
                        rig.tell(m.SelectOldest())
                    in_hand = [s for s in rig.desk.state.sales.values() if s.paid_at is None]
                    if rig.picture.sale is None and in_hand:
                        rig.select(in_hand[0].fuelling.point)
                    if rig.picture.sale is None:
                        break
                    rig.pay()
            self.wait(200)


def guarded(rig: Rig, step: Callable[[Rig], object]) -> None:
    """A step of one till; it may die in it, and is switched on again."""
    try:
        step(rig)
    except Crash:
        revive(rig)


def revive(rig: Rig) -> None:
    """Switched on again, with a disk that is well at that moment, until it stays on."""
    while True:
        well(rig)
        try:
            rig.restart()
            rig.run()
        except Crash:
            continue
        return


def well(rig: Rig) -> None:
    rig.store.fault = rig.store.fail_after = None


def come_back(rig: Rig) -> None:
    for gone in list(rig.desk.state.drive_offs)[:1]:
        rig.tell(m.ReturnDriveOff(gone))


def by_points(rig: Rig) -> None:
    rig.identify(ORGANISATION)
    rig.tell(m.StartRedemption(20_000))
    rig.keys(ORGANISATION_PIN, m.KeypadKey.OK)


STEPS: dict[str, Callable[[Rig, int], object]] = {
    "select": lambda rig, die: rig.select(1 + die % 2),
    "oldest": lambda rig, die: rig.tell(m.SelectOldest()),
    "pay": lambda rig, die: rig.pay(),
    "pay a part": lambda rig, die: rig.pay(TenderKind.QR, 10_000),
    "customer": lambda rig, die: rig.identify(INDIVIDUAL),
    "points": lambda rig, die: by_points(rig),
    "release": lambda rig, die: rig.tell(m.ReleaseSale()),
    "hand over": lambda rig, die: rig.tell(m.HandOver(TerminalId(rig.settings.counter.tills[0]))),
    "drive off": lambda rig, die: rig.tell(m.DriveOff("")),
    "come back": lambda rig, die: come_back(rig),
    "test": lambda rig, die: rig.tell(m.MarkPumpTest()),
    "restart": lambda rig, die: revive(rig),
    "die soon": lambda rig, die: setattr(rig.store, "crash_after", rig.store.commits + 1 + die % 3),
    "disk": lambda rig, die: setattr(rig.store, "fail_after", die % 3),
    "well": lambda rig, die: well(rig),
    "tick": lambda rig, die: rig.tell(m.Tick()),
}
HISTORIES = st.lists(
    st.tuples(st.sampled_from(("fuel", "wait", *STEPS)), st.integers(0, 1), st.integers(0, 999)), max_size=30
)


@settings(max_examples=150)
@given(HISTORIES)
def test_two_tills_never_sell_one_fuelling_and_leave_none_unsold(history: list[tuple[str, int, int]]):
    station = TwoTills()
    for name, till, die in history:
        if name == "fuel":
            station.fuel(1 + die % 2, 1_000 + die)
        elif name == "wait":
            station.wait(WAITS_S[die % len(WAITS_S)])
        else:
            guarded(station.tills[till], lambda rig, name=name, die=die: STEPS[name](rig, die))  # type: ignore[misc]
    station.evening()
    one, other = station.sold()
    assert not set(one) & set(other), "money taken for the same litres at both tills"
    assert max([0, *one.values(), *other.values()]) <= 1
    fuelled = {fact.fuelling_id for rig in station.tills for fact in rig.facts(f.FuellingCompleted)}
    for rig in station.tills:
        assert rig.picture.sale is None
        assert not rig.desk.state.unpaid()
    tested = {fact.fuelling_id for rig in station.tills for fact in rig.facts(f.PumpTestMarked)}
    gone = {fuelling_id for rig in station.tills for fuelling_id in rig.desk.state.drive_offs}
    assert not (tested | gone) & (set(one) | set(other)), "sold, and a test or a drive-off as well"
    assert set(one) | set(other) | tested | gone == fuelled


def test_a_sale_handed_over_is_sold_there_and_leaves_the_list_here():
    station = TwoTills()
    here, there = station.tills
    station.fuel(1, 2_000)
    here.select(1)
    here.tell(m.HandOver(TerminalId("T2")))
    there.select(1)
    there.pay()
    station.wait(2)
    assert station.sold() == [Counter(), Counter([here.only(f.FuellingCompleted).fuelling_id])]
    assert here.only(f.FuellingTakenOver).till == "T2"
    assert not here.desk.state.unpaid()


def test_a_sale_open_at_one_till_is_shown_as_its_at_the_other():
    station = TwoTills()
    here, there = station.tills
    station.fuel(2, 2_000)
    there.tell(m.SelectPoint(PointId(2)))
    here.tell(m.Tick())
    assert [each.holder for each in here.picture.points[1].unpaid] == ["T2"]
    here.select(2)
    assert here.notices[-1] == "claimed_elsewhere"
