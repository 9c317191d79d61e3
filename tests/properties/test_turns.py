"""Counters of ten litres: the same ends come again and again, and nothing is lost or taken for what was before (I6)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from pos_client.bootstrap.simulate.world import SETTINGS, Rig
from pos_client.domain import facts as f
from pos_client.domain.identifiers import NozzleId, PointId
from pos_client.services import messages as m

CIRCLE = 10_000
TINY = replace(
    SETTINGS,
    lines=tuple(
        replace(line, points=tuple(replace(point, total_digits=3) for point in line.points)) for line in SETTINGS.lines
    ),
)
P1, N1 = PointId(1), NozzleId(1)


def fuel(rig: Rig, litres: int) -> None:
    rig.fuel(1, 1_000 * litres)


def sell(rig: Rig, litres: int) -> None:
    """To a customer who gets points."""
    fuel(rig, litres)
    rig.tell(m.SelectOldest())
    rig.identify()
    rig.pay()


def gift(rig: Rig, litres: int) -> None:
    rig.sell_everything()
    rig.identify()
    rig.tell(m.StartRedemption(100_000))
    rig.keys(rig.code(), m.KeypadKey.OK)
    rig.select(1)
    rig.act(rig.forecourt.lift, 1)
    rig.act(rig.forecourt.flow, 1, 500 * litres)
    rig.act(rig.forecourt.hang, 1)


def unseen(rig: Rig, litres: int) -> None:
    """Power fails in the middle, and only the counter knows."""
    rig.act(rig.forecourt.lift, 1)
    rig.tell(m.AuthorisePoint(P1))
    rig.act(rig.forecourt.flow, 1, 250 * litres)
    rig.act(rig.forecourt.cut_power, 1)
    rig.act(rig.forecourt.restore_power, 1)
    rig.act(rig.forecourt.hang, 1)
    rig.advance(6_000)


def while_away(rig: Rig, litres: int) -> None:
    """The program is killed in the middle of a delivery, which ends without it."""
    rig.act(rig.forecourt.lift, 1)
    rig.tell(m.AuthorisePoint(P1))
    rig.act(rig.forecourt.flow, 1, 100 * litres)
    rig.die()
    rig.forecourt.flow(1, 100 * litres)
    rig.forecourt.hang(1)
    rig.boot()
    rig.advance(6_000)


STEPS: dict[str, Callable[[Rig, int], None]] = {
    "fuel": fuel,
    "sell": sell,
    "gift": gift,
    "unseen": unseen,
    "while away": while_away,
    "restart": lambda rig, _: rig.restart(),
    "told again": lambda rig, _: rig.tell(*filter(None, [rig.forecourt.pumps[P1].told])),
}


def assert_same_after_a_restart(rig: Rig) -> None:
    known = (dict(rig.desk.state.totalizers), dict(rig.desk.state.turned), set(rig.desk.state.fuellings))
    rig.restart()
    assert (rig.desk.state.totalizers, rig.desk.state.turned, set(rig.desk.state.fuellings)) == known


@settings(max_examples=120)
@given(st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.integers(1, 4)), max_size=40), st.integers(0, 9))
def test_every_fuelling_has_a_name_of_its_own_and_is_sold(history: list[tuple[str, int]], begin: int):
    rig = Rig(TINY, totals={(1, 1): 1_000 * begin, (1, 2): 0, (2, 1): 0})
    for name, litres in history:
        STEPS[name](rig, litres)
    rig.settle(60)
    assert_same_after_a_restart(rig)
    rig.sell_everything()
    rig.settle(60)
    done = rig.facts(f.FuellingCompleted)
    assert len({x.fuelling_id for x in done}) == len(done)
    assert rig.facts(f.AccrualRefused) == []
    assert len(rig.central.ledger.accruals) == len(rig.facts(f.AccrualStated))
    pump = rig.forecourt.pumps[P1]
    assert rig.desk.state.turned[P1, N1] == CIRCLE * pump.laps.get(N1, 0)
    rig.check_ledgers()
