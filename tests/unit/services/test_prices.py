"""A price change on a working forecourt: who is told when, what is blocked, what a fuelling says (I17, F31)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from pos_client.bootstrap.simulate.books import WatchedStore
from pos_client.bootstrap.simulate.clock import START
from pos_client.bootstrap.simulate.world import INDIVIDUAL, OK, PRICES, SETTINGS, Rig
from pos_client.domain import facts as f
from pos_client.domain.fuelling_point import FuellingPointState
from pos_client.domain.identifiers import NozzleId, PointId
from pos_client.domain.price_mark import PriceMark
from pos_client.domain.sale_type import SaleType
from pos_client.ports import reports as r
from pos_client.ports.dispensers import Authorise, SetPrices, StopPoint
from pos_client.services import messages as m
from pos_client.services.snapshots import GradePrice, PointsPhase
from pos_client.settings.model import PriceSettings, Settings

S = FuellingPointState
P1, P2, N1, N2 = PointId(1), PointId(2), NozzleId(1), NozzleId(2)
CHANGE = START.replace(hour=15)
OLD, NEW = PRICES["E10"], 27_450
DO_NEW = 31_000
NONE, CROSSED, MISMATCH = PriceMark


def listing(*entries: tuple[str, int, datetime]) -> Settings:
    prices = tuple(PriceSettings(grade, price, at.isoformat()) for grade, price, at in entries)
    return replace(SETTINGS, prices=prices)


AT_THREE = listing(("E10", NEW, CHANGE), ("DO", DO_NEW, CHANGE))


def before_three(settings: Settings = AT_THREE, seconds: int = 60) -> Rig:
    """A station that opened at eight, a little before the change."""
    rig = Rig(settings)
    clock_to(rig, CHANGE - timedelta(seconds=seconds))
    return rig


def clock_to(rig: Rig, wall: datetime) -> None:
    """Somebody sets the clock; no time passes."""
    rig.clock.set_wall(wall)
    rig.tell(m.Tick())


def three(rig: Rig, seconds: int = 60) -> None:
    rig.advance(seconds * 1000)


def told(rig: Rig, point: PointId) -> list[dict[NozzleId, int]]:
    """The prices a pump was told, from the first time on."""
    return [dict(c.prices) for c in rig.forecourt.commands if isinstance(c, SetPrices) and c.point == point]


def permits(rig: Rig, point: PointId = P1) -> int:
    return sum(isinstance(c, Authorise) and c.point == point for c in rig.forecourt.commands)


def mark(rig: Rig) -> tuple[str, int, int]:
    """What the last fuelling says: its mark, the list's price, the pump's."""
    last = rig.facts(f.FuellingCompleted)[-1]
    return last.price_mark, last.listed_price, last.unit_price


def tile(rig: Rig, point: PointId = P1):
    return next(each for each in rig.look().points if each.point == point)


def under_way(rig: Rig, point: int = 1) -> None:
    rig.act(rig.forecourt.lift, point)
    rig.tell(m.AuthorisePoint(PointId(point)))
    rig.act(rig.forecourt.flow, point, 2_000)
    assert rig.forecourt.pumps[PointId(point)].state is S.FUELLING


def close(rig: Rig) -> None:
    rig.settle()
    rig.sell_everything()
    rig.settle(60)
    rig.check_ledgers()


# ── the change itself ───────────────────────────────────────────────────────────────────────────────────────────────


def test_every_pump_is_told_its_prices_at_start_and_shows_them():
    rig = Rig()
    assert told(rig, P1) == [{N1: OLD, N2: PRICES["E5"]}]
    assert told(rig, P2) == [{N1: PRICES["DO"]}]
    assert {fact.point for fact in rig.facts(f.PumpPriced)} == {P1, P2}
    assert tile(rig).pump_prices == ((N1, OLD), (N2, PRICES["E5"]))
    rig.advance(60_000)
    assert len(told(rig, P1)) == 1


def test_at_three_the_pumps_that_rest_change_at_once_and_the_others_not_before_they_rest():
    rig = before_three()
    under_way(rig)
    three(rig)
    assert rig.forecourt.pumps[P2].prices == {N1: DO_NEW}
    assert rig.forecourt.pumps[P1].prices[N1] == OLD
    assert len(told(rig, P1)) == 1, "it is not even asked while fuel flows"
    assert not tile(rig).price_mismatch, "the price of the nozzle lift is the right one"
    rig.act(rig.forecourt.flow, 1, 3_000)
    rig.act(rig.forecourt.hang, 1)
    assert rig.forecourt.pumps[P1].prices == {N1: NEW, N2: PRICES["E5"]}
    assert mark(rig) == (CROSSED, OLD, OLD)
    assert rig.facts(f.FuellingCompleted)[-1].amount_vnd == 5 * OLD
    rig.fuel(1, 1_000)
    assert mark(rig) == (NONE, NEW, NEW)
    close(rig)


def test_the_journal_shows_the_list_and_when_each_pump_took_it():
    rig = before_three()
    rig.fuel(1, 1_000)
    three(rig)
    rig.fuel(1, 1_000)
    first, second = rig.facts(f.PricesAdopted)
    assert (dict(first.prices)["E10"], first.since) == (OLD, "")
    assert (dict(second.prices)["E10"], second.since) == (NEW, CHANGE.isoformat())
    assert ("E10", NEW, CHANGE.isoformat()) in second.listed
    assert [fact.price_set for fact in rig.facts(f.FuellingCompleted)] == [first.price_set, second.price_set]
    assert {fact.point for fact in rig.facts(f.PumpPriced) if fact.price_set == second.price_set} == {P1, P2}
    close(rig)


def test_the_board_shows_the_price_in_force_and_the_next_one():
    rig = before_three()
    before = GradePrice("E10", "E10", OLD, None, NEW, CHANGE)
    assert rig.look().prices[0] == before
    assert rig.look().prices[1] == GradePrice("E5", "E5", PRICES["E5"])
    three(rig)
    assert rig.look().prices[0] == GradePrice("E10", "E10", NEW, CHANGE)
    assert "prices_changed" in rig.notices
    assert tile(rig, P2).unit_price == DO_NEW


def test_two_changes_a_day_and_one_at_midnight_each_come_in_their_turn():
    evening, midnight = START.replace(hour=18), START.replace(hour=0) + timedelta(days=1)
    rig = Rig(listing(("E10", 27_100, CHANGE), ("E10", 27_200, evening), ("E10", 27_300, midnight)))
    for wall, price in ((CHANGE, 27_100), (evening, 27_200), (midnight, 27_300)):
        clock_to(rig, wall - timedelta(milliseconds=1))
        assert rig.forecourt.pumps[P1].prices[N1] != price
        clock_to(rig, wall)
        assert rig.forecourt.pumps[P1].prices[N1] == price
        rig.fuel(1, 1_000)
        assert mark(rig) == (NONE, price, price)
    close(rig)


def test_a_change_of_another_grade_asks_nothing_of_a_pump():
    rig = before_three(listing(("DO", DO_NEW, CHANGE)))
    under_way(rig)
    three(rig)
    rig.act(rig.forecourt.hang, 1)
    assert (len(told(rig, P1)), len(told(rig, P2))) == (1, 2)
    assert mark(rig) == (NONE, OLD, OLD)
    close(rig)


# ── what was permitted before, and fuelled after ────────────────────────────────────────────────────────────────────


def test_a_permit_nobody_used_is_taken_back_and_the_new_price_comes_first():
    rig = before_three()
    rig.tell(m.AuthorisePoint(P1))
    three(rig)
    pump = rig.forecourt.pumps[P1]
    assert (pump.state, pump.prices[N1]) == (S.IDLE, NEW)
    assert "price_changed_disarmed" in rig.notices
    rig.fuel(1, 1_000)
    assert mark(rig) == (NONE, NEW, NEW)
    close(rig)


def test_a_permit_whose_price_did_not_change_stays():
    rig = before_three(listing(("DO", DO_NEW, CHANGE)))
    rig.tell(m.AuthorisePoint(P1))
    three(rig)
    assert rig.forecourt.pumps[P1].state is S.AUTHORISED
    assert not any(isinstance(command, StopPoint) for command in rig.forecourt.commands)


def test_who_lifts_faster_than_his_permit_is_taken_back_is_charged_the_pumps_price_and_marked():
    rig = before_three()
    rig.fuel(1, 1_000)
    rig.tell(m.AuthorisePoint(P1))
    rig.forecourt.faults.append("lost")
    three(rig, 60)
    rig.act(rig.forecourt.lift, 1)
    rig.act(rig.forecourt.flow, 1, 1_000)
    rig.act(rig.forecourt.hang, 1)
    assert mark(rig) == (MISMATCH, NEW, OLD)
    assert "price_differs" in rig.notices
    close(rig)


def test_a_customer_who_calls_sees_the_new_price_before_he_fuels():
    rig = before_three()
    rig.act(rig.forecourt.lift, 1)
    three(rig)
    assert rig.forecourt.pumps[P1].prices[N1] == NEW
    rig.tell(m.AuthorisePoint(P1))
    rig.act(rig.forecourt.flow, 1, 1_000)
    rig.act(rig.forecourt.hang, 1)
    assert mark(rig) == (NONE, NEW, NEW)
    close(rig)


def test_a_pump_that_takes_no_price_with_a_nozzle_out_lets_nobody_fuel_until_it_hangs():
    rig = before_three()
    rig.forecourt.prices_when_hung = True
    rig.act(rig.forecourt.lift, 1)
    three(rig)
    assert tile(rig).price_mismatch
    before = permits(rig)
    rig.tell(m.AuthorisePoint(P1))
    assert rig.notices[-1] == "price_differs"
    assert permits(rig) == before
    rig.act(rig.forecourt.hang, 1)
    assert not tile(rig).price_mismatch
    rig.fuel(1, 1_000)
    assert mark(rig) == (NONE, NEW, NEW)
    close(rig)


# ── a pump that shows another price ─────────────────────────────────────────────────────────────────────────────────


def stuck(price: int = 26_000) -> Rig:
    """Pump 1 takes every price and shows another one."""
    rig = before_three()
    rig.forecourt.pumps[P1].stuck_price = price
    three(rig)
    return rig


@pytest.mark.parametrize(
    "command",
    [
        m.AuthorisePoint(P1),
        m.AuthorisePoint(P1, preset_vnd=50_000),
        m.AuthorisePoint(P1, preset_ml=5_000),
        m.AuthorisePoint(P1, sale_type=SaleType.PUMP_TEST),
        m.AuthorisePoint(),
        m.AuthoriseAll(),
    ],
)
def test_nothing_is_permitted_at_a_pump_with_another_price(command: object):
    rig = stuck()
    assert tile(rig).price_mismatch
    assert not tile(rig, P2).price_mismatch
    rig.act(rig.forecourt.lift, 1)
    rig.tell(command)
    assert permits(rig) == 0
    assert rig.forecourt.pumps[P1].state is S.CALLING


def test_one_pump_with_another_price_does_not_hold_up_the_others():
    rig = stuck()
    rig.act(rig.forecourt.lift, 1)
    rig.advance(2_000)
    rig.act(rig.forecourt.lift, 2)
    rig.tell(m.AuthorisePoint())
    assert rig.forecourt.pumps[P2].state is S.STARTED


def test_a_wrong_price_is_said_once_with_both_prices_and_again_when_it_is_another_one():
    rig = stuck()
    notice = rig.look().notice
    assert notice is not None
    assert notice.code == "price_differs"
    assert dict(notice.params) == {"point": 1, "nozzle": 1, "grade": "E10", "pump_price": 26_000, "list_price": NEW}
    rig.tell(m.DismissMessage())
    rig.advance(120_000)
    assert rig.look().notice is None
    rig.tell(r.PriceShown(P1, N1, 26_500))
    later = rig.look().notice
    assert later is not None
    assert dict(later.params)["pump_price"] == 26_500


def test_a_pump_that_will_not_take_its_price_is_told_again_ever_more_rarely_until_it_does():
    rig = stuck()
    at_first = len(told(rig, P1))
    rig.advance(60_000)
    in_a_minute = len(told(rig, P1)) - at_first
    rig.advance(600_000)
    later = len(told(rig, P1)) - at_first - in_a_minute
    assert 3 <= in_a_minute <= 6
    assert 9 <= later <= 11
    rig.forecourt.pumps[P1].stuck_price = None
    rig.advance(61_000)
    assert not tile(rig).price_mismatch
    rig.fuel(1, 1_000)
    assert mark(rig) == (NONE, NEW, NEW)
    close(rig)


@pytest.mark.parametrize("fault", ["lost", "refused", "done_unanswered"])
def test_a_price_change_that_was_lost_is_sent_again(fault: str):
    rig = before_three()
    rig.forecourt.price_faults.extend([fault, fault])
    three(rig)
    assert {fact.point for fact in rig.facts(f.PumpPriced)[2:]} == (set() if fault != "done_unanswered" else {P1, P2})
    rig.advance(5_000)
    assert rig.forecourt.pumps[P1].prices[N1] == NEW
    assert {fact.point for fact in rig.facts(f.PumpPriced)[2:]} == {P1, P2}
    close(rig)


def test_a_pump_whose_neighbour_kept_it_waiting_is_told_as_soon_as_that_one_hangs():
    rig = before_three()
    under_way(rig)
    rig.forecourt.price_faults.extend(["refused"] * 4)
    three(rig)
    rig.advance(15_000)
    assert rig.forecourt.pumps[P2].prices[N1] != DO_NEW
    rig.act(rig.forecourt.hang, 1)
    assert rig.forecourt.pumps[P2].prices[N1] == DO_NEW


def test_a_line_that_cannot_hear_prices_believes_what_was_read_back():
    rig = Rig(AT_THREE)
    rig.forecourt.tells_prices = False
    clock_to(rig, CHANGE)
    assert tile(rig).pump_prices == ((N1, NEW), (N2, PRICES["E5"]))
    rig.fuel(1, 1_000)
    assert mark(rig) == (NONE, NEW, NEW)
    close(rig)


def test_somebody_changed_the_price_at_the_pump_itself():
    rig = Rig()
    rig.forecourt.pumps[P1].prices[N1] = 20_000
    rig.forecourt.pumps[P1].stuck_price = 20_000
    rig.act(rig.forecourt.lift, 1)
    assert rig.notices[-1] == "price_differs"
    rig.tell(m.AuthorisePoint(P1))
    assert permits(rig) == 0
    rig.forecourt.pumps[P1].stuck_price = None
    rig.advance(61_000)
    assert rig.forecourt.pumps[P1].prices[N1] == OLD, "it is put right by itself"
    rig.tell(m.AuthorisePoint(P1))
    assert permits(rig) == 1


def test_a_wrong_price_that_went_away_is_news_when_it_comes_back():
    rig = Rig()
    for _ in range(2):
        rig.tell(r.PriceShown(P1, N1, 26_000))
        notice = rig.look().notice
        assert notice is not None
        assert notice.code == "price_differs"
        rig.tell(m.DismissMessage())
        rig.advance(5_000)
        assert not tile(rig).price_mismatch


def test_what_a_pump_charged_is_what_it_has():
    rig = Rig()
    rig.forecourt.tells_prices = False
    rig.forecourt.pumps[P1].prices[N1] = 20_000
    rig.fuel(1, 5_000)
    assert mark(rig) == (MISMATCH, OLD, 20_000)
    assert "price_differs" in rig.notices
    assert len(told(rig, P1)) == 2
    rig.fuel(1, 1_000)
    assert mark(rig) == (NONE, OLD, OLD)
    close(rig)


def held_up(rig: Rig) -> None:
    """The clock strikes, the terminal sends, and the line has not got round to it yet."""
    rig.clock.set_wall(CHANGE)
    rig.terminal.take(m.Tick(), rig.clock.now())


def test_a_pump_that_takes_its_price_at_the_second_try_of_the_line_is_not_complained_about():
    rig = before_three()
    held_up(rig)
    rig.tell(r.PriceShown(P1, N1, OLD))
    assert "price_differs" not in rig.notices


def test_a_change_that_comes_while_a_pump_is_being_told_the_one_before_follows_at_once():
    next_one = CHANGE + timedelta(milliseconds=500)
    rig = before_three(listing(("E10", NEW, CHANGE), ("E10", 27_500, next_one)))
    held_up(rig)
    rig.clock.set_wall(next_one)
    rig.tell(m.Tick())
    assert [prices[N1] for prices in told(rig, P1)] == [OLD, NEW, 27_500]
    assert rig.forecourt.pumps[P1].prices[N1] == 27_500


def test_new_prices_do_not_push_aside_what_is_more_urgent():
    rig = before_three()
    rig.tell(r.AlarmReported(P1, "fire"))
    three(rig)
    notice = rig.look().notice
    assert notice is not None
    assert notice.code == "pump_alarm"


# ── money is taken, points are not ──────────────────────────────────────────────────────────────────────────────────


def mismatched_sale() -> Rig:
    """Fuel that flowed at a wrong price, opened at the counter."""
    rig = Rig()
    rig.forecourt.tells_prices = False
    rig.forecourt.pumps[P1].prices[N1] = 20_000
    rig.fuel(1, 5_000)
    rig.select(1)
    return rig


def test_fuel_that_flowed_at_a_wrong_price_is_paid_by_the_pumps_amount_and_marked():
    rig = mismatched_sale()
    sale = rig.picture.sale
    assert sale is not None
    assert (sale.price_mark, sale.amount_vnd, sale.unit_price) == (MISMATCH, 100_000, 20_000)
    rig.identify()
    rig.pay()
    receipt = rig.printer.printed[-1]
    assert (receipt.price_mark, receipt.listed_price) == (MISMATCH, OLD)
    assert rig.credits(), "earning never refuses"
    close(rig)


def test_points_do_not_pay_for_fuel_at_a_wrong_price():
    rig = mismatched_sale()
    rig.identify()
    rig.tell(m.StartRedemption())
    assert rig.notices[-1] == "points_price_differs"
    assert rig.states() == []
    rig.pay()
    assert rig.picture.sale is None
    close(rig)


def test_an_unpaid_fuelling_shows_its_mark():
    rig = Rig()
    rig.forecourt.tells_prices = False
    rig.forecourt.pumps[P1].prices[N1] = 20_000
    rig.fuel(1, 5_000)
    assert [unpaid.price_mark for unpaid in tile(rig).unpaid] == [MISMATCH]


# ── gifts ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def permit(rig: Rig) -> None:
    rig.identify()
    rig.tell(m.StartRedemption(100_000))
    rig.keys(rig.code(), OK)
    panel = rig.look().points_panel
    assert panel is not None
    assert panel.phase is PointsPhase.PERMIT


def test_a_gift_is_not_armed_at_a_pump_with_another_price_and_the_permit_stays_good():
    rig = stuck()
    permit(rig)
    rig.select(1)
    assert rig.notices[-1] == "gift_price_differs"
    assert (permits(rig), rig.states()) == (0, ["AUTHORISED"])
    assert rig.facts(f.ArmIntended) == []
    rig.select(2)
    rig.act(rig.forecourt.lift, 2)
    rig.act(rig.forecourt.flow, 2, 99_000)
    rig.act(rig.forecourt.hang, 2)
    assert rig.debits() == [100_000]
    assert mark(rig) == (NONE, DO_NEW, DO_NEW)
    close(rig)


def test_no_consent_is_asked_for_while_no_pump_has_its_price():
    rig = before_three()
    for pump in rig.forecourt.pumps.values():
        pump.stuck_price = 26_000
    three(rig)
    rig.identify()
    rig.tell(m.StartRedemption(100_000))
    assert rig.notices[-1] == "no_pump_for_gift"
    assert rig.central.ledger.sms.get(INDIVIDUAL) is None
    assert rig.states() == []


def test_a_gift_that_is_armed_when_the_price_changes_is_given_back():
    rig = before_three()
    permit(rig)
    rig.select(1)
    assert rig.forecourt.pumps[P1].state is S.AUTHORISED
    three(rig)
    rig.advance(10_000)
    assert rig.states() == ["VOIDED"]
    assert rig.forecourt.pumps[P1].prices[N1] == NEW
    close(rig)


def test_a_gift_that_flows_when_the_price_changes_costs_what_the_pump_says():
    rig = before_three()
    permit(rig)
    rig.select(1)
    rig.act(rig.forecourt.lift, 1)
    rig.act(rig.forecourt.flow, 1, 1_000)
    three(rig)
    rig.act(rig.forecourt.flow, 1, 1_000)
    rig.act(rig.forecourt.hang, 1)
    assert mark(rig) == (CROSSED, OLD, OLD)
    assert rig.debits() == [2 * OLD]
    close(rig)


# ── clocks, restarts, silence ───────────────────────────────────────────────────────────────────────────────────────


def test_a_clock_that_jumps_back_flips_no_price():
    rig = before_three()
    three(rig)
    said = len(rig.forecourt.commands)
    for wall in (CHANGE - timedelta(minutes=2), START - timedelta(days=3_000)):
        clock_to(rig, wall)
        rig.advance(5_000)
    assert rig.notices[-1] == "clock_behind_prices"
    assert rig.look().prices[0].unit_price == NEW
    assert len(rig.forecourt.commands) == said
    rig.restart()
    rig.run()
    assert rig.look().prices[0].unit_price == NEW, "the floor is in the journal"
    rig.fuel(1, 1_000)
    assert mark(rig) == (NONE, NEW, NEW)
    clock_to(rig, CHANGE + timedelta(hours=1))
    assert len(rig.facts(f.PricesAdopted)) == 2
    close(rig)


def test_a_clock_that_is_behind_is_said_once_a_time():
    rig = before_three()
    three(rig)
    for _ in range(2):
        clock_to(rig, CHANGE - timedelta(minutes=2))
        notice = rig.look().notice
        assert notice is not None
        assert notice.code == "clock_behind_prices"
        rig.tell(m.DismissMessage())
        rig.advance(5_000)
        assert rig.look().notice is None
        clock_to(rig, CHANGE + timedelta(minutes=2))


def test_an_edited_list_is_a_persons_word_and_may_bring_the_old_price_back():
    rig = before_three()
    three(rig)
    rig.settings = SETTINGS
    rig.restart()
    rig.run()
    assert rig.forecourt.pumps[P1].prices[N1] == OLD
    assert [dict(fact.prices)["E10"] for fact in rig.facts(f.PricesAdopted)] == [OLD, NEW, OLD]


def test_a_restart_in_the_middle_of_a_change_goes_on_with_it():
    rig = before_three()
    under_way(rig)
    rig.forecourt.price_faults.append("lost")
    three(rig)
    rig.restart()
    rig.run()
    assert rig.forecourt.pumps[P2].prices[N1] == DO_NEW
    rig.act(rig.forecourt.hang, 1)
    assert mark(rig) == (CROSSED, OLD, OLD), "the lift was before this program began, and so was the change"
    rig.advance(5_000)
    assert rig.forecourt.pumps[P1].prices[N1] == NEW
    close(rig)


@pytest.mark.parametrize("remembers", [True, False])
def test_a_change_that_came_while_the_program_was_dead(remembers: bool):
    rig = before_three()
    rig.forecourt.repeats_last = remembers
    under_way(rig)
    rig.die()
    rig.act(rig.forecourt.hang, 1)
    rig.clock.set_wall(CHANGE + timedelta(minutes=1))
    rig.boot()
    rig.run()
    rig.advance(6_000)
    assert mark(rig) == ((CROSSED, OLD, OLD) if remembers else (CROSSED, NEW, NEW))
    assert rig.only(f.FuellingCompleted).recovered is not remembers
    close(rig)


def test_a_pump_that_showed_the_new_price_before_the_restart_cannot_have_fuelled_at_the_old_one():
    rig = before_three()
    three(rig)
    rig.forecourt.tells_prices = False
    rig.forecourt.pumps[P1].prices[N1] = OLD
    under_way(rig)
    rig.restart()
    rig.run()
    rig.act(rig.forecourt.hang, 1)
    assert mark(rig) == (MISMATCH, NEW, OLD)


@pytest.mark.parametrize("remembers", [True, False])
def test_litres_that_flowed_in_silence_across_the_change(remembers: bool):
    rig = before_three()
    rig.forecourt.remembers = remembers
    under_way(rig)
    rig.act(rig.forecourt.unplug, 1)
    rig.act(rig.forecourt.flow, 1, 1_000)
    rig.act(rig.forecourt.hang, 1)
    three(rig)
    rig.act(rig.forecourt.plug, 1)
    rig.advance(5_000)
    assert mark(rig) == ((CROSSED, OLD, OLD) if remembers else (CROSSED, NEW, NEW))
    assert rig.forecourt.pumps[P1].prices[N1] == NEW
    close(rig)


@pytest.mark.parametrize("hung_in_silence", [True, False])
def test_a_permit_used_in_silence_across_the_change(hung_in_silence: bool):
    rig = before_three()
    rig.fuel(1, 1_000)
    rig.tell(m.AuthorisePoint(P1))
    rig.act(rig.forecourt.unplug, 1)
    rig.act(rig.forecourt.lift, 1)
    rig.act(rig.forecourt.flow, 1, 1_000)
    if hung_in_silence:
        rig.act(rig.forecourt.hang, 1)
    three(rig)
    rig.act(rig.forecourt.plug, 1)
    rig.act(rig.forecourt.hang, 1)
    assert mark(rig) == (CROSSED, OLD, OLD)
    close(rig)


@pytest.mark.parametrize("hung_in_silence", [True, False])
@pytest.mark.parametrize("price", [OLD, NEW])
def test_a_permit_used_in_silence_after_the_change(price: int, hung_in_silence: bool):
    rig = before_three()
    rig.fuel(1, 1_000)
    three(rig)
    rig.tell(m.AuthorisePoint(P1))
    rig.act(rig.forecourt.unplug, 1)
    rig.forecourt.pumps[P1].prices[N1] = price
    rig.act(rig.forecourt.lift, 1)
    rig.act(rig.forecourt.flow, 1, 1_000)
    if hung_in_silence:
        rig.act(rig.forecourt.hang, 1)
    rig.act(rig.forecourt.plug, 1)
    rig.act(rig.forecourt.hang, 1)
    assert mark(rig) == ((NONE, NEW, NEW) if price == NEW else (MISMATCH, NEW, OLD))
    close(rig)


def test_a_pump_first_heard_of_after_the_change_may_have_fuelled_before_it():
    rig = before_three()
    rig.act(rig.forecourt.lift, 1)
    rig.tell(m.AuthorisePoint(P1))
    rig.act(rig.forecourt.unplug, 1)
    rig.die()
    rig.store = WatchedStore()
    rig.boot()
    three(rig)
    rig.act(rig.forecourt.plug, 1)
    rig.act(rig.forecourt.flow, 1, 1_000)
    rig.act(rig.forecourt.hang, 1)
    assert mark(rig) == (CROSSED, OLD, OLD)


def test_what_a_pump_showed_last_is_known_before_it_says_anything():
    rig = before_three()
    rig.forecourt.tells_prices = False
    rig.forecourt.price_faults.extend(["lost"] * 9)
    three(rig)
    rig.restart()
    rig.run()
    assert tile(rig).pump_prices == ((N1, OLD), (N2, PRICES["E5"]))
    assert tile(rig).price_mismatch
    rig.tell(m.AuthorisePoint(P1))
    assert permits(rig) == 0


def test_litres_found_again_that_flowed_after_the_change_crossed_nothing():
    rig = before_three()
    three(rig)
    under_way(rig)
    rig.act(rig.forecourt.cut_power, 1)
    rig.act(rig.forecourt.hang, 1)
    rig.act(rig.forecourt.restore_power, 1)
    rig.advance(6_000)
    assert mark(rig) == (NONE, NEW, NEW)
    assert rig.only(f.FuellingCompleted).recovered
    close(rig)


def test_a_pump_that_lost_its_prices_with_its_power_gets_those_in_force():
    rig = before_three()
    rig.forecourt.forgets_prices = True
    rig.act(rig.forecourt.cut_power, 1)
    three(rig)
    rig.act(rig.forecourt.restore_power, 1)
    assert rig.forecourt.pumps[P1].prices == {N1: NEW, N2: PRICES["E5"]}
    rig.act(rig.forecourt.blink, 1)
    assert rig.forecourt.pumps[P1].prices == {N1: NEW, N2: PRICES["E5"]}
    rig.forecourt.price_faults.append("lost")
    rig.act(rig.forecourt.blink, 1)
    assert tile(rig).pump_prices == ()
    close(rig)


@pytest.mark.log_expected("the disk refuses")
def test_no_pump_hears_of_a_price_the_books_could_not_take():
    rig = before_three()
    rig.store.fault = "disk_full"
    three(rig)
    assert rig.look().prices[0].unit_price == NEW
    assert rig.forecourt.pumps[P1].prices[N1] == OLD
    rig.act(rig.forecourt.lift, 1)
    rig.tell(m.AuthorisePoint(P1))
    assert permits(rig) == 0
    rig.store.fault = None
    rig.advance(2_000)
    assert rig.forecourt.pumps[P1].prices[N1] == NEW
    assert len(rig.facts(f.PricesAdopted)) == 2
    close(rig)


# ── nozzles that sell nothing ───────────────────────────────────────────────────────────────────────────────────────


def test_a_nozzle_nobody_configured_is_not_permitted():
    rig = Rig()
    rig.tell(r.PointStateReported(P1, S.CALLING, NozzleId(3)))
    rig.tell(m.AuthorisePoint(P1))
    assert rig.notices[-1] == "nozzle_not_for_sale"
    assert permits(rig) == 0


def test_a_price_a_pump_cannot_show_is_never_sent_and_permits_nothing():
    points = (replace(SETTINGS.lines[0].points[0], price_decimals=-1), SETTINGS.lines[0].points[1])
    odd = replace(SETTINGS, lines=(replace(SETTINGS.lines[0], points=points),))
    rig = before_three(replace(odd, prices=(PriceSettings("E10", 27_455, CHANGE.isoformat()),)))
    three(rig)
    rig.advance(60_000)
    assert len(told(rig, P1)) == 1
    rig.tell(m.AuthorisePoint(P1))
    assert rig.notices[-1] == "price_not_showable"
    rig.tell(m.AuthorisePoint(P2))
    assert permits(rig, P2) == 1
    assert permits(rig, P1) == 0


def test_fuel_from_a_pump_without_a_price_is_sold_at_the_lists():
    rig = Rig()
    rig.forecourt.forgets_prices = True
    rig.forecourt.price_faults.append("lost")
    rig.act(rig.forecourt.blink, 1)
    rig.act(rig.forecourt.ghost, 1, 2_000)
    rig.act(rig.forecourt.hang, 1)
    fuelling = rig.only(f.FuellingCompleted)
    assert (fuelling.amount_vnd, fuelling.unit_price, fuelling.recovered) == (2 * OLD, OLD, True)
    assert "price_differs" in rig.notices
    close(rig)


def test_a_pump_without_prices_shows_nought_and_permits_nothing():
    rig = Rig()
    rig.forecourt.pumps[P2].stuck_price = 0
    rig.act(rig.forecourt.unplug, 2)
    rig.act(rig.forecourt.plug, 2)
    assert tile(rig, P2).price_mismatch
    rig.tell(m.AuthorisePoint(P2))
    assert permits(rig, P2) == 0
