"""Head office will not have this till speak of points: what stops, what goes on, and when it is over."""

from __future__ import annotations

import pytest

from pos_client.bootstrap.simulate.world import Rig
from pos_client.domain import facts as f
from pos_client.domain.identifiers import IdempotencyKey
from pos_client.ports import central as c
from pos_client.services.standing import OF_THIS_TILL, TO_ITS_OWN_QUESTION


@pytest.mark.parametrize("code", sorted(TO_ITS_OWN_QUESTION))
def test_points_are_blocked_sales_go_on_and_it_ends_with_the_next_answer(code: str):
    rig = Rig()
    rig.central.fail("AskTime", *[f"refused:{code}"] * 20)
    rig.advance(8_000)
    assert f"central_{code}" in rig.desk.state.blockers
    rig.fuel()
    rig.select(1)
    rig.pay()
    assert rig.only(f.SalePaid)
    rig.advance(400_000)
    assert f"central_{code}" not in rig.desk.state.blockers


@pytest.mark.parametrize("code", sorted(OF_THIS_TILL))
def test_it_is_said_once_however_often_it_is_heard(code: str):
    rig = Rig()
    problem = c.Problem(code, 403, c.Retry.NEVER)
    for n in range(3):
        rig.tell(c.CentralAnswered(IdempotencyKey(f"somebody:{n}"), problem))
    assert f"central_{code}" in rig.desk.state.blockers


def test_a_station_mismatch_about_somebodys_points_is_about_those():
    rig = Rig()
    rig.tell(c.CentralAnswered(IdempotencyKey("r:verify:1"), c.Problem("station-mismatch", 403, c.Retry.NEVER)))
    assert "central_station-mismatch" not in rig.desk.state.blockers
