"""A till that sells all day keeps a bounded memory; the journal has the rest."""

from __future__ import annotations

from pos_client.bootstrap.simulate.world import Rig
from pos_client.domain import facts as f
from pos_client.services.state import KEPT_SALES


def test_a_long_day_does_not_grow_in_memory():
    rig = Rig()
    sales = KEPT_SALES + 10
    for _ in range(sales):
        rig.fuel(millilitres=1_000)
        rig.select(1)
        rig.identify()
        rig.pay()
    rig.settle(60)
    rig.fuel(millilitres=1_000)
    rig.select(1)
    rig.pay()
    state = rig.desk.state
    assert len(rig.facts(f.AccrualPosted)) == sales
    assert len(state.sales) <= KEPT_SALES
    assert len(state.accruals) <= KEPT_SALES
    assert len(state.redemptions) <= KEPT_SALES
    assert not state.outbox
    assert not state.queued_since_ms
    assert not state.unpaid_since_ms
    rig.check_ledgers()
