"""When the program may be exchanged: between shifts, with nothing under way."""

from __future__ import annotations

import pytest

from pos_client.bootstrap.simulate.world import Rig
from pos_client.domain.fuelling_point import FuellingPointState
from pos_client.domain.identifiers import NozzleId, PointId
from pos_client.domain.tender import TenderKind
from pos_client.ports import reports as r
from pos_client.services import messages as m
from pos_client.services.standstill import stands_still


@pytest.fixture
def rig() -> Rig:
    return Rig()


def test_before_the_first_shift_and_after_one_it_stands_still(rig):
    assert stands_still(rig.picture)
    rig.tell(m.OpenShift("Lan"))
    assert not stands_still(rig.picture)
    rig.fuel(1, 10_000)
    rig.select(1)
    rig.pay(TenderKind.CASH)
    rig.tell(m.CloseShift())
    assert not stands_still(rig.picture)
    rig.tell(m.CountCash(rig.picture.shift.cash_expected_vnd))
    rig.advance(20_000)
    assert stands_still(rig.picture)


def test_a_sale_in_hand_is_no_standstill_and_one_that_waits_to_be_paid_is(rig):
    rig.fuel(1, 10_000)
    assert stands_still(rig.picture)
    rig.select(1)
    assert not stands_still(rig.picture)


def test_a_hose_that_is_out_is_no_standstill(rig):
    rig.tell(r.PointStateReported(PointId(1), FuellingPointState.CALLING, NozzleId(1)))
    assert not stands_still(rig.picture)
