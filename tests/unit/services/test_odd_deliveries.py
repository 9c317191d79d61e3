"""What should not happen at a pump: fuel nobody permitted, a pump that stands still, litres without a price."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pos_client.bootstrap.simulate.clock import START
from pos_client.bootstrap.simulate.world import OK, ORGANISATION, ORGANISATION_PIN, PRICES, SETTINGS, Rig
from pos_client.domain import facts as f
from pos_client.domain.fuelling_point import FuellingPointState
from pos_client.domain.identifiers import NozzleId, PointId
from pos_client.domain.sale_type import SaleType
from pos_client.domain.tender import TenderKind
from pos_client.ports import reports as r
from pos_client.services import messages as m
from pos_client.settings.model import LineSettings, PointSettings, PriceSettings

P1, N1, N2 = PointId(1), NozzleId(1), NozzleId(2)
S = FuellingPointState


def close(rig: Rig) -> None:
    rig.settle()
    rig.sell_everything()
    rig.settle(60)
    rig.check_ledgers()


def armed() -> Rig:
    rig = Rig()
    rig.identify()
    rig.tell(m.StartRedemption(100_000))
    rig.keys(rig.code(), OK)
    rig.select(1)
    return rig


# ── fuel nobody permitted ──────────────────────────────────────────────────────────────────────────────────────────


def test_fuel_nobody_permitted_is_said_and_paid_like_any_other():
    rig = Rig()
    rig.act(rig.forecourt.ghost, 1, 3_000)
    assert rig.notices[-1] == "unauthorised_delivery"
    rig.act(rig.forecourt.hang, 1)
    assert rig.look().points[0].unpaid[0].volume_ml == 3_000
    close(rig)


def test_it_is_not_what_a_gift_that_was_taken_back_was_for():
    rig = armed()
    rig.forecourt.faults.append("lost")  # the totalizers that would say so are not read at once
    rig.inbox.extend([m.StopFuelling(P1)])
    rig.run()
    rig.forecourt.pumps[P1].state = S.IDLE
    rig.act(rig.forecourt.ghost, 1, 3_000)
    rig.act(rig.forecourt.hang, 1)
    rig.advance(30_000)
    assert rig.states() == ["VOIDED"]
    assert rig.debits() == []
    assert rig.only(f.FuellingCompleted).redemption_id is None
    close(rig)


def test_it_is_no_pump_test():
    rig = Rig()
    rig.forecourt.faults.append("lost")
    rig.tell(m.AuthorisePoint(P1, sale_type=SaleType.PUMP_TEST))
    rig.act(rig.forecourt.ghost, 1, 3_000)
    rig.act(rig.forecourt.hang, 1)
    assert rig.only(f.FuellingCompleted).sale_type == "sale"
    rig.advance(20_000)
    assert rig.only(f.PumpTestEnded).reason == "not_used"
    close(rig)


def test_any_other_alarm_is_told_with_its_code():
    rig = Rig()
    rig.tell(r.AlarmReported(P1, "low_flow"))
    assert rig.notices[-1] == "pump_alarm"


# ── a pump whose last fuelling is not settled ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("standing", ["waits", "open", "begun", "handed over", "gift overrun"])
def test_no_gift_at_a_pump_whose_last_fuelling_is_not_settled(standing: str):
    rig = Rig()
    if standing == "gift overrun":
        rig.forecourt.overrun_vnd = 5_000
        rig = _gift_with_overrun(rig)
    else:
        rig.fuel(1, 1_000)
    if standing in ("open", "begun", "handed over"):
        rig.select(1)
    if standing == "begun":
        rig.pay(TenderKind.CASH, 10_000)
        rig.fuel(2, 1_000)
        rig.select(2)
        rig.pay()
    if standing == "handed over":
        rig.tell(m.HandOver(rig.settings.counter.tills[0]))  # type: ignore[arg-type]  # a till's name
    before = len(rig.facts(f.ArmIntended))
    _permit(rig)
    rig.select(1)
    assert rig.notices[-1] == "point_not_ready_for_gift"
    assert len(rig.facts(f.ArmIntended)) == before
    close(rig)


def _gift_with_overrun(rig: Rig) -> Rig:
    rig.identify()
    rig.tell(m.StartRedemption(50_000))
    rig.keys(rig.code(), OK)
    rig.select(1)
    rig.act(rig.forecourt.lift, 1)
    rig.act(rig.forecourt.flow, 1, 99_000)
    rig.act(rig.forecourt.hang, 1)
    rig.fuel(2, 1_000)
    rig.select(2)
    return rig


def _permit(rig: Rig) -> None:
    """Somebody else's points are firm, and the cashier is to name his pump."""
    rig.desk.state.open_sale = rig.desk.state.present = None
    rig.terminal._redemptions.attempt = None
    rig.identify(ORGANISATION)
    rig.tell(m.StartRedemption(100_000))
    rig.keys(ORGANISATION_PIN, OK)
    assert rig.terminal._gift.permit_in_hand() is not None


# ── a pump that stands still ───────────────────────────────────────────────────────────────────────────────────────


def test_a_pump_that_stands_still_is_said_once_and_nothing_is_guessed():
    rig = Rig()
    rig.act(rig.forecourt.lift, 1)
    rig.tell(m.AuthorisePoint(P1))
    rig.act(rig.forecourt.flow, 1, 2_000)
    rig.advance(299_000, step_ms=1_000)
    assert "pump_stuck" not in rig.notices
    rig.advance(1_000)
    assert rig.notices[-1] == "pump_stuck"
    rig.tell(m.DismissMessage())
    rig.advance(600_000, step_ms=5_000)
    assert rig.look().notice is None
    assert rig.facts(f.FuellingCompleted) == []
    rig.act(rig.forecourt.flow, 1, 1_000)
    rig.advance(300_000, step_ms=5_000)
    assert rig.notices.count("pump_stuck") + (rig.look().notice is not None) >= 2
    rig.act(rig.forecourt.hang, 1)
    close(rig)


def test_a_pump_that_is_stopped_silent_or_only_lifted_is_not_stuck():
    rig = Rig()
    rig.act(rig.forecourt.lift, 1)
    rig.tell(m.AuthorisePoint(P1))
    rig.advance(310_000, step_ms=5_000)
    rig.act(rig.forecourt.flow, 1, 2_000)
    rig.tell(m.StopFuelling(P1))
    rig.advance(310_000, step_ms=5_000)
    rig.tell(m.RestartFuelling(m.RestartReason.OTHER, P1))
    rig.act(rig.forecourt.unplug, 1)
    rig.advance(310_000, step_ms=5_000)
    rig.act(rig.forecourt.plug, 1)
    rig.advance(290_000, step_ms=5_000)
    assert "pump_stuck" not in rig.notices
    rig.advance(15_000)
    assert rig.notices[-1] == "pump_stuck"
    close(rig)


# ── litres without a price ─────────────────────────────────────────────────────────────────────────────────────────

UNKNOWN_NOZZLE = replace(
    SETTINGS, lines=(LineSettings("line", "fake", "fake", points=(PointSettings(1, 80, ("E10", "none")),)),)
)
"""Somebody has forgotten what the second nozzle sells."""


def recovered_without_a_grade() -> Rig:
    rig = Rig(UNKNOWN_NOZZLE)
    pump = rig.forecourt.pumps[P1]
    pump.totals[N2] = pump.initial[N2] = 500_000
    pump.prices[N2] = 0
    rig.tell(r.TotalizerRead(P1, N2, 500_000))
    pump.totals[N2] += 3_000
    rig.tell(*[r.TotalizerRead(P1, N2, 503_000)] * 2)
    return rig


def test_litres_without_a_price_are_seen_and_cannot_be_paid():
    rig = recovered_without_a_grade()
    (waiting,) = rig.picture.points[0].unpaid
    assert (waiting.volume_ml, waiting.amount_vnd, waiting.recovered) == (3_000, 0, True)
    rig.select(1)
    assert rig.notices[-1] == "fuelling_without_price"
    rig.tell(m.DismissMessage())
    rig.pay()
    assert rig.look().notice is not None
    assert rig.notices[-1] == "fuelling_without_price"
    assert rig.facts(f.TenderTaken) == []
    rig.tell(m.ReleaseSale())
    assert len(rig.picture.points[0].unpaid) == 1


def test_they_never_stand_before_a_customer_who_can_pay():
    rig = recovered_without_a_grade()
    rig.fuel(1, 1_000)
    for step in (m.SelectOldest(), m.SelectPoint(P1)):
        rig.tell(step)
        assert rig.picture.sale is not None
        assert rig.picture.sale.volume_ml == 1_000
        rig.tell(m.ReleaseSale())
    rig.select(1)
    rig.pay()
    rig.tell(m.SelectOldest())
    assert rig.look().sale is not None


@pytest.mark.parametrize("verb", [m.MarkPumpTest(), m.DriveOff("")])
def test_they_can_be_called_a_test_or_a_drive_off(verb: object):
    rig = recovered_without_a_grade()
    rig.select(1)
    rig.tell(verb)
    assert rig.look().points[0].unpaid == ()
    close(rig)


def test_they_get_their_price_once_the_nozzle_has_a_grade():
    rig = recovered_without_a_grade()
    rig.select(1)
    rig.settings = replace(
        SETTINGS, lines=(LineSettings("line", "fake", "fake", points=(PointSettings(1, 80, ("E10", "E5")),)),)
    )
    rig.forecourt.pumps[P1].prices[N2] = PRICES["E5"]
    rig.restart()
    priced = rig.only(f.FuellingPriced)
    assert (priced.grade_code, priced.unit_price, priced.amount_vnd) == ("E5", PRICES["E5"], 3 * PRICES["E5"])
    rig.select(1)
    assert rig.picture.sale is not None
    assert (rig.picture.sale.grade_name, rig.picture.sale.due_vnd) == ("E5", 3 * PRICES["E5"])
    rig.pay()
    rig.restart()
    assert len(rig.facts(f.FuellingPriced)) == 1
    close(rig)


def test_they_cost_what_was_in_force_when_they_were_found():
    rig = recovered_without_a_grade()
    rig.advance(3_600_000, step_ms=600_000)
    changed = PriceSettings("E5", 26_500, (START + timedelta(minutes=30)).isoformat())
    lines = (LineSettings("line", "fake", "fake", points=(PointSettings(1, 80, ("E10", "E5")),)),)
    rig.settings = replace(SETTINGS, lines=lines, prices=(changed,))
    rig.forecourt.pumps[P1].prices[N2] = PRICES["E5"]
    rig.restart()
    assert rig.only(f.FuellingPriced).unit_price == PRICES["E5"]
    assert rig.look().prices[1].unit_price == 26_500
